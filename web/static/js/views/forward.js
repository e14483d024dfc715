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

/** Ask where to, and say it there. @param {Client} client @param {Forwarding} forwarding @param {About} message */
export function forward(client, forwarding, message) {
  const { dialog } = new ForwardDialog(client, forwarding);
  mark(dialog, message);
}

class ForwardDialog {
  /** @type {Set<number>} */
  #chosen = new Set();
  #note = h("p", { class: "field-hint", role: "status" });
  #error = errorLine();
  #send = h("button", { type: "button", class: "button primary", disabled: true, onclick: () => this.#say() }, t("forward.send"));

  /** @param {Client} client @param {Forwarding} forwarding */
  constructor(client, forwarding) {
    this.forwarding = forwarding;
    const rooms = [...client.store.rooms.values()].sort((a, b) => (b.head.preview?.at ?? 0) - (a.head.preview?.at ?? 0));
    this.lines = rooms.map(({ head }) => ({ head, line: choice(head, this.#chosen, () => this.#look()) }));
    this.list = h("div", { class: "picker", role: "group", "aria-label": t("forward.to") }, ...this.lines.map(({ line }) => line));
    const { input, field } = textField(t("forward.filter"), { type: "search" });
    input.addEventListener("input", () => this.lines.forEach(({ head, line }) => (line.hidden = !matches(head, input.value))));
    const quoted = h("p", { class: "forward-text", dir: "auto" }, gist(forwarding));
    this.dialog = openDialog(t("forward.title"), [quoted, field, this.list, this.#note, this.#error], [this.#send]);
  }

  #look() {
    const { size: count } = this.#chosen;
    this.#send.disabled = !count || count > MOST;
    this.#note.textContent = count > MOST ? t("several.too_many", { most: MOST }) : count ? t("several.chosen", { count }) : "";
  }

  async #say() {
    const all = this.#chosen.size;
    this.#error.textContent = "";
    this.#busy(true);
    try {
      await this.#sayAll(all);
      if (all > this.#chosen.size) toast(tn("forward.sent", all - this.#chosen.size));
      this.dialog.close();
    } catch (problem) {
      this.#failed(problem);
    }
  }

  /** One after the other; whoever closes the dialog means the rest to stay unsaid. @param {number} all */
  async #sayAll(all) {
    for (const conversation of this.#chosen) {
      if (!this.dialog.isConnected) return;
      if (this.forwarding.files.length) this.#note.textContent = t("forward.going", { count: all - this.#chosen.size + 1, all });
      await this.forwarding.to(conversation);
      this.#chosen.delete(conversation);
    }
  }

  /** What was said is not chosen any more; the rest can be tried again. @param {unknown} problem */
  #failed(problem) {
    if (!this.dialog.isConnected) return toast(refusal(problem));
    this.#error.textContent = refusal(problem);
    for (const { head, line } of this.lines) choose(line, this.#chosen.has(head.conversation));
    this.#busy(false);
  }

  /** @param {boolean} on */
  #busy(on) {
    this.list.inert = on;
    this.#look();
    this.#send.disabled ||= on;
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
