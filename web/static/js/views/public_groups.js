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
  const more = actionButton({ label: t("group.more_members"), look: "quiet", run: () => page(input.value.trim()) }, error);
  const dialog = openDialog(t("public.title"), [field, error, list, more]);

  /** @param {string} query */
  async function look(query) {
    more.hidden = true;
    last = undefined;
    await page(query);
  }

  /** The next page of those that match. @param {string} query */
  async function page(query) {
    const first = last === undefined;
    const { conversations, more: further } = await api.publicGroups(query, last);
    if (query !== input.value.trim()) return;
    if (first) list.replaceChildren(...(conversations.length ? [] : [h("li", { class: "note" }, t(query ? "list.no_match" : "public.none"))]));
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

  typedInto(input, look, error);
  look("").catch((problem) => (error.textContent = refusal(problem)));
}
