import { keepNear, keepNewest } from "./memory.js";

/**
 * Where in the open conversation its reader is, and what has to be loaded for that; knows no page.
 *
 * @import { Part } from "./conversation.js"
 * @import { History } from "./history.js"
 * @import { Range } from "./ranges.js"
 * @import { Place, Room, Store } from "../store.js"
 */

export class Reader {
  /** @type {Room | undefined} The one that has been begun to be looked at. */
  #begun;

  /** @type {Room | null} Whose first unread message is still to be led to. */
  #heading = null;

  /** @param {Store} store @param {History} history */
  constructor(store, history) {
    this.store = store;
    this.history = history;
  }

  /** The part of the open conversation that is looked at. @returns {Part | null} */
  get part() {
    const { room } = this.store;
    return room ? room.log.part(room.anchor) : null;
  }

  /** Whether what is loaded of the open conversation is where one begins to read. */
  get isThere() {
    return this.part !== null && this.#heading !== this.store.room;
  }

  /**
   * Look at a conversation: at its newest messages, or around one of them.
   *
   * @param {Place | null} place
   * @param {number} [seq]
   */
  open(place, seq) {
    const id = place && "conversation" in place ? place.conversation : undefined;
    if (seq !== undefined && id === this.store.room?.log.id) return this.seek(seq);
    this.#leave();
    this.store.place = place;
    this.store.sought = id !== undefined && seq !== undefined ? { conversation: id, seq, state: "asked" } : null;
    this.store.changed("place", "rooms", "timeline");
    this.load();
  }

  /** Fetch what the open conversation needs to be looked at, unless it is loaded. */
  load() {
    const { room, sought } = this.store;
    if (!room) return;
    this.#begin(room);
    if (sought?.conversation === room.log.id) this.#seek();
    else this.#toNews(room);
  }

  /** The newest page; and where what is new begins before it, what is around that. @param {Room} room */
  async #toNews(room) {
    await this.history.newest(room);
    const { log, divider } = room;
    if (room !== this.#heading || log.start === null) return;
    const first = Math.max(divider ?? 0, log.floor) + 1;
    const outcome = divider === null || first >= log.start ? "missing" : await this.history.around(room, first);
    if (room !== this.#heading || outcome === "lost") return;
    if (outcome === "here") room.anchor = first;
    this.#heading = null;
    this.store.changed("timeline");
  }

  /** Look at a message of the open conversation, however far back. @param {number} seq */
  seek(seq) {
    const { room } = this.store;
    if (!room || (this.store.sought?.seq === seq && this.store.sought.state === "coming")) return;
    this.#heading = null;
    this.store.sought = { conversation: room.log.id, seq, state: "asked" };
    this.#seek();
  }

  /** The message that was sought is in sight, or will never be. */
  arrived() {
    this.store.sought = null;
  }

  /** What comes while nobody looks at the page is new. */
  away() {
    const { room } = this.store;
    if (room?.head.unread && room.divider === null) room.divider = room.head.read_seq;
  }

  /** One has said something: nothing is new any more. */
  said() {
    const { room } = this.store;
    if (room) room.divider = null;
  }

  /** Look at the newest messages again. */
  latest() {
    const { room } = this.store;
    if (!room) return;
    this.store.sought = null;
    this.#heading = null;
    room.anchor = null;
    this.store.changed("timeline");
    this.load();
  }

  /** Fetch the page before what is looked at. */
  older() {
    const { room } = this.store;
    if (room && this.part) this.history.older(room, this.part);
  }

  /** Fetch the page after what is looked at. */
  newer() {
    const { room } = this.store;
    if (room && this.part) this.history.newer(room, this.part);
  }

  /** These messages are in sight; what is far from them is let go. @param {Range} sight */
  sees(sight) {
    const { room, sought } = this.store;
    const part = this.part;
    if (!room || !part || sought || room.paging === "older" || room.paging === "newer") return;
    const changed = keepNear(room.log, part, sight);
    room.anchor = room.log.part(sight.from)?.newest ? null : sight.from;
    if (changed) this.store.changed("timeline");
  }

  /** What is unread when one comes is new. @param {Room} room */
  #begin(room) {
    if (room === this.#begun) return;
    this.#begun = room;
    room.divider = room.head.unread ? room.head.read_seq : null;
    this.#heading = this.store.sought ? null : room;
  }

  #leave() {
    const { room } = this.store;
    this.#begun = undefined;
    this.#heading = null;
    if (!room) return;
    room.anchor = null;
    keepNewest(room.log);
  }

  async #seek() {
    const { room, sought } = this.store;
    if (!room || sought?.state !== "asked") return;
    sought.state = "coming";
    const outcome = await this.history.around(room, sought.seq);
    // `asked` again, it is tried once more when the connection is back, or somebody says so
    sought.state = outcome === "lost" || outcome === "refused" ? "asked" : outcome;
    if (outcome === "here" && this.store.sought === sought) room.anchor = sought.seq;
    this.store.changed("timeline");
  }
}
