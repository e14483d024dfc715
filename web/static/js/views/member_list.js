import { h } from "../dom.js";
import { refusal, t } from "../i18n.js";
import { inviteFriends } from "./invite_friends.js";
import { MemberMenu } from "./member_menu.js";
import { MemberNews } from "./member_news.js";
import { MemberPages } from "./member_pages.js";
import { MemberRows } from "./member_rows.js";
import { whileShown } from "./while_shown.js";

/**
 * The members of a group, page by page as one scrolls, and by name; true for as long as one looks.
 *
 * @import { Api } from "../api.js"
 * @import { Store } from "../store.js"
 * @import { Head } from "../protocol/types.js"
 * @import { People } from "./people.js"
 */

/** Fewer than this are seen at a glance, without a search. */
const SEARCHED = 12;

/**
 * @param {Api} api
 * @param {Store} store
 * @param {People} people
 * @param {Head} head
 * @param {HTMLElement} error
 * @param {() => void} close
 */
export function memberList(api, store, people, head, error, close) {
  const { told, tell } = telling(error);
  const menu = new MemberMenu({ api, store, people, head, close, told, changed: (member) => rows.draw(member), gone: (username) => rows.remove(username) });
  const rows = new MemberRows(store, (member) => menu.of(member));
  const pages = new MemberPages(api, head.conversation, rows, error);
  const news = new MemberNews(head, rows, pages);
  const invite = () => inviteFriends(api, store, head, (member) => rows.add(member)).catch(tell);

  pages.begin();
  whileShown(store, ["company"], rows.list, () => rows.showPresence());
  whileShown(store, ["rooms"], rows.list, () => {
    const room = store.rooms.get(head.conversation);
    if (room) news.follow(room);
    else close();
  });
  const search = (head.members ?? 0) > SEARCHED && pages.search;
  return h("section", { class: "members" }, titleLine(invite), search, pages.heard, rows.list, pages.more);
}

/** @param {() => void} onclick  Invites friends. */
function titleLine(onclick) {
  const invite = h("button", { type: "button", class: "button small quiet", onclick }, t("group.invite"));
  return h("h3", { class: "section-title" }, t("group.member_list"), h("span", { class: "section-actions" }, invite));
}

/** Where the list says what the server refused. @param {HTMLElement} error */
function telling(error) {
  const tell = (/** @type {unknown} */ problem) => {
    error.textContent = refusal(problem);
  };
  /** @param {() => Promise<unknown>} run */
  const told = (run) => {
    error.textContent = "";
    run().catch(tell);
  };
  return { told, tell };
}
