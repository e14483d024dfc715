import { t } from "../i18n.js";
import { confirm } from "./dialog.js";
import { toast } from "./toasts.js";

/**
 * What one can do with a person, shared by the lists and dialogs that show people.
 *
 * @import { Api } from "../api.js"
 * @import { Person, Contact } from "../protocol/types.js"
 * @import { Store } from "../store.js"
 * @import { Item } from "./menu.js"
 */

export class People {
  /**
   * @param {Api} api
   * @param {Store} store
   * @param {(username: string) => void} open  Opens the direct conversation.
   */
  constructor(api, store, open) {
    this.api = api;
    this.store = store;
    this.open = open;
  }

  /** @param {Person} user @param {string} note */
  async ask(user, note) {
    const { contact } = await this.api.askFriend(user.username, note.trim());
    this.#told(contact);
    toast(t(contact.state === "friend" ? "contacts.now_friends" : "contacts.asked", { name: user.display_name }));
  }

  /** @param {Person} user @param {"accept" | "decline"} answer */
  async answer(user, answer) {
    await this.api.answerFriend(user.username, answer);
    if (answer === "accept") this.#told({ user, state: "friend", at: this.store.now() });
    else this.#gone(user);
  }

  /** Take back one's own request. @param {Person} user */
  async takeBack(user) {
    await this.api.removeContact(user.username);
    this.#gone(user);
  }

  /** @param {Person} user */
  remove(user) {
    const run = () => this.takeBack(user);
    const { display_name: name } = user;
    confirm(t("contacts.remove_title", { name }), t("contacts.remove_text"), { label: t("contacts.remove"), run });
  }

  /** @param {Person} user */
  block(user) {
    const run = async () => {
      await this.api.block(user.username, true);
      this.#told({ user, state: "blocked", at: this.store.now() });
    };
    const { display_name: name } = user;
    confirm(t("contacts.block_title", { name }), t("contacts.block_text"), { label: t("contacts.block"), run });
  }

  /** @param {string} username */
  async unblock(username) {
    await this.api.block(username, false);
    // What they asked meanwhile comes to light with it, and may have been told by now.
    if (this.store.contacts.get(username)?.state !== "blocked") return;
    this.store.contacts.delete(username);
    this.store.changed("contacts");
  }

  /** The menu of a friend. @param {Person} user @returns {Item[]} */
  menu(user) {
    return [
      { icon: "chats", label: t("contacts.message"), run: () => this.open(user.username) },
      { icon: "close", label: t("contacts.remove"), run: () => this.remove(user) },
      { icon: "alert", label: t("contacts.block"), danger: true, run: () => this.block(user) },
    ];
  }

  /** @param {Contact} contact */
  #told(contact) {
    this.store.contacts.set(contact.user.username, contact);
    this.store.changed("contacts");
  }

  /** @param {Person} user */
  #gone(user) {
    this.store.contacts.delete(user.username);
    this.store.changed("contacts");
  }
}
