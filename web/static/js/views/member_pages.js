import { h, icon } from "../dom.js";
import { refusal, t } from "../i18n.js";
import { actionButton } from "./dialog.js";

/**
 * The members of a group, fetched page by page as one scrolls, or by name.
 *
 * @import { Api } from "../api.js"
 * @import { MemberRows } from "./member_rows.js"
 */

/** One asks when the person stops typing. */
const PAUSE = 150;

export class MemberPages {
  /** Tells what a search has found to who does not see it. */
  heard = h("p", { class: "visually-hidden", role: "status" });
  #input = h("input", { type: "search", autocomplete: "off", "aria-label": t("group.find_member"), placeholder: t("group.find_member") });
  search = h("div", { class: "member-search" }, icon("search"), this.#input);
  /** @type {number | undefined} Of whom the next page begins after. */
  #last;
  #asked = 0;
  /** @type {() => void} */
  #look;

  /** @param {Api} api @param {number} conversation @param {MemberRows} rows @param {HTMLElement} error */
  constructor(api, conversation, rows, error) {
    this.api = api;
    this.conversation = conversation;
    this.rows = rows;
    this.error = error;
    this.more = actionButton({ label: t("group.more_members"), look: "quiet", run: () => this.#next() }, error);
    this.more.hidden = true;
    this.#look = whenSeen(this.more);
    whenTyped(this.#input, () => this.begin());
  }

  /** The name one looks for; empty for everyone. */
  get query() {
    return this.#input.value.trim();
  }

  /** Fetch the first page: what is in the list is not true any more. */
  begin() {
    this.#asked += 1;
    this.#last = undefined;
    this.#next().catch((problem) => (this.error.textContent = refusal(problem)));
  }

  /** The next page; of an earlier search nothing is shown. */
  async #next() {
    const turn = this.#asked;
    const { members, more } = await this.api.members(this.conversation, { after: this.#last, query: this.query });
    if (turn !== this.#asked) return;
    if (this.#last === undefined) this.rows.clear();
    this.#last = members.at(-1)?.user.id ?? this.#last;
    this.rows.append(members);
    this.heard.textContent = this.query ? firstLine(this.rows.list) : "";
    this.more.hidden = !more;
    this.#look();
  }
}

/** What a search has found, in a word. @param {HTMLElement} list */
function firstLine(list) {
  return list.querySelector(".person-name, .note")?.textContent ?? "";
}

/** @param {HTMLInputElement} search @param {() => void} run */
function whenTyped(search, run) {
  /** @type {number | undefined} */
  let timer;
  search.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(run, PAUSE);
  });
}

/**
 * Press the button when it comes near: the list goes on as one scrolls.
 *
 * @param {HTMLButtonElement} button
 * @returns {() => void}  Looks again: who stays at the end sees no button come.
 */
function whenSeen(button) {
  const seen = (/** @type {IntersectionObserverEntry[]} */ entries) => entries.at(-1)?.isIntersecting && button.click();
  /** @type {IntersectionObserver | undefined} */
  let observer;
  return () => {
    observer ??= new IntersectionObserver(seen, { root: button.closest(".dialog-body"), rootMargin: "400px" });
    observer.unobserve(button);
    observer.observe(button);
  };
}
