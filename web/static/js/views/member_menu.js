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

/** @param {Given} given */
export function memberMenu({ api, store, people, head, close, told, changed, gone }) {
  const { conversation } = head;

  /** @param {Member} member @returns {Item[]} */
  return function menu(member) {
    const { user, role } = member;
    if (user.id === store.me.id) return [];
    const mine = (store.rooms.get(conversation)?.head ?? head).role;
    const above = mine === "owner" || (mine === "moderator" && role === "member");
    const message = { icon: "chats", label: t("contacts.message"), run: () => (close(), people.open(user.username)) };
    const befriended = store.contacts.get(user.username)?.state === "friend";
    return [
      ...(befriended ? [message] : []),
      ...(mine === "owner" ? appointments(role, user) : []),
      ...(above && role === "member" ? [quiet(member)] : []),
      ...(above && role !== "owner" ? waysOut(user.username) : []),
    ];
  };

  /** What an owner may make of a member. @param {string} role @param {Person} user @returns {Item[]} */
  function appointments(role, { username, display_name }) {
    const next = role === "moderator" ? "member" : "moderator";
    const change = () => told(async () => changed((await api.appoint(conversation, username, next)).member));
    const hand = () => {
      close();
      const run = () => api.appoint(conversation, username, "owner");
      confirm(t("group.hand_over"), t("group.hand_over.sure", { name: display_name }), { label: t("group.hand_over"), run });
    };
    return [
      { icon: "people", label: t(next === "moderator" ? "group.promote" : "group.demote"), run: change },
      { icon: "people", label: t("group.hand_over"), run: hand },
    ];
  }

  /** Silence, or its end. @param {Member} member @returns {Item} */
  function quiet(member) {
    const { user, silenced } = member;
    const lift = () => unsilence(api, conversation, user.username).then(() => changed({ ...member, silenced: undefined }));
    if (isSilenced(silenced, store.now())) return { icon: "mute", label: t("group.unsilence"), run: () => told(lift) };
    const run = async (/** @type {number | undefined} */ seconds) => {
      await silence(api, conversation, user.username, seconds);
      changed({ ...member, silenced: seconds === undefined ? {} : { until: store.now() + seconds * 1000 } });
    };
    return { icon: "mute", label: t("group.silence"), run: () => silenceDialog(user, run) };
  }

  /** @param {string} username @returns {Item[]} */
  function waysOut(username) {
    const out = (/** @type {() => Promise<unknown>} */ run) => () => told(() => run().then(() => gone(username)));
    return [
      { icon: "close", label: t("group.remove_member"), danger: true, run: out(() => api.removeMember(conversation, username)) },
      { icon: "ban", label: t("group.ban"), danger: true, run: out(() => api.ban(conversation, username, true)) },
    ];
  }
}
