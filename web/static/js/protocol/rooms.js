import { Conversation } from "./conversation.js";
import { MANY, isDoubtful, isOfAnotherTime, isTurnover, merged, readUpTo, withChange, withCursor, withMessage } from "./heads.js";
import { keepFew } from "./memory.js";

/**
 * The conversations of the store: what heads, messages and cursors make of them.
 *
 * @import { Room, Store } from "../store.js"
 * @import { Applied } from "./conversation.js"
 * @import { CursorEvent, Head, Reset } from "./types.js"
 */

/** Conversations whose cursors are kept for a head that is yet to come. */
const EARLY = 100;

export class Rooms {
  /** @type {Map<number, number>} What was heard of conversations before their head is known. */
  #heard = new Map();

  /** @type {Map<number, CursorEvent[]>} Whose cursors moved before their head is known. */
  #early = new Map();

  /** @param {Store} store @param {(id: number) => void} onDoubt  What is unread there has to be asked. */
  constructor(store, onDoubt) {
    this.store = store;
    this.onDoubt = onDoubt;
  }

  /** The cursors to present: of conversations whose messages are loaded, the latest first. @returns {[number, number][]} */
  cursors() {
    const loaded = [...this.store.rooms.values()].filter(({ log }) => log.start !== null);
    const latest = loaded.sort((a, b) => (b.head.preview?.at ?? 0) - (a.head.preview?.at ?? 0));
    return latest.slice(0, 500).map(({ log }) => [log.id, log.own]);
  }

  /**
   * A head as the server tells it; the conversation may be new.
   *
   * @param {Head} head
   * @returns {Room}
   */
  told(head) {
    const room = this.store.rooms.get(head.conversation) ?? this.#made(head);
    room.head = merged(room.head, head);
    const early = this.#early.get(head.conversation) ?? [];
    this.#early.delete(head.conversation);
    early.forEach((cursor) => this.cursor(cursor));
    room.log.hear(head.last_rev);
    if (head.hidden_seq) room.log.hide(head.hidden_seq);
    this.store.changed("rooms", "timeline");
    return room;
  }

  /**
   * The heads of a `ready`: presented cursors stay, what was not loaded starts at its head (rule 1).
   *
   * @param {Head[]} heads
   * @param {Set<number>} presented
   */
  begin(heads, presented) {
    for (const head of heads) {
      const { log } = this.told(head);
      if (presented.has(log.id)) log.presented(head.last_rev);
      else if (log.start === null) this.#skip(log, head.last_rev);
    }
  }

  /** Of what is not loaded it is not told what became of it. @param {Conversation} log @param {number} rev */
  #skip(log, rev) {
    if (log.own < rev) this.store.retelling.tell({ conversation: log.id, unsure: true });
    log.startAt(rev);
  }

  /**
   * The list is complete: whatever it lacks is gone.
   *
   * @param {Head[]} heads
   * @param {number[]} known  The conversations known when the list was asked for.
   */
  keepOnly(heads, known) {
    const told = new Set(heads.map((head) => head.conversation));
    for (const id of known) if (!told.has(id)) this.drop(id);
  }

  /** @param {number} id */
  drop(id) {
    const room = this.store.rooms.get(id);
    if (!room) return;
    if (room === this.store.room) this.store.departed = room.head;
    this.store.rooms.delete(id);
    this.store.retelling.tell({ conversation: id });
    this.store.changed("rooms", "timeline", "place");
  }

  /** An event of a conversation whose head is not known. @param {number} id @param {number} rev */
  hearUnknown(id, rev) {
    this.#heard.set(id, Math.max(rev, this.#heard.get(id) ?? 0));
  }

  /**
   * These took their place, or changed what was there.
   *
   * @param {Room} room
   * @param {Applied[]} news
   */
  follow(room, news) {
    const me = this.store.me.id;
    for (const item of news) {
      if (!("op" in item) && isTurnover(item)) room.turnover += 1;
      this.store.retelling.follow(item);
      if (isDoubtful(room.head, item, item.was)) this.onDoubt(room.log.id);
      room.head = "op" in item ? withChange(room.head, item, item.was, me) : withMessage(room.head, item, me);
    }
    if (room !== this.store.room) keepFew(room.log);
    if (news.length) this.store.changed("rooms", "timeline");
  }

  /** @param {CursorEvent} event */
  cursor(event) {
    const room = this.store.rooms.get(event.conversation);
    if (!room) return this.#keep(event);
    if (isOfAnotherTime(room.head, event, this.store.me.id)) this.onDoubt(room.log.id);
    room.head = withCursor(room.head, event, this.store.me.id);
    this.store.changed("rooms", "timeline");
  }

  /** The head that is on its way may be older. @param {CursorEvent} event */
  #keep(event) {
    if (this.#early.size < EARLY) this.#early.set(event.conversation, [...(this.#early.get(event.conversation) ?? []), event].slice(-2));
  }

  /** @param {Room} room @param {number} seq */
  read(room, seq) {
    room.head = readUpTo(room.head, seq, room.log.shown(), this.store.me.id);
    if (room.head.unread >= MANY) this.onDoubt(room.log.id);
    this.store.changed("rooms");
  }

  /** @param {Room} room @param {Reset} reset */
  reset({ log }, reset) {
    this.store.retelling.tell({ conversation: log.id, unsure: true });
    log.reset(reset);
  }

  /** Everything on its way is lost. */
  disconnected() {
    this.store.rooms.forEach(({ log }) => log.disconnected());
  }

  /** Drop the whole cache: the server's database is of another lineage. */
  clear() {
    for (const conversation of this.store.rooms.keys()) this.store.retelling.tell({ conversation });
    this.store.rooms.clear();
    this.#heard.clear();
    this.store.changed("rooms", "timeline");
  }

  /** @param {Head} head */
  #made(head) {
    const log = new Conversation(head.conversation, head.last_rev, this.store.me.id);
    log.hear(this.#heard.get(log.id) ?? 0);
    this.#heard.delete(log.id);
    /** @type {Room} */
    const room = { head, log, paging: "", divider: null, anchor: null, turnover: 0 };
    this.store.rooms.set(log.id, room);
    return room;
  }
}
