import { h, icon } from "../dom.js";
import { refusal, t } from "../i18n.js";
import { isSilenced } from "../protocol/rights.js";
import { isPresent, presenceWords } from "./company.js";
import { actionButton } from "./dialog.js";
import { newsOf, saidAfter } from "./group_news.js";
import { inviteFriends } from "./invite_friends.js";
import { memberMenu } from "./member_menu.js";
import { openMenu } from "./menu.js";
import { personRow } from "./person.js";
import { whileShown } from "./while_shown.js";

/**
 * The members of a group, page by page as one scrolls, and by name; true for as long as one looks.
 *
 * @import { Api, Member } from "../api.js"
 * @import { Store } from "../store.js"
 * @import { Head } from "../protocol/types.js"
 * @import { People } from "./people.js"
 */

/** Fewer than this are seen at a glance, without a search. */
const SEARCHED = 12;
/** One asks when the person stops typing. */
const PAUSE = 150;

/**
 * @param {Api} api
 * @param {Store} store
 * @param {People} people
 * @param {Head} head
 * @param {HTMLElement} error
 * @param {() => void} close
 */
export function memberList(api, store, people, head, error, close) {
  const list = h("ul", {}, h("li", { class: "note" }, t("timeline.loading")));
  const more = actionButton({ label: t("group.more_members"), look: "quiet", run: () => page() }, error);
  more.hidden = true;
  const search = h("input", { type: "search", autocomplete: "off", "aria-label": t("group.find_member"), placeholder: t("group.find_member") });
  const heard = h("p", { class: "visually-hidden", role: "status" });
  /** @type {Map<number, Member>} Those in the list. */
  const shown = new Map();
  /** @type {number | undefined} */
  let last;
  let asked = 0;
  let heardUpTo = head.last_seq;
  let mine = head.role;
  const menu = memberMenu({ api, store, people, head, close, told, changed: draw, gone: (username) => rowOf(username)?.remove() });

  /** The next page; of an earlier search nothing is shown. */
  async function page() {
    const turn = asked;
    const { members, more: further } = await api.members(head.conversation, { after: last, query: search.value.trim() });
    if (turn !== asked) return;
    if (last === undefined) (list.replaceChildren(), shown.clear());
    last = members.at(-1)?.user.id ?? last;
    list.append(...members.filter(({ user }) => !rowOf(user.username)).map(row));
    if (!list.children.length) list.append(h("li", { class: "note" }, t("group.no_such_member")));
    heard.textContent = search.value.trim() ? nameOf(list) : "";
    more.hidden = !further;
    look();
  }

  function begin() {
    asked += 1;
    last = undefined;
    page().catch(tell);
  }

  /** @param {Member} member @returns {HTMLElement} */
  function row(member) {
    const { user } = member;
    shown.set(user.id, member);
    const label = t("contacts.more", { name: user.display_name });
    const button = h("button", { type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label }, icon("more"));
    button.addEventListener("click", () => openMenu(button, menu(member)));
    const line = personRow(user, { about: about(member), actions: menu(member).length ? [button] : [] });
    line.toggleAttribute("data-present", isPresent(store, user));
    return line;
  }

  /** @param {Member} member */
  function about({ user, role, silenced }) {
    const presence = presenceWords(store.company?.sightings.get(user.id), store.now());
    const marks = [role !== "member" && t(`role.${role}`), isSilenced(silenced, store.now()) && t("group.silenced"), presence];
    return [`@${user.username}`, ...marks].filter(Boolean).join(" · ");
  }

  /** Who is there, without making the lines anew: somebody may be at one of the buttons. */
  function showPresence() {
    for (const member of shown.values()) {
      const line = rowOf(member.user.username);
      const words = line?.querySelector(".person-about");
      line?.toggleAttribute("data-present", isPresent(store, member.user));
      if (words && words.textContent !== about(member)) words.textContent = about(member);
    }
  }

  /** Who is at its button stays there. @param {Member} member */
  function draw(member) {
    const before = rowOf(member.user.username);
    const focused = before?.contains(document.activeElement);
    const now = row(member);
    before?.replaceWith(now);
    if (focused) now.querySelector("button")?.focus();
  }

  /** What the group's own messages tell of its members. */
  function follow() {
    const room = store.rooms.get(head.conversation);
    if (!room) return close();
    const said = saidAfter(room, heardUpTo);
    heardUpTo = room.head.last_seq;
    if (!said) return begin();
    const news = said.map((message) => newsOf(message, (user) => shown.get(user)));
    // Whose the group becomes when its owner leaves, no message says.
    if (news.some(({ gone }) => gone.some((user) => shown.get(user)?.role === "owner"))) return begin();
    news.forEach(({ changed, gone }) => (changed.forEach(put), gone.forEach(drop)));
    if (room.head.role !== mine) [...shown.values()].forEach(draw);
    mine = room.head.role;
  }

  /** @param {Member} member */
  function put(member) {
    if (rowOf(member.user.username)) draw(member);
    else if (!search.value.trim()) list.prepend(row(member));
  }

  /** @param {number} user */
  function drop(user) {
    rowOf(shown.get(user)?.user.username ?? "")?.remove();
    shown.delete(user);
  }

  /** @param {string} username */
  function rowOf(username) {
    return list.querySelector(`[data-username="${CSS.escape(username)}"]`);
  }

  /** Run it, and say what the server refused. @param {() => Promise<unknown>} run */
  function told(run) {
    error.textContent = "";
    run().catch(tell);
  }

  /** @param {unknown} problem */
  function tell(problem) {
    error.textContent = refusal(problem);
  }

  const look = whenSeen(more);
  begin();
  whenTyped(search, begin);
  whileShown(store, ["company"], list, showPresence);
  whileShown(store, ["rooms"], list, follow);
  const added = (/** @type {Member} */ member) => rowOf(member.user.username) ?? list.prepend(row(member));
  const invite = h("button", { type: "button", class: "button small quiet", onclick: () => inviteFriends(api, store, head, added).catch(tell) }, t("group.invite"));
  const title = h("h3", { class: "section-title" }, t("group.member_list"), h("span", { class: "section-actions" }, invite));
  const found = (head.members ?? 0) > SEARCHED && h("div", { class: "member-search" }, icon("search"), search);
  return h("section", { class: "members" }, title, found, heard, list, more);
}

/** What a search has found, in a word for who does not see it: the first line. @param {HTMLElement} list */
function nameOf(list) {
  return list.querySelector(".person-name, .note")?.textContent ?? "";
}

/** @param {HTMLInputElement} search @param {() => void} run */
function whenTyped(search, run) {
  /** @type {number | undefined} */
  let timer;
  search.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(run, PAUSE);
  });
}

/**
 * Press the button when it comes near: the list goes on as one scrolls.
 *
 * @param {HTMLButtonElement} button
 * @returns {() => void}  Looks again: who stays at the end sees no button come.
 */
function whenSeen(button) {
  const seen = (/** @type {IntersectionObserverEntry[]} */ entries) => entries.at(-1)?.isIntersecting && button.click();
  /** @type {IntersectionObserver | undefined} */
  let observer;
  return () => {
    observer ??= new IntersectionObserver(seen, { root: button.closest(".dialog-body"), rootMargin: "400px" });
    observer.unobserve(button);
    observer.observe(button);
  };
}
