/**
 * Pages of a conversation's past: the newest when it is opened, those beside what is loaded when someone scrolls,
 * and those around a message that someone leaps to.
 *
 * @import { Part } from "./conversation.js"
 * @import { Room, Store } from "../store.js"
 * @import { HistoryRequest, Message, Page, Refusal } from "./types.js"
 *
 * @typedef {"newest" | "older" | "newer" | "around"} Which
 */

const PAGE = 60;
/** The first page has everything unread, and this many messages before it. */
const CONTEXT = 10;

export class History {
  /** @type {Map<Room, Promise<unknown>>} What is on its way. */
  #fetching = new Map();

  /**
   * @param {Store} store
   * @param {(frame: HistoryRequest) => Promise<Page | Refusal>} request
   * @param {(items: Message[]) => void} onItems
   */
  constructor(store, request, onItems) {
    this.store = store;
    this.request = request;
    this.onItems = onItems;
  }

  /** The newest page, unless it is loaded. @param {Room} room */
  async newest(room) {
    if (room.log.start !== null || this.#fetching.has(room)) return;
    const limit = Math.max(PAGE, room.head.unread + CONTEXT);
    await this.#page(room, "newest", { limit }, ({ items, more }) => room.log.page(items, more));
  }

  /** The page before the part that is looked at. @param {Room} room @param {Part} part */
  async older(room, part) {
    const { log } = room;
    if (!log.hasOlder(part) || this.#fetching.has(room)) return;
    const to = part.from - 1;
    await this.#page(room, "older", { before: part.from, limit: PAGE }, ({ items, more }) => {
      if (items.length) log.insert(items, { from: items[0].seq, to });
      if (!more) log.hide((items[0]?.seq ?? part.from) - 1);
    });
  }

  /** The page after it. @param {Room} room @param {Part} part */
  async newer(room, part) {
    const { log } = room;
    if (part.newest || this.#fetching.has(room)) return;
    const from = part.to + 1;
    await this.#page(room, "newer", { after: part.to, limit: PAGE }, ({ items, more }) => {
      log.insert(items, { from, to: more ? (items.at(-1)?.seq ?? part.to) : Infinity });
    });
  }

  /**
   * A message and what stands around it.
   *
   * @param {Room} room
   * @param {number} seq
   * @returns {Promise<"here" | "missing" | "lost" | "refused">} Lost: the connection went away before it was known; refused: it may be asked again later.
   */
  async around(room, seq) {
    const { log } = room;
    while (this.#fetching.has(room)) await this.#fetching.get(room);
    if (log.start === null) await this.newest(room);
    if (log.start === null) return "lost";
    if (log.covers(seq)) return "here";
    const reply = await this.#page(room, "around", { around: seq, limit: PAGE }, ({ items }) => {
      if (items.length) log.insert(items, { from: items[0].seq, to: items[items.length - 1].seq });
    });
    if (!reply) return "lost";
    if (reply.type === "error" && reply.temporary) return "refused";
    return log.covers(seq) ? "here" : "missing";
  }

  /**
   * @param {Room} room
   * @param {Which} which
   * @param {{before?: number, after?: number, around?: number, limit: number}} where
   * @param {(page: Page) => void} keep
   * @returns {Promise<Page | Refusal | null>} Null when the connection went away.
   */
  async #page(room, which, where, keep) {
    const { lives, id } = room.log;
    this.#become(room, which);
    const asking = this.request({ type: "history", conversation: id, ...where }).catch(() => null);
    this.#fetching.set(room, asking);
    const reply = await asking;
    this.#fetching.delete(room);
    // after a `reset` meanwhile, the page belongs to nothing
    if (reply?.type === "ok" && room.log.lives === lives) {
      keep(reply);
      this.onItems(reply.items);
    }
    this.#become(room, reply?.type === "error" && which !== "around" ? "failed" : "");
    return reply;
  }

  /** @param {Room} room @param {Room["paging"]} paging */
  #become(room, paging) {
    room.paging = paging;
    this.store.changed("timeline");
  }
}
