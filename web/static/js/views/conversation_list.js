import { arrange, byId, h, icon } from "../dom.js";
import { t, tn } from "../i18n.js";
import { briefTime, fullTime } from "../time.js";
import { avatar } from "./avatar.js";
import { isPresent } from "./company.js";
import { Roving } from "./roving.js";
import { gist, pictureOf, previewOf, upTo99 } from "./words.js";

/**
 * The list of conversations: latest first, with last message, time and unread badge.
 *
 * @import { Room, Store } from "../store.js"
 * @import { Entry } from "../protocol/outbox.js"
 */

/** @type {Map<number, {item: HTMLElement, signature: string}>} */
const items = new Map();

/** @param {Store} store */
export function conversationList(store) {
  const list = byId("conversation-list");
  const note = byId("list-note");
  const roving = new Roving(list, ".conversation-item", () => list.querySelector("[aria-current]") ?? list.querySelector(".conversation-item"));

  function render() {
    const rooms = sorted([...store.rooms.values()]);
    const waiting = lastWaiting(store.pending);
    arrange(list, rooms.map((room) => itemOf(room, store, waiting.get(room.head.conversation))));
    for (const id of items.keys()) if (!store.rooms.has(id)) items.delete(id);
    if (!store.filled) list.replaceChildren(...Array.from({ length: 6 }, () => h("div", { class: "skeleton" })));
    roving.settle();
    list.ariaBusy = String(!store.filled);
    note.textContent = store.filled && !rooms.length ? t("list.empty") : "";
  }

  store.subscribe(["rooms", "place", "pending", "company"], render);
  window.setInterval(render, 60_000);
  render();
}

/** @param {Room[]} rooms */
function sorted(rooms) {
  return rooms.sort((a, b) => latest(b) - latest(a) || b.head.conversation - a.head.conversation);
}

/** @param {Room} room */
function latest({ head }) {
  return head.preview?.at ?? 0;
}

/** The last message of each conversation that is still on its way. @param {Entry[]} entries */
function lastWaiting(entries) {
  return new Map(entries.filter((entry) => entry.conversation && entry.seq === undefined).map((entry) => [entry.conversation, entry]));
}

/** @param {Room} room @param {Store} store @param {Entry} [waiting] */
function itemOf(room, store, waiting) {
  const { head } = room;
  const current = store.room === room;
  const time = head.preview ? briefTime(head.preview.at, store.now()) : "";
  const preview = waiting ? t("preview.own", { text: gist(waiting) }) : previewOf(head, store.me.id);
  const { title, unread, mentions, muted, kind } = head;
  const present = isPresent(store, head.peer);
  const picture = pictureOf(head);
  const signature = JSON.stringify([title, unread, mentions, muted, time, preview, waiting?.state, current, kind, present, picture]);
  const known = items.get(head.conversation);
  if (known?.signature === signature) return known.item;
  const item = known?.item ?? h("a", { class: "conversation-item", href: `#c${head.conversation}`, tabindex: -1, "data-conversation": head.conversation });
  item.toggleAttribute("data-unread", unread > 0);
  item.toggleAttribute("data-present", present);
  if (current) item.setAttribute("aria-current", "true");
  else item.removeAttribute("aria-current");
  item.replaceChildren(avatar(title, head.peer?.id ?? head.conversation, kind === "group" ? "group" : "", picture), words(room, time, preview, waiting, present));
  items.set(head.conversation, { item, signature });
  return item;
}

/** @param {Room} room @param {string} time @param {string} preview @param {Entry | undefined} waiting @param {boolean} present */
function words({ head }, time, preview, waiting, present) {
  const at = head.preview?.at;
  const failed = waiting?.state === "failed";
  const mark = waiting ? icon(failed ? "alert" : "clock") : null;
  mark?.classList.add("small");
  return h(
    "div",
    { class: "item-words" },
    h(
      "div",
      { class: "item-line" },
      h("span", { class: "item-title", dir: "auto" }, head.title),
      present && h("span", { class: "visually-hidden" }, t("presence.online")),
      head.muted && icon("mute"),
      at ? h("time", { class: "item-time", datetime: new Date(at).toISOString(), title: fullTime(at) }, time) : null,
    ),
    h(
      "div",
      { class: "item-line" },
      h("span", { class: failed ? "item-preview failed" : "item-preview" }, mark, mark && " ", preview),
      head.mentions ? mentionBadge(head.mentions) : null,
      head.unread ? badge(head.unread, head.muted) : null,
    ),
  );
}

/** @param {number} unread @param {boolean} muted */
function badge(unread, muted) {
  const words = t("list.unread", { count: upTo99(unread) });
  const number = h("span", { "aria-hidden": "true" }, upTo99(unread));
  return h("span", { class: muted ? "badge muted" : "badge" }, number, h("span", { class: "visually-hidden" }, words));
}

/** @param {number} mentions */
function mentionBadge(mentions) {
  const words = tn("list.mentions", mentions);
  return h("span", { class: "badge mention", title: words }, h("span", { "aria-hidden": "true" }, "@"), h("span", { class: "visually-hidden" }, words));
}
