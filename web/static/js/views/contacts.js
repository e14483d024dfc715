import { byId, h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { showPresence } from "./company.js";
import { attempt } from "./dialog.js";
import { openMenu } from "./menu.js";
import { personRow } from "./person.js";
import { toast } from "./toasts.js";
import { upTo99 } from "./words.js";

/**
 * Friends, requests and blocked people.
 *
 * @import { Store } from "../store.js"
 * @import { Contact, ContactState } from "../protocol/types.js"
 * @import { People } from "./people.js"
 */

/**
 * @param {Store} store
 * @param {People} people
 * @param {() => void} onAdd
 */
export function contactsPanel(store, people, onAdd) {
  const panel = byId("panel-contacts");
  const add = h("button", { type: "button", class: "button panel-action", onclick: onAdd }, icon("person-add"), t("contacts.add"));
  const look = () => showPresence(panel, store);

  function render() {
    const contacts = [...store.contacts.values()];
    const sections = sectionsOf(contacts, people);
    panel.replaceChildren(add, ...(sections.length ? sections : nobody(store)));
    panel.ariaBusy = String(!store.acquainted);
    look();
    showAsking(contacts);
  }

  store.subscribe(["contacts"], render);
  store.subscribe(["company"], look);
  window.setInterval(look, 60_000);
  render();
}

/** Those there is somebody in. @param {Contact[]} contacts @param {People} people */
function sectionsOf(contacts, people) {
  return [
    section("incoming", contacts, (contact) => incoming(contact, people)),
    section("friend", contacts, (contact) => friend(contact, people)),
    section("outgoing", contacts, (contact) => outgoing(contact, people)),
    section("blocked", contacts, (contact) => blocked(contact, people)),
  ].filter((part) => part !== null);
}

/** @param {Store} store */
function nobody({ acquainted }) {
  if (acquainted) return [h("p", { class: "note" }, t("contacts.empty"))];
  return Array.from({ length: 6 }, () => h("div", { class: "skeleton" }));
}

/** How many wait for an answer, at the tab. @param {Contact[]} contacts */
function showAsking(contacts) {
  const badge = byId("contacts-badge");
  const asking = contacts.filter(({ state }) => state === "incoming").length;
  badge.hidden = !asking;
  badge.textContent = upTo99(asking);
}

/**
 * @param {ContactState} state
 * @param {Contact[]} contacts
 * @param {(contact: Contact) => HTMLElement} row
 */
function section(state, contacts, row) {
  const here = contacts.filter((contact) => contact.state === state);
  if (!here.length) return null;
  here.sort((a, b) => a.user.display_name.localeCompare(b.user.display_name, document.documentElement.lang));
  const id = `contacts-${state}`;
  const title = h("h2", { class: "section-title", id }, t(`contacts.${state}`), h("span", {}, String(here.length)));
  return h("section", { "aria-labelledby": id }, title, h("ul", {}, ...here.map(row)));
}

/** @param {Contact} contact @param {People} people */
function incoming({ user, note }, people) {
  const name = user.display_name;
  return personRow(user, {
    about: note || `@${user.username}`,
    note: Boolean(note),
    actions: [
      act(t("contacts.accept"), t("contacts.accept_from", { name }), "primary", () => people.answer(user, "accept")),
      act(t("contacts.decline"), t("contacts.decline_from", { name }), "", () => people.answer(user, "decline")),
    ],
  });
}

/** @param {Contact} contact @param {People} people */
function friend({ user }, people) {
  const label = t("contacts.more", { name: user.display_name });
  const more = h("button", { type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label }, icon("more"));
  more.addEventListener("click", () => openMenu(more, people.menu(user)));
  const row = personRow(user, { onOpen: () => people.open(user.username), actions: [more] });
  row.toggleAttribute("data-friend", true);
  return row;
}

/** @param {Contact} contact @param {People} people */
function outgoing({ user }, people) {
  const label = t("contacts.take_back_from", { name: user.display_name });
  return personRow(user, { actions: [act(t("contacts.take_back"), label, "", () => people.takeBack(user))] });
}

/** @param {Contact} contact @param {People} people */
function blocked({ user }, people) {
  const label = t("contacts.unblock_name", { name: user.display_name });
  return personRow(user, { actions: [act(t("contacts.unblock"), label, "", () => people.unblock(user.username))] });
}

/**
 * A small button of a row; a refusal is told at the bottom of the page.
 *
 * @param {string} text
 * @param {string} label
 * @param {string} look
 * @param {() => Promise<unknown>} run
 */
function act(text, label, look, run) {
  const button = h("button", { type: "button", class: `button small ${look}`, "aria-label": label }, text);
  button.addEventListener("click", async () => {
    const error = h("span");
    await attempt(button, error, run);
    if (error.textContent) toast(error.textContent);
  });
  return button;
}
