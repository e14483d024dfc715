import { h } from "../dom.js";
import { t } from "../i18n.js";
import { actionButton, errorLine, openDialog } from "./dialog.js";
import { textField } from "./field.js";
import { personRow } from "./person.js";
import { typedInto } from "./typed.js";

/**
 * Look someone up and ask for friendship.
 *
 * @import { Api, Found } from "../api.js"
 * @import { People } from "./people.js"
 */

const MOST = 20;

/** @param {Api} api @param {People} people @param {string} [whom] */
export function findPeople(api, people, whom = "") {
  const { input, field } = textField(t("find.label"), { type: "search", placeholder: t("find.placeholder"), autofocus: true });
  const note = textField(t("find.note"), { placeholder: t("find.note_placeholder"), maxlength: 200 });
  const results = h("ul", { "aria-live": "polite" });
  const error = errorLine();
  const dialog = openDialog(t("find.title"), [field, note.field, error, results]);

  /** @param {string} query */
  async function look(query) {
    if (!query) return void results.replaceChildren();
    const { people: others } = await api.names(query, MOST);
    if (query !== input.value.trim()) return;
    const me = /** @type {Found} */ ({ ...people.store.me, relation: "self" });
    const isMe = me.username.toLowerCase() === query.toLowerCase();
    const rows = [...(isMe ? [me] : []), ...others].map(found);
    results.replaceChildren(...(rows.length ? rows : [h("li", { class: "note" }, t("find.nobody"))]));
  }

  /** @param {Found} user @returns {HTMLElement} */
  function found(user) {
    const ask = async () => {
      await people.ask(user, note.input.value);
      results.querySelector(`[data-username="${CSS.escape(user.username)}"]`)?.replaceWith(found({ ...user, relation: "outgoing" }));
    };
    const accept = async () => {
      await people.answer(user, "accept");
      open(user);
    };
    /** @type {Record<string, () => HTMLElement | string>} */
    const actions = {
      none: () => actionButton({ label: t("find.ask"), look: "small primary", run: ask }, error),
      incoming: () => actionButton({ label: t("contacts.accept"), look: "small primary", run: accept }, error),
      friend: () => actionButton({ label: t("contacts.message"), look: "small", run: () => open(user) }, error),
    };
    const action = (actions[user.relation] ?? (() => h("span", { class: "person-about" }, t(`find.${user.relation}`))))();
    return personRow(user, { actions: [action] });
  }

  /** @param {Found} user */
  function open(user) {
    dialog.close();
    people.open(user.username);
  }

  const ask = typedInto(input, look, error);
  input.value = whom;
  if (whom) ask();
}
