import { byId, h } from "../dom.js";
import { refusal, t, tn } from "../i18n.js";
import { Filters } from "./filters.js";
import { conversationLine, group, hitLine, personLine } from "./results.js";
import { Searching } from "./searching.js";

/**
 * The sidebar while one searches: in place of the lists, what was found.
 *
 * @import { Api } from "../api.js"
 * @import { Store } from "../store.js"
 * @import { Openers } from "./results.js"
 */

/** A pause in typing, in milliseconds: only then is it worth asking. */
const PAUSE = 250;

export class SearchPanel {
  #input = /** @type {HTMLInputElement} */ (byId("search"));
  #panel = byId("panel-search");
  #results = h("div", { class: "search-results" });
  #status = h("p", { class: "note", role: "status" });
  #older = h("button", { type: "button", class: "button quiet panel-action", onclick: () => this.#goOn() }, t("search.older"));
  #again = h("button", { type: "button", class: "button quiet panel-action", onclick: () => this.#tryAgain() }, t("timeline.again"));
  #timer = 0;
  /** @type {Store["pane"]} Where one was when one began. */
  #began = "list";

  /** @param {Api} api @param {Store} store @param {Openers} open */
  constructor(api, store, open) {
    this.store = store;
    this.open = open;
    this.searching = new Searching(api, () => this.#render());
    store.retelling.listen((news) => this.searching.retold(news));
    store.subscribe(["rooms"], () => this.searching.renamed((id) => store.rooms.get(id)?.head.title));
    this.filters = new Filters(store, () => this.#ask());
    this.#panel.append(this.filters.element, this.#results, this.#status, this.#older, this.#again);
    this.#input.addEventListener("input", () => this.#typed());
    this.#input.addEventListener("keydown", (event) => this.#keyInBox(event));
    this.#panel.addEventListener("keydown", (event) => this.#keyInResults(event));
    byId("search-done").addEventListener("click", () => this.end());
    document.addEventListener("keydown", (event) => this.#shortcut(event));
    if (navigator.platform.startsWith("Mac")) byId("search-key").textContent = "⌘K";
    this.#render();
  }

  /** Begin to search, in one conversation or in all. @param {number} [conversation] */
  begin(conversation) {
    if (!this.#isOpen) this.#began = this.store.pane;
    this.store.show("list");
    this.filters.within(conversation);
    this.#show();
    if (this.#input.value.trim()) this.#ask();
    this.#input.focus();
    this.#input.select();
  }

  /** Back to the lists, or to the conversation from where one began. */
  end() {
    if (this.#began === "conversation" && this.store.place) this.store.show("conversation");
    this.#began = "list";
    this.#input.value = "";
    this.filters.within(undefined);
    this.filters.clear();
    this.#show();
  }

  get #isOpen() {
    return this.#input.value.trim() !== "" || this.filters.conversation !== undefined;
  }

  #show() {
    const open = this.#isOpen;
    if (open && this.#panel.hidden) this.filters.offerPeople();
    this.#panel.hidden = !open;
    byId("sidebar").toggleAttribute("data-searching", open);
  }

  #typed() {
    this.#show();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(), this.#input.value.trim() ? PAUSE : 0);
  }

  #ask() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#show();
    this.searching.ask(this.filters.question(this.#input.value.trim()));
  }

  /** What was said before, from where one is. */
  async #goOn() {
    const before = this.#lines().length;
    await this.searching.older();
    if (document.activeElement === this.#older || document.activeElement === document.body) this.#lines()[before]?.focus();
  }

  /** The button goes, and would take the focus along. */
  #tryAgain() {
    this.#input.focus();
    this.searching.again();
  }

  #render() {
    const { people, conversations, hits, busy, more, problem, asked } = this.searching;
    const groups = [
      group("people", t("search.people"), people.map((user) => personLine(user, this.open.person))),
      group("conversations", t("search.conversations"), conversations.map((one) => conversationLine(one, this.open.conversation))),
      group("messages", t("search.messages"), hits.map((hit) => hitLine(hit, this.open.hit, this.store.now()))),
    ].filter((one) => one !== null);
    const focused = this.#lines().indexOf(/** @type {HTMLElement} */ (document.activeElement));
    this.#results.replaceChildren(...groups);
    if (focused >= 0) this.#lines()[focused]?.focus();
    const found = people.length + conversations.length + hits.length;
    this.#status.textContent = problem ? refusal(problem) : busy ? t("search.busy") : !asked ? t("search.hint") : found ? "" : this.#nothing(more);
    this.#status.classList.toggle("visually-hidden", !this.#status.textContent);
    if (asked && found && !busy && !problem) this.#say(more ? tn("search.found_so_far", found) : tn("search.found", found));
    this.#panel.ariaBusy = String(busy);
    this.#older.hidden = !more || Boolean(problem);
    this.#older.ariaDisabled = String(busy);
    this.#again.hidden = !problem;
  }

  /** Why nothing is there. @param {boolean} more */
  #nothing(more) {
    if (this.filters.isCrossed) return t("search.crossed");
    return t(more ? "search.nothing_yet" : "search.nothing");
  }

  /** To those who hear the page: how much was found. @param {string} words */
  #say(words) {
    this.#status.classList.add("visually-hidden");
    this.#status.textContent = words;
  }

  /** @returns {HTMLElement[]} */
  #lines() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.#results.querySelectorAll(".found-line"))];
  }

  /** @param {KeyboardEvent} event */
  #shortcut(event) {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.begin();
  }

  /** @param {KeyboardEvent} event */
  #keyInBox(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" && this.#isOpen) this.end();
    else if (event.key === "ArrowDown" && this.#isOpen) this.#lines()[0]?.focus();
    else if (event.key === "Enter" && this.#timer) this.#ask();
    else if (event.key === "Enter" && this.#isOpen && !this.searching.busy) this.#lines()[0]?.click();
    else return;
    event.preventDefault();
  }

  /** Arrows go from line to line, and from the first one back to the words. @param {KeyboardEvent} event */
  #keyInResults(event) {
    if (event.key === "Escape") {
      this.end();
      this.#input.focus();
      return;
    }
    const lines = this.#lines();
    const at = lines.indexOf(/** @type {HTMLElement} */ (event.target));
    if (at < 0) return;
    /** @type {Record<string, HTMLElement | undefined>} */
    const goals = { ArrowDown: lines[at + 1], ArrowUp: lines[at - 1] ?? this.#input, Home: lines[0], End: lines[lines.length - 1] };
    if (!(event.key in goals)) return;
    event.preventDefault();
    (goals[event.key] ?? (this.#older.hidden ? undefined : this.#older))?.focus();
  }
}
