/**
 * Tells the server what has arrived on this device, in small conversations, a moment after it did.
 *
 * @import { Room, Store } from "../store.js"
 * @import { ReceivedRequest } from "./types.js"
 */

/** In larger conversations nobody is told how far others are. */
export const SHARED_UP_TO = 100;
const TOLD_AFTER = 300;
const AT_ONCE = 500;

/** Whether the members of a conversation see how far the others are, and that they type. @param {Room["head"]} head */
export function isShared({ kind, members = 2 }) {
  return kind === "direct" || members <= SHARED_UP_TO;
}

export class Arrivals {
  /** @type {Map<number, number>} */
  #told = new Map();
  #planned = false;

  /**
   * @param {Store} store
   * @param {(frame: ReceivedRequest) => boolean} tell  False when nobody heard it.
   * @param {{setTimeout: (run: () => void, ms: number) => unknown}} timers
   */
  constructor(store, tell, timers) {
    this.store = store;
    this.tell = tell;
    this.timers = timers;
    store.subscribe(["rooms"], () => this.#plan());
  }

  /** A new connection, or the server was busy: it may not have been heard. */
  repeat() {
    this.#told.clear();
    this.#plan();
  }

  #plan() {
    if (this.#planned) return;
    this.#planned = true;
    this.timers.setTimeout(() => this.#flush(), TOLD_AFTER);
  }

  #flush() {
    this.#planned = false;
    /** @type {[number, number][]} */
    const cursors = [...this.store.rooms.values()].filter((room) => this.#isNews(room)).map(({ head, log }) => [log.id, head.last_seq]);
    const some = cursors.slice(0, AT_ONCE);
    if (!some.length || !this.tell({ type: "received", cursors: some })) return;
    some.forEach(([id, seq]) => this.#told.set(id, seq));
    if (cursors.length > AT_ONCE) this.#plan();
  }

  /** Something of others, with nothing missing before it. @param {Room} room */
  #isNews({ head, log }) {
    return isShared(head) && head.unread > 0 && log.own >= log.heard && head.last_seq > (this.#told.get(log.id) ?? 0);
  }
}
