import { byId, h } from "../dom.js";

/** Short notes at the bottom that go away by themselves. */

const STAYS = 5_000;

/** @param {string} text */
export function toast(text) {
  const note = h("div", { class: "toast" }, text);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), STAYS);
}
