import { h } from "../dom.js";
import { refusal, t, tn } from "../i18n.js";
import { avatar } from "./avatar.js";
import { actionButton, errorLine, openDialog } from "./dialog.js";
import { textField } from "./field.js";
import { typedInto } from "./typed.js";

/**
 * Groups that anyone may join.
 *
 * @import { Api, PublicGroup } from "../api.js"
 * @import { Head } from "../protocol/types.js"
 */

/** @param {Api} api @param {(head: Head) => void} onJoined */
export function publicGroups(api, onJoined) {
  const { input, field } = textField(t("public.search"), { type: "search", autofocus: true });
  const error = errorLine();
  const join = async (/** @type {number} */ conversation) => {
    const { conversation: head } = await api.join(conversation);
    dialog.close();
    onJoined(head);
  };
  const groups = new Groups(api, (group) => row(group, join, error), error);
  const dialog = openDialog(t("public.title"), [field, error, groups.list, groups.more]);
  input.addEventListener("input", () => groups.begin());
  typedInto(input, (query) => groups.look(query), error);
  groups.look("").catch((problem) => (error.textContent = refusal(problem)));
}

/** Those that match what one looks for, page by page. */
class Groups {
  list = h("ul", { "aria-live": "polite" }, h("li", { class: "note" }, t("timeline.loading")));
  /** @type {number | undefined} Of the last one in the list. */
  #last;
  #search = 0; // what an earlier one still brings is not wanted any more
  #wanted = "";

  /** @param {Api} api @param {(group: PublicGroup) => HTMLElement} row @param {HTMLElement} error */
  constructor(api, row, error) {
    this.api = api;
    this.row = row;
    this.more = actionButton({ label: t("group.more_members"), look: "quiet", run: () => this.#next() }, error);
  }

  /** @param {string} query */
  async look(query) {
    this.begin();
    this.#wanted = query;
    await this.#next();
  }

  /** Until the first page is there, none is next. */
  begin() {
    this.#search += 1;
    this.more.hidden = true;
    this.#last = undefined;
  }

  async #next() {
    const mine = this.#search;
    const first = this.#last === undefined;
    const { conversations, more } = await this.api.publicGroups(this.#wanted, this.#last);
    if (mine !== this.#search) return;
    if (first) this.list.replaceChildren(...(conversations.length ? [] : [this.#nothing()]));
    this.list.append(...conversations.map(this.row));
    this.#last = conversations.at(-1)?.conversation;
    this.more.hidden = !more;
  }

  #nothing() {
    return h("li", { class: "note" }, t(this.#wanted ? "list.no_match" : "public.none"));
  }
}

/** @param {PublicGroup} group @param {(conversation: number) => Promise<void>} join @param {HTMLElement} error */
function row({ conversation, title, members, picture }, join, error) {
  const button = actionButton({ label: t("public.join"), look: "small primary", run: () => join(conversation) }, error);
  button.ariaLabel = t("public.join_name", { title });
  const words = h("span", { class: "person-words" }, h("span", { class: "person-name" }, title), h("span", { class: "person-about" }, tn("group.members", members)));
  return h("li", { class: "person" }, avatar(title, conversation, "small group", picture), words, h("div", { class: "person-actions" }, button));
}
