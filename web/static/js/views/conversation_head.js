import { byId, h, icon } from "../dom.js";
import { t, tn } from "../i18n.js";
import { avatar } from "./avatar.js";
import { isPresent, subtitle } from "./company.js";

/**
 * The line above a timeline: who or what this conversation is.
 *
 * @import { Store } from "../store.js"
 * @import { Head, Person } from "../protocol/types.js"
 */

/**
 * @param {Store} store
 * @param {() => void} onInfo
 * @param {(conversation: number) => void} onSearch
 */
export function conversationHead(store, onInfo, onSearch) {
  const head = byId("conversation-head");
  let shown = "";

  function render() {
    const room = store.room;
    const person = room?.head.peer ?? draftedTo(store);
    const signature = JSON.stringify([store.place, room?.head.title, room?.head.members, room?.head.public, room?.head.picture, person]);
    if (signature !== shown) build(room?.head, person);
    shown = signature;
    const line = head.querySelector(".head-subtitle");
    if (line) subtitle(line, store, person);
    head.toggleAttribute("data-present", room?.head.kind === "direct" && isPresent(store, person));
  }

  /** @param {Head | undefined} shownHead @param {Person | undefined} person */
  function build(shownHead, person) {
    if (shownHead) head.replaceChildren(back(), ...about(shownHead), search(shownHead, onSearch), info(shownHead, onInfo));
    else if (person) head.replaceChildren(back(), ...words(person.display_name, `@${person.username}`, person.id, "", person.picture));
  }

  store.subscribe(["place", "rooms", "contacts", "company"], render);
  window.setInterval(render, 60_000);
}

/** Whom a conversation that does not exist yet is with. @param {Store} store @returns {Person | undefined} */
function draftedTo(store) {
  if (!store.place || !("to" in store.place)) return undefined;
  const { to } = store.place;
  return store.contacts.get(to)?.user ?? { id: 0, username: to, display_name: to };
}

/** @param {Head} head */
function about({ title, kind, peer, members, public: open, conversation, picture }) {
  if (kind === "direct") return words(title, peer?.deleted ? t("direct.deleted") : `@${peer?.username ?? ""}`, peer?.id ?? conversation, "", peer?.picture);
  const count = members === undefined ? "" : tn("group.members", members);
  const subtitle = open ? `${count} · ${t("group.public")}` : count;
  return words(title, subtitle, conversation, "group", picture);
}

/** @param {string} title @param {string} subtitle @param {number} id @param {"" | "group"} look @param {number} [picture] */
function words(title, subtitle, id, look, picture) {
  const lines = [h("h2", { class: "head-title", dir: "auto" }, title), h("p", { class: "head-subtitle" }, subtitle)];
  return [avatar(title, id, look ? "small group" : "small", picture), h("div", { class: "head-words" }, ...lines)];
}

function back() {
  return h("a", { class: "icon-button back-link", href: "#", "aria-label": t("conversation.back") }, icon("back"));
}

/** @param {Head} head @param {(conversation: number) => void} onSearch */
function search({ conversation }, onSearch) {
  const label = t("search.here");
  return h("button", { type: "button", id: "search-button", class: "icon-button", "aria-label": label, title: label, onclick: () => onSearch(conversation) }, icon("search"));
}

/** @param {Head} head @param {() => void} onInfo */
function info(head, onInfo) {
  const label = t(head.kind === "group" ? "group.info" : "direct.info");
  return h("button", { type: "button", id: "info-button", class: "icon-button", "aria-label": label, title: label, onclick: onInfo }, icon("info"));
}
