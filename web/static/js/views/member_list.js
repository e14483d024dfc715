import { h, icon } from "../dom.js";
import { refusal, t } from "../i18n.js";
import { isSilenced } from "../protocol/rights.js";
import { presenceWords } from "./company.js";
import { actionButton } from "./dialog.js";
import { inviteFriends } from "./invite_friends.js";
import { memberMenu } from "./member_menu.js";
import { openMenu } from "./menu.js";
import { personRow } from "./person.js";

/**
 * The members of a group, page by page as one scrolls, and by name.
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
  /** @type {number | undefined} */
  let last;
  let asked = 0;
  const menu = memberMenu({ api, store, people, head, close, told, changed: (member) => rowOf(member.user.username)?.replaceWith(row(member)), gone: (username) => rowOf(username)?.remove() });

  /** The next page; of an earlier search nothing is shown. */
  async function page() {
    const turn = asked;
    const { members, more: further } = await api.members(head.conversation, { after: last, query: search.value.trim() });
    if (turn !== asked) return;
    if (last === undefined) list.replaceChildren();
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
    const { user, role, silenced } = member;
    const label = t("contacts.more", { name: user.display_name });
    const button = h("button", { type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": label }, icon("more"));
    button.addEventListener("click", () => openMenu(button, menu(member)));
    const { presence } = member;
    const marks = [role !== "member" && t(`role.${role}`), isSilenced(silenced, store.now()) && t("group.silenced"), presenceWords(presence, store.now())];
    const about = [`@${user.username}`, ...marks].filter(Boolean).join(" · ");
    const line = personRow(user, { about, actions: menu(member).length ? [button] : [] });
    line.toggleAttribute("data-present", presence?.online === true);
    return line;
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
