import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { isSilenced } from "../protocol/rights.js";
import { isPresent, presenceWords } from "./company.js";
import { openMenu } from "./menu.js";
import { personRow } from "./person.js";
import { Roving } from "./roving.js";

/**
 * The lines of a list of members, and what each of them says.
 *
 * @import { Member } from "../api.js"
 * @import { Store } from "../store.js"
 * @import { Item } from "./menu.js"
 */

export class MemberRows {
  list = h("ul", {}, h("li", { class: "note" }, t("timeline.loading")));
  /** @type {Map<number, Member>} Those in the list. */
  #shown = new Map();
  #roving = new Roving(this.list, "button", () => this.list.querySelector("button"));

  /** @param {Store} store @param {(member: Member) => Item[]} menu */
  constructor(store, menu) {
    this.store = store;
    this.menu = menu;
  }

  /** The member in the list, as last heard of. @param {number} user */
  member(user) {
    return this.#shown.get(user);
  }

  clear() {
    this.list.replaceChildren();
    this.#shown.clear();
  }

  /** Those who are in the list already stay where they are. @param {Member[]} members */
  append(members) {
    this.list.append(...members.filter(({ user }) => !this.#rowOf(user.username)).map((member) => this.#row(member)));
    if (!this.list.children.length) this.list.append(h("li", { class: "note" }, t("group.no_such_member")));
    this.#roving.settle();
  }

  /** @param {Member} member */
  has({ user }) {
    return this.#rowOf(user.username) !== null;
  }

  /** Put a newcomer first. @param {Member} member */
  add(member) {
    if (!this.has(member)) this.list.prepend(this.#row(member));
    this.#roving.settle();
  }

  /** Who is at its button stays there. @param {Member} member */
  draw(member) {
    const before = this.#rowOf(member.user.username);
    const focused = before?.contains(document.activeElement);
    const now = this.#row(member);
    before?.replaceWith(now);
    if (focused) now.querySelector("button")?.focus();
    this.#roving.settle();
  }

  drawAll() {
    [...this.#shown.values()].forEach((member) => this.draw(member));
  }

  /** @param {number} user */
  drop(user) {
    this.remove(this.member(user)?.user.username ?? "");
    this.#shown.delete(user);
  }

  /** @param {string} username */
  remove(username) {
    this.#rowOf(username)?.remove();
    this.#roving.settle();
  }

  /** Who is there, without making the lines anew: somebody may be at one of the buttons. */
  showPresence() {
    for (const member of this.#shown.values()) {
      const line = this.#rowOf(member.user.username);
      const words = line?.querySelector(".person-about");
      line?.toggleAttribute("data-present", isPresent(this.store, member.user));
      if (words && words.textContent !== this.#about(member)) words.textContent = this.#about(member);
    }
  }

  /** @param {Member} member @returns {HTMLElement} */
  #row(member) {
    const { user } = member;
    this.#shown.set(user.id, member);
    const actions = this.menu(member).length ? [this.#button(member)] : [];
    const line = personRow(user, { about: this.#about(member), actions });
    line.toggleAttribute("data-present", isPresent(this.store, user));
    return line;
  }

  /** Opens what one can do with the member. @param {Member} member */
  #button(member) {
    const label = t("contacts.more", { name: member.user.display_name });
    const button = h("button", { type: "button", class: "icon-button", tabindex: -1, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label }, icon("more"));
    button.addEventListener("click", () => openMenu(button, this.menu(member)));
    return button;
  }

  /** @param {Member} member */
  #about({ user, role, silenced }) {
    const presence = presenceWords(this.store.company?.sightings.get(user.id), this.store.now());
    const marks = [role !== "member" && t(`role.${role}`), isSilenced(silenced, this.store.now()) && t("group.silenced"), presence];
    return [`@${user.username}`, ...marks].filter(Boolean).join(" · ");
  }

  /** @param {string} username */
  #rowOf(username) {
    return this.list.querySelector(`[data-username="${CSS.escape(username)}"]`);
  }
}
