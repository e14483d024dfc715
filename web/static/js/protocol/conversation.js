import { changed, told } from "./changes.js";
import { Ranges } from "./ranges.js";

/**
 * One conversation as a client keeps it: the seven rules of the protocol, and nothing else.
 *
 * Pure: it is told what was heard and says what to ask; sockets, clocks and pages live elsewhere.
 * Its whole position is one integer, `own`; `heard` is the highest `rev` anyone told it of.
 *
 * What of the timeline is loaded is the newest part, from `start` on, which live messages lengthen, and `islands` of
 * what lies before it. Messages on neither were told of by a change or a quote, and are not shown.
 *
 * @import { Change, Delta, LiveEvent, Message, Reset } from "./types.js"
 * @import { Range } from "./ranges.js"
 *
 * @typedef {(Message | LiveEvent) & {was?: Message}} Applied  With what a change made something else of, if that is loaded.
 * @typedef {Range & {newest: boolean}} Part  Of the timeline, without holes; the newest has no end.
 */

/** Live events ahead of their turn that are kept; more are forgotten, `heard` remembers them. */
export const HELD_AT_MOST = 100;

export class Conversation {
  /** @param {number} id @param {number} rev  The head's `last_rev`. @param {number} [me]  Whose reactions are `mine`. */
  constructor(id, rev, me = 0) {
    this.id = id;
    this.me = me;
    this.own = 0;
    this.heard = 0;
    /** @type {"" | "answer" | "pages"} What is on its way: the answer to `changes`, or the pages after `hello`. */
    this.awaited = "";
    /**
     * Between a delta with `more` and the one without. Up to `own` something may be missing then: a message that
     * was changed past it. A live change of that message would move `own` over it, so live events are held.
     */
    this.between = false;
    /** @type {Map<number, LiveEvent>} */
    this.held = new Map();
    /** @type {Map<number, Message>} */
    this.messages = new Map();
    /** @type {number | null} Every message from here on is loaded; null until the first page of history. */
    this.start = null;
    /** Whether history has something before `start`. */
    this.older = false;
    /** Nothing up to here exists for oneself. */
    this.floor = 0;
    /** Older parts, apart from the newest and from each other. */
    this.islands = new Ranges();
    /** How often all was forgotten: a page that was asked for before that belongs to nothing. */
    this.lives = 0;
    this.startAt(rev);
  }

  /** Rule 1: without a cursor it starts at the head's `last_rev`. @param {number} rev */
  startAt(rev) {
    this.forget();
    this.own = rev;
    this.heard = Math.max(this.heard, rev);
  }

  /** Someone says the conversation has come as far as `rev`. @param {number} rev */
  hear(rev) {
    this.heard = Math.max(this.heard, rev);
  }

  /**
   * Rule 2: the next live event is applied, an old one dropped, one further ahead held, and all between two pages.
   * Answers what was applied, in order.
   *
   * @param {LiveEvent} event
   * @returns {(LiveEvent & Applied)[]}
   */
  live(event) {
    this.hear(event.rev);
    if (event.rev <= this.own) return [];
    if (event.rev > this.own + 1 || this.between) {
      if (this.held.size < HELD_AT_MOST) this.held.set(event.rev, event);
      return [];
    }
    return [this.#apply(event), ...this.#release()];
  }

  /**
   * Rule 3: while behind, and with nothing on its way, ask for the changes after `own`, one question at a time.
   * Answers the `after` to ask with, or null.
   *
   * @returns {number | null}
   */
  ask() {
    if (this.awaited || this.own >= this.heard) return null;
    this.awaited = "answer";
    return this.own;
  }

  /** The question was refused or lost. */
  unanswered() {
    this.awaited = "";
  }

  /** The cursor was in `hello`, and the head shows it behind: its pages come by themselves. @param {number} rev */
  presented(rev) {
    this.hear(rev);
    if (rev > this.own) this.awaited = "pages";
  }

  /** The connection is gone, and with it all that was on its way. */
  disconnected() {
    this.awaited = "";
    this.held.clear();
  }

  /**
   * Rule 4: each item of a delta takes its place by `seq`, then `own` is at least `to`.
   * Held events wait for the page without `more`. Answers what took its place or was applied.
   *
   * @param {Delta} delta
   * @returns {Applied[]}
   */
  delta(delta) {
    this.hear(delta.more ? delta.to + 1 : delta.to);
    this.awaited = delta.more && delta.id === undefined ? "pages" : "";
    if (delta.from > this.own) return [];
    const placed = delta.items.filter((item) => this.place(item));
    this.own = Math.max(this.own, delta.to);
    this.between = delta.more;
    return delta.more ? placed : [...placed, ...this.#release()];
  }

  /**
   * Put a message at its `seq`, unless what is there has the same or a higher `rev`.
   *
   * @param {Message} message
   * @returns {boolean} Whether it took the place.
   */
  place(message) {
    const there = this.messages.get(message.seq);
    if (there && there.rev >= message.rev) return false;
    this.messages.set(message.seq, told(there, message));
    return true;
  }

  /** Rule 5: a change touches a loaded message only if it is newer than the message. @param {Change} change */
  change(change) {
    const message = this.messages.get(change.seq);
    if (message && change.rev > message.rev) this.messages.set(change.seq, changed(message, change, this.me));
  }

  /**
   * Rule 6: an `ack` puts one's own message in its place and does not move `own`.
   * Its `rev` is 0, so that whatever the server says of the message replaces it.
   *
   * @param {Message} message
   */
  acknowledged(message) {
    this.place({ ...message, rev: 0 });
  }

  /**
   * Rule 6, of an edit: shown as one's own at once; the `rev` stays, so that the change itself is applied too.
   *
   * @param {{seq: number, rev: number, at: number, duplicate?: boolean}} ack
   * @param {string} text
   */
  edited({ seq, rev, at, duplicate }, text) {
    const message = this.messages.get(seq);
    if (!message || duplicate || message.rev >= rev) return;
    this.messages.set(seq, { ...message, text, edited_at: at });
  }

  /** Rule 7: forget the messages, take the position, page with `history`. @param {Reset} reset */
  reset(reset) {
    this.forget();
    this.awaited = "";
    this.own = reset.rev;
    if (reset.why === "epoch") this.floor = 0;
    this.heard = reset.why === "epoch" ? reset.rev : Math.max(this.heard, reset.rev);
  }

  forget() {
    this.messages.clear();
    this.held.clear();
    this.between = false;
    this.start = null;
    this.older = false;
    this.islands.keep();
    this.lives += 1;
  }

  /**
   * The newest page of history.
   *
   * @param {Message[]} items
   * @param {boolean} more
   */
  page(items, more) {
    items.forEach((item) => this.place(item));
    this.start = items[0]?.seq ?? this.start ?? 1;
    this.older = more;
  }

  /**
   * A page of history from the middle: everything from one `seq` to the other is loaded now.
   *
   * @param {Message[]} items
   * @param {Range} range
   */
  insert(items, range) {
    items.forEach((item) => this.place(item));
    this.islands.add(range);
    if (this.start === null) return;
    this.start = this.islands.reaching(this.start);
    this.older = this.start > this.floor + 1;
  }

  /** The part that has `seq`; without one, or when it is not loaded, the newest; null before there is any. @param {number | null} [seq] @returns {Part | null} */
  part(seq = null) {
    const island = seq === null ? undefined : this.islands.at(seq);
    if (island) return { ...island, newest: false };
    return this.start === null ? null : { from: this.start, to: Infinity, newest: true };
  }

  /** Whether a place of the timeline is loaded, in any part. @param {number} seq */
  covers(seq) {
    return this.messages.has(seq) && (this.islands.at(seq) !== undefined || (this.start !== null && this.start <= seq));
  }

  /** Whether there is something before a part. @param {Part} part */
  hasOlder({ from, newest }) {
    return newest ? this.older : from > this.floor + 1;
  }

  /** History has nothing up to here, or it was cleared for oneself. @param {number} seq */
  hide(seq) {
    this.floor = Math.max(this.floor, seq);
    this.islands.cut(seq);
    for (const known of [...this.messages.keys()]) if (known <= seq) this.messages.delete(known);
    if (this.start === null || this.start > seq + 1) return;
    this.start = seq + 1;
    this.older = false;
  }

  /** The messages of a part, by `seq`; without one, of the newest. @param {Part | null} [part] @returns {Message[]} */
  shown(part = this.part()) {
    if (!part) return [];
    const { from, to } = part;
    return [...this.messages.values()].filter(({ seq }) => from <= seq && seq <= to).sort((a, b) => a.seq - b.seq);
  }

  /** @param {LiveEvent} event @returns {LiveEvent & Applied} */
  #apply(event) {
    const was = this.messages.get(event.seq);
    if (event.type === "message") this.place(event);
    else this.change(event);
    this.own = event.rev;
    return was && was.rev < event.rev ? { ...event, was } : event;
  }

  /** Held events whose turn has come. @returns {LiveEvent[]} */
  #release() {
    if (this.between) return [];
    const released = [];
    for (let next = this.held.get(this.own + 1); next; next = this.held.get(this.own + 1)) {
      released.push(this.#apply(next));
    }
    for (const rev of this.held.keys()) if (rev <= this.own) this.held.delete(rev);
    return released;
  }
}
