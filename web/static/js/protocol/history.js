/**
 * Pages of a conversation's past: the newest when it is opened, older ones when someone scrolls or leaps there.
 *
 * @import { Room, Store } from "../store.js"
 * @import { Message, Page, Refusal } from "./types.js"
 */

const PAGE = 50;
/** The largest page there is to ask for. */
const LARGEST = 200;
/** The first page has everything unread, and this many messages before it. */
const CONTEXT = 10;

export class History {
  /** @type {Map<Room, Promise<void>>} What is on its way. */
  #fetching = new Map();

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
    if (room.log.start === null && !this.#fetching.has(room)) this.#fetch(room, "newest", Math.max(PAGE, room.head.unread + CONTEXT));
  }

  /** The page before what is loaded. @param {Room} room */
  older(room) {
    if (room.log.start && room.log.older && !this.#fetching.has(room)) this.#fetch(room, "older", PAGE);
  }

  /**
   * Everything from this message on, in as few pages as there are.
   *
   * @param {Room} room
   * @param {number} seq
   * @returns {Promise<boolean>} Whether it is loaded now.
   */
  async backTo(room, seq) {
    await this.#fetching.get(room);
    const { log } = room;
    for (let start = log.start; start && start > seq && log.older; start = log.start) {
      await this.#fetch(room, "older", Math.min(LARGEST, start - seq + CONTEXT));
      if (log.start === start) return false;
    }
    return log.start !== null && log.start <= seq && log.messages.has(seq);
  }

  /** @param {Room} room @param {"newest" | "older"} which @param {number} limit */
  #fetch(room, which, limit) {
    const fetching = this.#page(room, which, limit).finally(() => this.#fetching.delete(room));
    this.#fetching.set(room, fetching);
    return fetching;
  }

  /** @param {Room} room @param {"newest" | "older"} which @param {number} limit */
  async #page(room, which, limit) {
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
