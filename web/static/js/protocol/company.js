/**
 * What one sees of others: who is there, who is writing, how far they have come.
 *
 * Best effort but for the positions: what the server skips is in the next lists.
 *
 * @import { Store } from "../store.js"
 * @import { CursorEvent, Friend, Person, PresenceEvent, Settings, Sighting, TypingEvent } from "./types.js"
 *
 * @typedef {{user: Person, joined_at: number, read?: number, received?: number, presence?: Sighting}} Member
 * @typedef {{read: number, received: number, joined: number}} Position
 */

/** Who typed this long ago has stopped. They say so again every three seconds. */
export const TYPES_FOR = 6_000;
/** A list of friends may be this old when it comes. */
const FRESH = 5_000;

export class Company {
  /** @type {Map<number, Sighting>} By user. */
  sightings = new Map();
  /** @type {Map<number, Map<number, Position>>} How far the members of groups are, by conversation and user. */
  positions = new Map();
  /** @type {Settings} What one shares oneself. */
  settings = { receipts: true, presence: true, typing: true };
  /** @type {Map<number, number>} When one was last told live of whom: a list that was asked for before may be older. */
  #heard = new Map();
  /** @type {Map<number, Map<number, number>>} Until when someone counts as typing, by conversation and user. */
  #typing = new Map();
  #looking = false;

  /**
   * @param {Store} store
   * @param {{setTimeout: (run: () => void, ms: number) => unknown}} timers
   * @param {() => number} now
   */
  constructor(store, timers, now) {
    this.store = store;
    this.timers = timers;
    this.now = now;
  }

  /** A connection begins: who is there is told behind its `ready`. */
  begin() {
    for (const [user, { online, last_seen }] of this.sightings) this.sightings.set(user, { online: false, last_seen: online ? undefined : last_seen });
    this.#typing.clear();
    this.store.changed("company");
  }

  /** @param {Friend[]} friends */
  friends(friends) {
    const fresh = new Map([...this.#heard].filter(([, at]) => at > this.now() - FRESH));
    this.#heard = fresh;
    const kept = [...this.sightings].filter(([user]) => fresh.has(user));
    const listed = friends.flatMap(({ user, presence }) => (presence && !fresh.has(user.id) ? [[user.id, presence]] : []));
    this.sightings = new Map(/** @type {[number, Sighting][]} */ ([...listed, ...kept]));
    this.store.changed("company");
  }

  /** @param {PresenceEvent} event */
  sighted({ user, online, last_seen }) {
    this.sightings.set(user, { online, last_seen });
    this.#heard.set(user, this.now());
    this.store.changed("company");
  }

  /** @param {Settings} settings */
  settle(settings) {
    this.settings = settings;
    if (!settings.presence) this.sightings.clear();
    if (!settings.receipts) this.positions.clear();
    if (!settings.typing) this.#typing.clear();
    this.store.changed("company", "timeline");
  }

  // --- typing

  /** @param {TypingEvent} event */
  typed({ conversation, user }) {
    const typists = this.#typing.get(conversation) ?? new Map();
    this.#typing.set(conversation, typists.set(user, this.now() + TYPES_FOR));
    this.store.changed("company");
    if (!this.#looking) this.#look();
  }

  /** Whoever has said it writes no more. @param {number} conversation @param {number} user */
  spoke(conversation, user) {
    if (this.#typing.get(conversation)?.delete(user)) this.store.changed("company");
  }

  /** Who is writing there, first who began first. @param {number} conversation @returns {number[]} */
  typists(conversation) {
    const now = this.now();
    return [...(this.#typing.get(conversation) ?? [])].filter(([, until]) => until > now).map(([user]) => user);
  }

  /** One timer for all: look again while somebody types. */
  #look() {
    this.#looking = true;
    this.timers.setTimeout(() => {
      for (const [conversation, typists] of this.#typing) {
        for (const [user, until] of typists) if (until <= this.now()) typists.delete(user);
        if (!typists.size) this.#typing.delete(conversation);
      }
      this.store.changed("company");
      if (this.#typing.size) this.#look();
      else this.#looking = false;
    }, 1_000);
  }

  // --- positions

  /** The list of a group's members: who is not in it, or shows nothing there, is forgotten. @param {number} conversation @param {Member[]} members */
  members(conversation, members) {
    const before = this.positions.get(conversation);
    /** @type {Map<number, Position>} */
    const known = new Map();
    for (const { user, read, received, joined_at: joined } of members) {
      if (read !== undefined) known.set(user.id, further(before?.get(user.id), { read, received: received ?? read, joined }));
    }
    this.positions.set(conversation, known);
    this.store.changed("timeline");
  }

  /** @param {CursorEvent} cursor @returns {boolean} Whether that says everything: of whom the list did not know, it has to be asked for again. */
  moved({ conversation, user, read, received }) {
    const known = this.positions.get(conversation);
    const before = known?.get(user);
    if (before) known?.set(user, further(before, { read, received, joined: before.joined }));
    return !known || before !== undefined || user === this.store.me.id;
  }

  /** No longer a member. @param {number} conversation @param {number} user */
  gone(conversation, user) {
    if (this.positions.get(conversation)?.delete(user)) this.store.changed("timeline");
  }

  /**
   * How many others have read a message of a group, asked for one message after the other.
   *
   * @param {number | undefined} conversation
   * @returns {(seq: number, at: number) => number}
   */
  readers(conversation) {
    const known = [...(this.positions.get(conversation ?? 0) ?? [])];
    const others = known.filter(([user]) => user !== this.store.me.id).map(([, position]) => position);
    return (seq, at) => others.filter(({ read, joined }) => read >= seq && joined <= at).length;
  }
}

/** A position never goes back while its owner stays; who comes again begins anew. @param {Position | undefined} known @param {Position} told @returns {Position} */
function further(known, told) {
  if (known?.joined !== told.joined) return told;
  return { ...told, read: Math.max(known.read, told.read), received: Math.max(known.received, told.received) };
}
