import { byId, h, icon } from "../dom.js";
import { t } from "../i18n.js";

/**
 * Where, by whom and when: what narrows a search down.
 *
 * @import { Store } from "../store.js"
 * @import { Question } from "./searching.js"
 */

const DAY = 86_400_000;
/** A year that is being typed begins as the year 2, or 20: nobody asks for that. */
const EARLIEST = "1970-01-02";
let made = 0;

export class Filters {
  /** @type {number | undefined} */
  conversation;

  /** @param {Store} store @param {() => void} onChange */
  constructor(store, onChange) {
    this.store = store;
    this.onChange = onChange;
    this.people = h("datalist", { id: "search-people" });
    this.from = field(t("search.from"), { type: "text", list: "search-people", maxlength: 64, autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    this.since = field(t("search.since"), { type: "date", min: EARLIEST });
    this.until = field(t("search.until"), { type: "date", min: EARLIEST });
    const clear = h("button", { type: "button", class: "button quiet small", onclick: () => this.clear() }, t("search.clear"));
    const fields = [this.from, this.since, this.until];
    for (const { input } of fields) input.addEventListener("change", onChange);
    this.scope = h("span", { class: "search-scope", hidden: true });
    const body = h("div", { class: "search-fields" }, ...fields.map(({ label }) => label), this.people, clear);
    this.details = h("details", { class: "search-filters" }, h("summary", {}, t("search.filters")), body);
    this.element = h("div", { class: "search-narrow" }, this.scope, this.details);
  }

  /** Look in one conversation only, or in all. @param {number | undefined} conversation */
  within(conversation) {
    this.conversation = conversation;
    const title = conversation === undefined ? "" : (this.store.rooms.get(conversation)?.head.title ?? "");
    const label = t("search.everywhere");
    const leave = h("button", { type: "button", class: "icon-button small", "aria-label": label, title: label, onclick: () => this.#leave() }, icon("close"));
    this.scope.replaceChildren(h("span", { dir: "auto" }, t("search.within", { title })), leave);
    this.scope.hidden = conversation === undefined;
  }

  /** The button goes, and would take the focus along. */
  #leave() {
    byId("search").focus();
    this.within(undefined);
    this.onChange();
  }

  /** Forget what was chosen, but not where one looks. */
  clear() {
    for (const { input } of [this.from, this.since, this.until]) input.value = "";
    this.onChange();
  }

  /** Whether the last day is before the first. */
  get isCrossed() {
    const [since, until] = [this.since, this.until].map(({ input }) => dayOf(input.value));
    return since !== undefined && until !== undefined && until < since;
  }

  /** @param {string} words @returns {Question} */
  question(words) {
    const since = dayOf(this.since.input.value);
    const until = dayOf(this.until.input.value);
    const from = this.from.input.value.trim().replace(/^@/, "");
    return {
      words,
      conversation: this.conversation,
      from: from || undefined,
      since,
      until: until === undefined ? undefined : nextDay(until),
    };
  }

  /** Whom one may mean. */
  offerPeople() {
    const peers = [...this.store.rooms.values()].flatMap(({ head }) => (head.peer ? [head.peer] : []));
    const known = [...[...this.store.contacts.values()].map(({ user }) => user), ...peers, this.store.me];
    const names = new Map(known.map((user) => [user.username, user.display_name]));
    this.people.replaceChildren(...[...names].map(([value, label]) => h("option", { value, label })));
  }
}

/** Midnight of a day, here; nothing of one that is not typed to its end. @param {string} value */
function dayOf(value) {
  if (!value || value < EARLIEST) return undefined;
  const [year, month, day] = value.split("-").map(Number);
  return new Date(year, month - 1, day).getTime();
}

/** The midnight after; a day may have 23 hours or 25. @param {number} at */
function nextDay(at) {
  return new Date(at + 1.5 * DAY).setHours(0, 0, 0, 0);
}

/** @param {string} words @param {Record<string, string | number>} properties */
function field(words, properties) {
  const id = `search-field-${(made += 1)}`;
  const input = h("input", { id, ...properties });
  return { input, label: h("label", { for: id }, h("span", {}, words), input) };
}
