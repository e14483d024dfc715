import { h } from "../dom.js";
import { t, tn } from "../i18n.js";
import { mark } from "./about.js";
import { avatar } from "./avatar.js";
import { openDialog } from "./dialog.js";
import { textField } from "./field.js";
import { toast } from "./toasts.js";
import { pictureOf } from "./words.js";

/**
 * A text said elsewhere too: to each conversation one chooses, as a message of one's own.
 *
 * @import { Client } from "../protocol/client.js"
 * @import { About } from "./about.js"
 * @import { Head } from "../protocol/types.js"
 */

/** What one may choose at once. */
const MOST = 20;

/** @param {Client} client @param {About & {text: string}} message */
export function forward(client, message) {
  const { text } = message;
  /** @type {Set<number>} */
  const chosen = new Set();
  const rooms = [...client.store.rooms.values()].sort((a, b) => (b.head.preview?.at ?? 0) - (a.head.preview?.at ?? 0));
  const lines = rooms.map(({ head }) => ({ head, line: choice(head, chosen, () => look()) }));
  const { input, field } = textField(t("forward.filter"), { type: "search" });
  const list = h("div", { class: "picker", role: "group", "aria-label": t("forward.to") }, ...lines.map(({ line }) => line));
  const note = h("p", { class: "field-hint", role: "status" });
  const send = h("button", { type: "button", class: "button primary", disabled: true, onclick: () => say() }, t("forward.send"));
  const quoted = h("p", { class: "forward-text", dir: "auto" }, text);
  const dialog = openDialog(t("forward.title"), [quoted, field, list, note], [send]);
  mark(dialog, message);
  input.addEventListener("input", () => lines.forEach(({ head, line }) => (line.hidden = !matches(head, input.value))));

  function look() {
    send.disabled = !chosen.size || chosen.size > MOST;
    note.textContent = chosen.size > MOST ? t("several.too_many", { most: MOST }) : chosen.size ? t("several.chosen", { count: chosen.size }) : "";
  }

  function say() {
    chosen.forEach((conversation) => client.outbox.add({ conversation }, text));
    toast(tn("forward.sent", chosen.size));
    dialog.close();
  }
}

/** @param {Head} head @param {Set<number>} chosen @param {() => void} onChange */
function choice({ conversation, title, kind, peer, picture }, chosen, onChange) {
  const toggle = () => {
    if (!chosen.delete(conversation)) chosen.add(conversation);
    onChange();
  };
  const box = h("input", { type: "checkbox", onchange: toggle });
  const look = kind === "group" ? "small group" : "small";
  const words = h("span", { class: "person-words" }, h("span", { class: "person-name" }, title));
  return h("label", { class: "person", "data-conversation": conversation }, box, avatar(title, peer?.id ?? conversation, look, pictureOf({ peer, picture })), words);
}

/** @param {Head} head @param {string} words */
function matches({ title, peer }, words) {
  return `${title} ${peer?.username ?? ""}`.toLowerCase().includes(words.trim().toLowerCase());
}
