import { h } from "../dom.js";
import { refusal, t, tn } from "../i18n.js";
import { mark } from "./about.js";
import { avatar } from "./avatar.js";
import { errorLine, openDialog } from "./dialog.js";
import { textField } from "./field.js";
import { toast } from "./toasts.js";
import { gist, pictureOf } from "./words.js";

/**
 * A message said elsewhere too: to each conversation one chooses, as a message of one's own.
 *
 * @import { Client } from "../protocol/client.js"
 * @import { Forwarding } from "../forwarding.js"
 * @import { About } from "./about.js"
 * @import { Head } from "../protocol/types.js"
 */

/** What one may choose at once. */
const MOST = 20;

/** @param {Client} client @param {Forwarding} forwarding @param {About} message */
export function forward(client, forwarding, message) {
  /** @type {Set<number>} */
  const chosen = new Set();
  const rooms = [...client.store.rooms.values()].sort((a, b) => (b.head.preview?.at ?? 0) - (a.head.preview?.at ?? 0));
  const lines = rooms.map(({ head }) => ({ head, line: choice(head, chosen, () => look()) }));
  const { input, field } = textField(t("forward.filter"), { type: "search" });
  const list = h("div", { class: "picker", role: "group", "aria-label": t("forward.to") }, ...lines.map(({ line }) => line));
  const note = h("p", { class: "field-hint", role: "status" });
  const send = h("button", { type: "button", class: "button primary", disabled: true, onclick: () => say() }, t("forward.send"));
  const error = errorLine();
  const quoted = h("p", { class: "forward-text", dir: "auto" }, gist(forwarding));
  const dialog = openDialog(t("forward.title"), [quoted, field, list, note, error], [send]);
  mark(dialog, message);
  input.addEventListener("input", () => lines.forEach(({ head, line }) => (line.hidden = !matches(head, input.value))));

  function look() {
    send.disabled = !chosen.size || chosen.size > MOST;
    note.textContent = chosen.size > MOST ? t("several.too_many", { most: MOST }) : chosen.size ? t("several.chosen", { count: chosen.size }) : "";
  }

  async function say() {
    const all = chosen.size;
    error.textContent = "";
    busy(true);
    try {
      for (const conversation of chosen) {
        if (forwarding.files.length) note.textContent = t("forward.going", { count: all - chosen.size + 1, all });
        await forwarding.to(conversation);
        chosen.delete(conversation);
        if (!dialog.isConnected) break; // whoever closes it means the rest to stay unsaid
      }
      if (all > chosen.size) toast(tn("forward.sent", all - chosen.size));
      dialog.close();
    } catch (problem) {
      if (!dialog.isConnected) return toast(refusal(problem));
      error.textContent = refusal(problem);
      lines.forEach(({ head, line }) => choose(line, chosen.has(head.conversation)));
      busy(false);
    }
  }

  /** @param {boolean} on */
  function busy(on) {
    list.inert = on;
    look();
    send.disabled ||= on;
  }
}

/** @param {HTMLElement} line @param {boolean} on */
function choose(line, on) {
  const box = line.querySelector("input");
  if (box) box.checked = on;
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
