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
  const list = h("ul", { "aria-live": "polite" }, h("li", { class: "note" }, t("timeline.loading")));
  const error = errorLine();
  /** @type {number | undefined} */
  let last;
  let search = 0; // what an earlier one still brings is not wanted any more
  let wanted = "";
  const more = actionButton({ label: t("group.more_members"), look: "quiet", run: () => page() }, error);
  const dialog = openDialog(t("public.title"), [field, error, list, more]);

  /** @param {string} query */
  async function look(query) {
    begin();
    wanted = query;
    await page();
  }

  /** Until the first page is there, none is next. */
  function begin() {
    search += 1;
    more.hidden = true;
    last = undefined;
  }

  /** The next page of those that match. */
  async function page() {
    const mine = search;
    const first = last === undefined;
    const { conversations, more: further } = await api.publicGroups(wanted, last);
    if (mine !== search) return;
    if (first) list.replaceChildren(...(conversations.length ? [] : [h("li", { class: "note" }, t(wanted ? "list.no_match" : "public.none"))]));
    list.append(...conversations.map(row));
    last = conversations.at(-1)?.conversation;
    more.hidden = !further;
  }

  /** @param {PublicGroup} group */
  function row({ conversation, title, members, picture }) {
    const join = async () => {
      const { conversation: head } = await api.join(conversation);
      dialog.close();
      onJoined(head);
    };
    const button = actionButton({ label: t("public.join"), look: "small primary", run: join }, error);
    button.ariaLabel = t("public.join_name", { title });
    const words = h("span", { class: "person-words" }, h("span", { class: "person-name" }, title), h("span", { class: "person-about" }, tn("group.members", members)));
    return h("li", { class: "person" }, avatar(title, conversation, "small group", picture), words, h("div", { class: "person-actions" }, button));
  }

  input.addEventListener("input", begin);
  typedInto(input, look, error);
  look("").catch((problem) => (error.textContent = refusal(problem)));
}
