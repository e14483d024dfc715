import { h, icon } from "../dom.js";
import { refusal, t } from "../i18n.js";
import { bannedPeople } from "./banned_people.js";
import { presenceWords } from "./company.js";
import { actionButton, confirm, errorLine, openDialog } from "./dialog.js";
import { openMenu } from "./menu.js";
import { personRow } from "./person.js";

/**
 * The members of a group, page by page, with inviting and removing.
 *
 * @import { Api, Member } from "../api.js"
 * @import { Store } from "../store.js"
 * @import { Head, Person } from "../protocol/types.js"
 * @import { People } from "./people.js"
 * @import { Item } from "./menu.js"
 */

/**
 * @param {Api} api
 * @param {Store} store
 * @param {People} people
 * @param {Head} head
 * @param {HTMLElement} error
 * @param {() => void} close
 */
export function memberList(api, store, people, head, error, close) {
  const list = h("ul", { "aria-live": "polite" }, h("li", { class: "note" }, t("timeline.loading")));
  const more = actionButton({ label: t("group.more_members"), look: "quiet", run: () => page() }, error);
  more.hidden = true;
  const invite = h("button", { type: "button", class: "button small quiet", onclick: () => inviteFriends(api, store, head, known, (member) => list.prepend(row(member))) }, t("group.invite"));
  /** @type {Set<string>} */
  const known = new Set();
  /** @type {number | undefined} */
  let last;

  async function page() {
    const { members, more: further } = await api.members(head.conversation, last);
    if (last === undefined) list.replaceChildren();
    last = members.at(-1)?.user.id ?? last;
    members.forEach(({ user }) => known.add(user.username));
    list.append(...members.map(row));
    more.hidden = !further;
  }

  /** @param {Member} member @returns {HTMLElement} */
  function row(member) {
    const { user, role } = member;
    const items = menuOf(user.id === store.me.id ? "self" : role, member);
    const label = t("contacts.more", { name: user.display_name });
    const button = h("button", { type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label }, icon("more"));
    button.addEventListener("click", () => openMenu(button, items));
    const { presence } = member;
    const about = [`@${user.username}`, role !== "member" && t(`role.${role}`), presenceWords(presence, store.now())].filter(Boolean).join(" · ");
    const line = personRow(user, { about, actions: items.length ? [button] : [] });
    line.toggleAttribute("data-present", presence?.online === true);
    return line;
  }

  /** @param {string} username */
  function rowOf(username) {
    return list.querySelector(`[data-username="${CSS.escape(username)}"]`);
  }

  /** @param {string} role @param {Member} member @returns {Item[]} */
  function menuOf(role, { user }) {
    if (role === "self") return [];
    const { username } = user;
    const above = head.role === "owner" || (head.role === "moderator" && role === "member");
    const message = { icon: "chats", label: t("contacts.message"), run: () => (close(), people.open(username)) };
    const befriended = store.contacts.get(username)?.state === "friend";
    return [...(befriended ? [message] : []), ...(head.role === "owner" ? appointments(role, user) : []), ...(above && role !== "owner" ? waysOut(username) : [])];
  }

  /** What an owner may make of a member. @param {string} role @param {Person} user @returns {Item[]} */
  function appointments(role, { username, display_name }) {
    const next = role === "moderator" ? "member" : "moderator";
    const label = t(next === "moderator" ? "group.promote" : "group.demote");
    const change = () => told(async () => rowOf(username)?.replaceWith(row((await api.appoint(head.conversation, username, next)).member)));
    const hand = () => {
      close();
      const run = () => api.appoint(head.conversation, username, "owner");
      confirm(t("group.hand_over"), t("group.hand_over.sure", { name: display_name }), { label: t("group.hand_over"), run });
    };
    return [
      { icon: "people", label, run: change },
      { icon: "people", label: t("group.hand_over"), run: hand },
    ];
  }

  /** @param {string} username @returns {Item[]} */
  function waysOut(username) {
    const gone = (/** @type {() => Promise<unknown>} */ run) => () =>
      told(async () => {
        await run();
        known.delete(username);
        rowOf(username)?.remove();
      });
    return [
      { icon: "close", label: t("group.remove_member"), danger: true, run: gone(() => api.removeMember(head.conversation, username)) },
      { icon: "ban", label: t("group.ban"), danger: true, run: gone(() => api.ban(head.conversation, username, true)) },
    ];
  }

  /** Run it, and say what the server refused. @param {() => Promise<unknown>} run */
  function told(run) {
    run().catch((problem) => (error.textContent = refusal(problem)));
  }

  page().catch((problem) => (error.textContent = refusal(problem)));
  const leads = head.role === "owner" || head.role === "moderator";
  const banned = leads && h("button", { type: "button", class: "button small quiet", onclick: () => bannedPeople(api, head) }, t("group.banned"));
  const title = h("h3", { class: "section-title" }, t("group.member_list"), h("span", { class: "section-actions" }, banned, invite));
  return h("section", { class: "members" }, title, list, more);
}

/**
 * Invite friends who are not in the group yet.
 *
 * @param {Api} api
 * @param {Store} store
 * @param {Head} head
 * @param {Set<string>} known
 * @param {(member: Member) => void} onInvited
 */
function inviteFriends(api, store, head, known, onInvited) {
  const friends = [...store.contacts.values()].filter(({ state, user }) => state === "friend" && !known.has(user.username));
  const error = errorLine();
  const rows = friends.map(({ user }) => {
    const run = async () => {
      const { member } = await api.invite(head.conversation, user.username);
      known.add(user.username);
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
