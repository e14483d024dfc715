import { h } from "../dom.js";
import { t } from "../i18n.js";
import { avatar } from "./avatar.js";

/**
 * Names of a group's members while one types `@`.
 *
 * @import { KnownMembers } from "./known_members.js"
 * @import { Person } from "../protocol/types.js"
 * @import { Store } from "../store.js"
 */

/** What is typed of a name, up to the caret. */
const BEGUN = /(?<![A-Za-z0-9_.-])@([\p{L}\p{N}_.-]{0,32})$/u;
const OFFERED = 6;

export class Mentions {
  #list = h("ul", { id: "mention-list", class: "mention-list", role: "listbox", "aria-label": t("mention.list"), hidden: true });
  /** @type {Person[]} */
  #offered = [];
  #at = 0;

  /** @param {KnownMembers} known @param {Store} store @param {HTMLTextAreaElement} text */
  constructor(known, store, text) {
    this.store = store;
    this.known = known;
    this.text = text;
    text.closest("form")?.prepend(this.#list);
    text.setAttribute("aria-autocomplete", "list");
    text.addEventListener("input", () => this.#offer());
    text.addEventListener("input", () => this.known.lookForAll(text.value));
    text.addEventListener("keydown", (event) => this.#pressed(event), true); // before it sends
    text.addEventListener("blur", () => this.#close());
    store.subscribe(["place"], () => this.#close());
  }

  get #members() {
    return this.store.members.get(this.store.room?.log.id ?? 0) ?? [];
  }

  #begun() {
    const { value, selectionStart, selectionEnd } = this.text;
    return selectionStart === selectionEnd ? BEGUN.exec(value.slice(0, selectionStart)) : null;
  }

  async #offer() {
    const begun = this.#begun();
    if (!begun || this.store.room?.head.kind !== "group") return this.#close();
    await this.known.lookFor(begun[1]);
    const now = this.#begun();
    if (!now || document.activeElement !== this.text) return this.#close();
    const words = now[1].toLowerCase();
    const fits = this.#members.filter(({ id, username, display_name }) => id !== this.store.me.id && `${username} ${display_name}`.toLowerCase().includes(words));
    const first = fits.filter(({ username }) => username.toLowerCase().startsWith(words));
    this.#offered = [...new Set([...first, ...fits])].slice(0, OFFERED);
    this.#at = 0;
    this.#render();
  }

  #render() {
    this.#list.replaceChildren(...this.#offered.map((person, i) => this.#option(person, i)));
    this.#list.hidden = !this.#offered.length;
    if (this.#list.hidden) return this.#close();
    this.text.setAttribute("aria-controls", this.#list.id);
    this.text.setAttribute("aria-activedescendant", `mention-${this.#at}`);
  }

  /** @param {Person} person @param {number} i */
  #option(person, i) {
    const words = h("span", { class: "person-words" }, h("span", { class: "person-name" }, person.display_name), h("span", { class: "person-about" }, `@${person.username}`));
    const hold = (/** @type {Event} */ event) => event.preventDefault(); // the composer keeps the focus
    const common = { id: `mention-${i}`, class: "person", role: "option", "aria-selected": String(i === this.#at) };
    return h("li", { ...common, onpointerdown: hold, onmousedown: hold, onclick: () => this.#choose(person) }, avatar(person.display_name, person.id, "small", person.picture), words);
  }

  #close() {
    this.#offered = [];
    this.#list.hidden = true;
    this.text.removeAttribute("aria-controls");
    this.text.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const count = this.#offered.length;
    if (!count || event.isComposing || event.keyCode === 229 || event.shiftKey) return;
    const step = { ArrowDown: 1, ArrowUp: count - 1 }[event.key];
    if (step !== undefined) this.#at = (this.#at + step) % count;
    else if (event.key === "Enter" || event.key === "Tab") return event.preventDefault(), this.#choose(this.#offered[this.#at]);
    else if (event.key === "Escape") return event.preventDefault(), this.#close();
    else return;
    event.preventDefault();
    this.#render();
  }

  /** Write the name out. @param {Person} person */
  #choose({ username }) {
    const begun = this.#begun();
    this.#close();
    if (!begun) return;
    const end = this.text.selectionStart;
    this.text.setRangeText(`@${username} `, end - begun[1].length - 1, end, "end");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.#close();
    this.text.focus();
  }
}
