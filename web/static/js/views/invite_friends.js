import { h } from "../dom.js";
import { t } from "../i18n.js";
import { actionButton, errorLine, openDialog } from "./dialog.js";
import { withFriends } from "./friends.js";
import { personRow } from "./person.js";

/**
 * Bring friends into a group who are not in it yet.
 *
 * @import { Api, Member } from "../api.js"
 * @import { Store } from "../store.js"
 * @import { Head, Person } from "../protocol/types.js"
 */

/** The most the server gives at once. */
const PAGE = 500;

/**
 * @param {Api} api
 * @param {Store} store
 * @param {Head} head
 * @param {(member: Member) => void} onInvited
 */
export async function inviteFriends(api, store, head, onInvited) {
  const known = await usernames(api, head.conversation);
  withFriends(store, t("group.invite"), (friends) => choose(api, head, friends.filter(({ username }) => !known.has(username)), onInvited));
}

/** @param {Api} api @param {Head} head @param {Person[]} friends @param {(member: Member) => void} onInvited */
function choose(api, head, friends, onInvited) {
  const error = errorLine();
  const rows = friends.map((user) => {
    const run = async () => {
      const { member } = await api.invite(head.conversation, user.username);
      onInvited(member);
      line.remove();
      if (!list.children.length) list.replaceWith(nobody());
    };
    const button = actionButton({ label: t("group.invite_one"), look: "small primary", run }, error);
    button.ariaLabel = t("group.invite_name", { name: user.display_name });
    const line = personRow(user, { actions: [button] });
    return line;
  });
  const list = h("ul", {}, ...rows);
  const nobody = () => h("p", { class: "note" }, t("group.nobody_to_invite"));
  openDialog(t("group.invite"), [error, rows.length ? list : nobody()]);
}

/** Of every member. @param {Api} api @param {number} id @returns {Promise<Set<string>>} */
async function usernames(api, id) {
  /** @type {Set<string>} */
  const known = new Set();
  let page = await api.members(id, { limit: PAGE });
  page.members.forEach(({ user }) => known.add(user.username));
  while (page.more && page.members.length) {
    page = await api.members(id, { limit: PAGE, after: page.members.at(-1)?.user.id });
    page.members.forEach(({ user }) => known.add(user.username));
  }
  return known;
}
