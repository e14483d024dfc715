import { h } from "../dom.js";
import { avatar } from "./avatar.js";

/**
 * One person in a list.
 *
 * @import { Person } from "../protocol/types.js"
 * @import { Child } from "../dom.js"
 */

/**
 * @param {Person} user
 * @param {{about?: string, note?: boolean, actions?: Child[], onOpen?: () => void}} [more]
 */
export function personRow(user, { about = `@${user.username}`, note, actions = [], onOpen } = {}) {
  const words = personWords(user, about, note);
  const face = avatar(user.display_name, user.id, "small", user.picture);
  const open = onOpen ? h("button", { type: "button", class: "person-open", onclick: onOpen }, face, words) : null;
  const content = open ? [open] : [face, words];
  const buttons = actions.length ? h("div", { class: "person-actions" }, ...actions) : null;
  const look = ["person", onOpen && "pressable", note && "asking"].filter(Boolean).join(" ");
  return h("li", { class: look, "data-username": user.username }, ...content, buttons);
}

/** @param {Person} user @param {string} about @param {boolean} [note] */
function personWords(user, about, note) {
  return h(
    "span",
    { class: "person-words" },
    h("span", { class: "person-name" }, user.display_name),
    h("span", { class: note ? "person-about note-text" : "person-about" }, about),
  );
}

/**
 * People to tick.
 *
 * @param {Person[]} people
 * @param {(chosen: string[]) => void} onChoose  The usernames chosen so far.
 * @param {string} label
 */
export function picker(people, onChoose, label) {
  /** @type {Set<string>} */
  const chosen = new Set();
  const lines = people.map((user) => {
    const toggle = () => {
      if (!chosen.delete(user.username)) chosen.add(user.username);
      onChoose([...chosen]);
    };
    const box = h("input", { type: "checkbox", onchange: toggle });
    return h("label", { class: "person" }, box, avatar(user.display_name, user.id, "small", user.picture), personWords(user, `@${user.username}`));
  });
  return h("div", { class: "picker", role: "group", "aria-label": label }, ...lines);
}
