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
  const finding = new Finding(api, people, () => dialog.close());
  const dialog = openDialog(t("find.title"), [field, finding.note.field, finding.error, finding.results]);
  const ask = typedInto(input, (query) => finding.look(query, () => input.value.trim()), finding.error);
  input.value = whom;
  if (whom) ask();
}

/** Who was found, each with what one can do. */
class Finding {
  results = h("ul", { "aria-live": "polite" });
  error = errorLine();
  /** What one says along with one's request. */
  note = textField(t("find.note"), { placeholder: t("find.note_placeholder"), maxlength: 200 });

  /** @param {Api} api @param {People} people @param {() => void} close */
  constructor(api, people, close) {
    this.api = api;
    this.people = people;
    this.close = close;
  }

  /** @param {string} query @param {() => string} wanted  What is looked for by now. */
  async look(query, wanted) {
    if (!query) return void this.results.replaceChildren();
    const { people: others } = await this.api.names(query, MOST);
    if (query !== wanted()) return;
    const rows = [...this.#oneself(query), ...others].map((user) => this.#row(user));
    this.results.replaceChildren(...(rows.length ? rows : [h("li", { class: "note" }, t("find.nobody"))]));
  }

  /** Whom the server leaves out. @param {string} query @returns {Found[]} */
  #oneself(query) {
    const { me } = this.people.store;
    return me.username.toLowerCase() === query.toLowerCase() ? [{ ...me, relation: "self" }] : [];
  }

  /** @param {Found} user @returns {HTMLElement} */
  #row(user) {
    return personRow(user, { actions: [this.#action(user)] });
  }

  /** @param {Found} user */
  #action(user) {
    switch (user.relation) {
      case "none":
        return actionButton({ label: t("find.ask"), look: "small primary", run: () => this.#ask(user) }, this.error);
      case "incoming":
        return actionButton({ label: t("contacts.accept"), look: "small primary", run: () => this.#accept(user) }, this.error);
      case "friend":
        return actionButton({ label: t("contacts.message"), look: "small", run: () => this.#open(user) }, this.error);
    }
    return h("span", { class: "person-about" }, t(`find.${user.relation}`));
  }

  /** @param {Found} user */
  async #ask(user) {
    await this.people.ask(user, this.note.input.value);
    const row = this.results.querySelector(`[data-username="${CSS.escape(user.username)}"]`);
    row?.replaceWith(this.#row({ ...user, relation: "outgoing" }));
  }

  /** @param {Found} user */
  async #accept(user) {
    await this.people.answer(user, "accept");
    this.#open(user);
  }

  /** @param {Found} user */
  #open({ username }) {
    this.close();
    this.people.open(username);
  }
}
