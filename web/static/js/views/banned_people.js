import { h } from "../dom.js";
import { refusal, t } from "../i18n.js";
import { actionButton, errorLine, openDialog } from "./dialog.js";
import { personRow } from "./person.js";

/**
 * Who is kept out of a group, and letting them back in.
 *
 * @import { Api } from "../api.js"
 * @import { Head, Person } from "../protocol/types.js"
 */

/** @param {Api} api @param {Head} head */
export function bannedPeople(api, head) {
  const error = errorLine();
  const list = h("ul", { "aria-live": "polite" }, h("li", { class: "note" }, t("timeline.loading")));
  const nobody = () => h("li", { class: "note" }, t("group.nobody_banned"));

  /** @param {Person} person */
  function row(person) {
    const pardon = async () => {
      await api.ban(head.conversation, person.username, false);
      line.remove();
      if (!list.children.length) list.append(nobody());
    };
    const button = actionButton({ label: t("group.pardon"), look: "small", run: pardon }, error);
    button.ariaLabel = t("group.pardon_name", { name: person.display_name });
    const line = personRow(person, { actions: [button] });
    return line;
  }

  openDialog(t("group.banned"), [error, list]);
  api
    .banned(head.conversation)
    .then((people) => list.replaceChildren(...(people.length ? people.map(row) : [nobody()])))
    .catch((problem) => {
      list.replaceChildren();
      error.textContent = refusal(problem);
    });
}
