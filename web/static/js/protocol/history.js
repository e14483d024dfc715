/**
 * Pages of a conversation's past: the newest when it is opened, older ones when someone scrolls there.
 *
 * @import { Room, Store } from "../store.js"
 * @import { Message, Page, Refusal } from "./types.js"
 */

const PAGE = 50;
/** The first page has everything unread, and this many messages before it. */
const CONTEXT = 10;

export class History {
  /**
   * @param {Store} store
   * @param {(frame: object) => Promise<Page | Refusal>} request
   * @param {(items: Message[]) => void} onItems
   */
  constructor(store, request, onItems) {
    this.store = store;
    this.request = request;
    this.onItems = onItems;
  }

  /** The newest page, unless it is loaded. @param {Room} room */
  newest(room) {
    if (room.log.start === null && !this.#busy(room)) this.#fetch(room, "newest", Math.max(PAGE, room.head.unread + CONTEXT));
  }

  /** The page before what is loaded. @param {Room} room */
  older(room) {
    if (room.log.start && room.log.older && !this.#busy(room)) this.#fetch(room, "older", PAGE);
  }

  /** @param {Room} room */
  #busy({ paging }) {
    return paging === "newest" || paging === "older";
  }

  /** @param {Room} room @param {"newest" | "older"} which @param {number} limit */
  async #fetch(room, which, limit) {
    const before = room.log.start ?? undefined;
    this.#become(room, which);
    const request = { type: "history", conversation: room.log.id, before, limit };
    const reply = await this.request(request).catch(() => null);
    // after a `reset` meanwhile, the page belongs to nothing
    if (reply?.type === "ok" && (room.log.start ?? undefined) === before) {
      room.log.page(reply.items, reply.more);
      this.onItems(reply.items);
    }
    this.#become(room, reply?.type === "error" ? "failed" : "");
  }

  /** @param {Room} room @param {Room["paging"]} paging */
  #become(room, paging) {
    room.paging = paging;
    this.store.changed("timeline");
  }
}
