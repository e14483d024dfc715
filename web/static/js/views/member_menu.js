import { silence, unsilence } from "../api_groups.js";
import { t } from "../i18n.js";
import { isSilenced } from "../protocol/rights.js";
import { confirm } from "./dialog.js";
import { silenceDialog } from "./silence.js";

/**
 * What one can do with a member of a group.
 *
 * @import { Api, Member } from "../api.js"
 * @import { Store } from "../store.js"
 * @import { Head, Person } from "../protocol/types.js"
 * @import { People } from "./people.js"
 * @import { Item } from "./menu.js"
 *
 * @typedef {object} Given
 * @property {Api} api
 * @property {Store} store
 * @property {People} people
 * @property {Head} head
 * @property {() => void} close
 * @property {(run: () => Promise<unknown>) => void} told  Runs it, and says what the server refused.
 * @property {(member: Member) => void} changed
 * @property {(username: string) => void} gone
 */

export class MemberMenu {
  /** @param {Given} given */
  constructor(given) {
    this.given = given;
    this.conversation = given.head.conversation;
  }

  /** What one may do by now, nothing with oneself. @param {Member} member @returns {Item[]} */
  of(member) {
    const { user, role } = member;
    if (user.id === this.given.store.me.id) return [];
    const mine = this.#mine;
    const above = mine === "owner" || (mine === "moderator" && role === "member");
    return [
      ...(this.#isFriend(user) ? [this.#message(user)] : []),
      ...(mine === "owner" ? [this.#appointment(member), this.#handingOver(user)] : []),
      ...(above && role === "member" ? [this.#quiet(member)] : []),
      ...(above && role !== "owner" ? this.#waysOut(user) : []),
    ];
  }

  /** One's role as it is now. */
  get #mine() {
    const { store, head } = this.given;
    return (store.rooms.get(this.conversation)?.head ?? head).role;
  }

  /** @param {Person} user */
  #isFriend({ username }) {
    return this.given.store.contacts.get(username)?.state === "friend";
  }

  /** @param {Person} user @returns {Item} */
  #message({ username }) {
    const { close, people } = this.given;
    return { icon: "chats", label: t("contacts.message"), run: () => (close(), people.open(username)) };
  }

  /** To moderator, or back. @param {Member} member @returns {Item} */
  #appointment({ user, role }) {
    const { api, told, changed } = this.given;
    const next = role === "moderator" ? "member" : "moderator";
    const appoint = async () => changed((await api.appoint(this.conversation, user.username, next)).member);
    return { icon: "people", label: t(next === "moderator" ? "group.promote" : "group.demote"), run: () => told(appoint) };
  }

  /** The whole group, which is asked about first. @param {Person} user @returns {Item} */
  #handingOver({ username, display_name }) {
    const { api, close } = this.given;
    const label = t("group.hand_over");
    const run = () => api.appoint(this.conversation, username, "owner");
    const ask = () => confirm(label, t("group.hand_over.sure", { name: display_name }), { label, run });
    return { icon: "people", label, run: () => (close(), ask()) };
  }

  /** Silence, or its end. @param {Member} member @returns {Item} */
  #quiet(member) {
    const { store, told } = this.given;
    if (isSilenced(member.silenced, store.now())) return { icon: "mute", label: t("group.unsilence"), run: () => told(() => this.#unsilence(member)) };
    return { icon: "mute", label: t("group.silence"), run: () => silenceDialog(member.user, (seconds) => this.#silence(member, seconds)) };
  }

  /** @param {Member} member @param {number | undefined} seconds  Nothing for no end. */
  async #silence(member, seconds) {
    const { api, store, changed } = this.given;
    await silence(api, this.conversation, member.user.username, seconds);
    changed({ ...member, silenced: seconds === undefined ? {} : { until: store.now() + seconds * 1000 } });
  }

  /** @param {Member} member */
  async #unsilence(member) {
    const { api, changed } = this.given;
    await unsilence(api, this.conversation, member.user.username);
    changed({ ...member, silenced: undefined });
  }

  /** @param {Person} user @returns {Item[]} */
  #waysOut({ username }) {
    const { api, told, gone } = this.given;
    const out = (/** @type {() => Promise<unknown>} */ run) => () => told(() => run().then(() => gone(username)));
    return [
      { icon: "close", label: t("group.remove_member"), danger: true, run: out(() => api.removeMember(this.conversation, username)) },
      { icon: "ban", label: t("group.ban"), danger: true, run: out(() => api.ban(this.conversation, username, true)) },
    ];
  }
}
