import { h } from "../dom.js";
import { t } from "../i18n.js";
import { avatar } from "./avatar.js";
import { actionButton, openDialog } from "./dialog.js";

/**
 * The other side of a direct conversation: friend, stranger or blocked.
 *
 * @import { Person } from "../protocol/types.js"
 * @import { Store } from "../store.js"
 * @import { People } from "./people.js"
 */

/**
 * @param {Store} store
 * @param {People} people
 * @param {Person} user
 * @param {HTMLElement} mute
 * @param {HTMLElement} error
 */
export function directInfo(store, people, user, mute, error) {
  if (user.deleted) return void openDialog(t("direct.info"), [h("div", { class: "about" }, avatar(user.display_name, user.id, "", user.picture), t("direct.deleted")), mute, error]);
  const state = store.contacts.get(user.username)?.state ?? "none";
  /** @param {string} key @param {() => void | Promise<unknown>} run @param {string} [look] */
  const button = (key, run, look = "") => actionButton({ label: t(key), look, run: async () => (await run(), dialog.close()) }, error);
  const later = (/** @type {() => void} */ run) => () => (dialog.close(), run());
  const actions = {
    friend: () => [button("contacts.remove", later(() => people.remove(user)), "danger"), button("contacts.block", later(() => people.block(user)), "danger")],
    blocked: () => [button("contacts.unblock", () => people.unblock(user.username))],
    incoming: () => [button("contacts.decline", () => people.answer(user, "decline")), button("contacts.accept", () => people.answer(user, "accept"), "primary")],
    outgoing: () => [button("contacts.take_back", () => people.takeBack(user))],
    none: () => [button("contacts.block", later(() => people.block(user)), "danger"), button("find.ask", () => people.ask(user, ""), "primary")],
  }[state]();
  const words = h("div", {}, h("strong", {}, user.display_name), h("br"), `@${user.username}`, h("br"), t(`direct.${state}`));
  const dialog = openDialog(t("direct.info"), [h("div", { class: "about" }, avatar(user.display_name, user.id, "", user.picture), words), mute, error], actions);
}
