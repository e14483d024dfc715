import { Arrivals, isShared } from "./arrivals.js";
import { Company } from "./company.js";
import { whoLeft } from "./heads.js";
import { Reads } from "./reads.js";

/**
 * What is told without an answer, both ways: read, received, typing, presence.
 *
 * @import { Store } from "../store.js"
 * @import { CursorEvent, Frame, Head, Message, Saying } from "./types.js"
 * @import { Member } from "./company.js"
 *
 * @typedef {object} Surroundings
 * @property {Store} store
 * @property {{live: boolean, tell: (frame: Saying) => void}} connection
 * @property {{setTimeout: (run: () => void, ms: number) => unknown}} timers
 * @property {() => number} now
 * @property {() => number} random
 * @property {(id: number) => Promise<Member[]>} members  Of a small group, all of them.
 * @property {(id: number) => Promise<Head | null>} head
 * @property {(head: Head) => void} told  Takes a head that was fetched.
 */

/** While one types, it is said this often. */
const EVERY = 3_000;
/** After `busy`, positions are told again this much later, and then less and less often. */
const AGAIN = 2_000;

export class Signals {
  #typedAt = 0;
  #typedIn = 0;
  #patience = AGAIN;
  #repeating = false;
  /** Which members were asked for last: of which group, how many, on which connection. */
  #asked = "";
  #connections = 0;
  /** @type {Set<number>} Groups of which it is not known how many are in them. */
  #uncounted = new Set();

  /** @param {Surroundings} given */
  constructor(given) {
    const { store, connection, timers } = given;
    this.given = given;
    this.store = store;
    this.reads = new Reads((frame) => connection.tell(frame));
    this.arrivals = new Arrivals(store, (frame) => (connection.tell(frame), connection.live), timers);
    this.company = new Company(store, timers, given.now);
    store.company = this.company;
    store.subscribe(["place", "rooms", "connection"], () => this.#meet());
    store.subscribe(["place"], () => this.#recount());
  }

  /** After each `ready`. */
  begin() {
    this.#connections += 1;
    this.#patience = AGAIN;
    this.company.begin();
    this.reads.repeat();
    this.arrivals.repeat();
  }

  /** @param {Frame} frame */
  hear(frame) {
    if (frame.type === "presence") this.company.sighted(frame);
    else if (frame.type === "typing") this.company.typed(frame);
    else if (frame.type === "cursor") this.#moved(frame);
    else if (frame.type === "message") this.#said(frame);
    else if (frame.type === "error" && frame.id === undefined && frame.code === "busy") this.#repeatLater();
  }

  /** @param {CursorEvent} cursor */
  #moved(cursor) {
    if (this.company.moved(cursor) || this.store.room?.log.id !== cursor.conversation) return;
    this.#asked = "";
    this.#meet();
  }

  /** @param {Message} message */
  #said(message) {
    const { conversation, sender, system } = message;
    this.company.spoke(conversation, sender.id);
    const left = whoLeft(message);
    if (left !== undefined) this.company.gone(conversation, left);
    if (system?.what !== "banned") return;
    this.#uncounted.add(conversation);
    this.#recount();
  }

  /** Who is no member can be banned too: how many are left is asked for, once somebody looks. */
  async #recount() {
    const id = this.store.room?.log.id;
    if (id === undefined || !this.#uncounted.delete(id)) return;
    const head = await this.given.head(id).catch(() => null);
    if (head && this.store.rooms.has(id)) this.given.told(head);
  }

  /** One is writing in the open conversation. */
  typed() {
    const { room } = this.store;
    const now = this.given.now();
    if (!room || !isShared(room.head) || !this.company.settings.typing) return;
    if (this.#typedIn === room.log.id && now - this.#typedAt < EVERY) return;
    this.#typedIn = room.log.id;
    this.#typedAt = now;
    this.given.connection.tell({ type: "typing", conversation: room.log.id });
  }

  /** One has said it: the next letter is news again. */
  said() {
    this.#typedAt = 0;
  }

  /** Once, however often the server said that it is busy. */
  #repeatLater() {
    if (this.#repeating) return;
    this.#repeating = true;
    this.given.timers.setTimeout(() => {
      this.#repeating = false;
      this.reads.repeat();
      this.arrivals.repeat();
    }, this.#patience * (1 + this.given.random()));
    this.#patience *= 2;
  }

  /** Ask how far the members of the open group are, once on each connection and when others are in it. */
  async #meet() {
    const { room } = this.store;
    if (!room || room.head.kind !== "group" || !isShared(room.head) || !this.given.connection.live) return;
    const { id } = room.log;
    const asked = JSON.stringify([id, room.head.members, room.turnover, this.#connections]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    const members = await this.given.members(id).catch(() => null);
    if (!members) return;
    this.company.members(id, members);
    this.store.members.set(id, members.map(({ user }) => user));
  }
}
