import { tokens } from "../tokens.js";

/**
 * The members of the open group, as far as what one types needs them.
 *
 * Those of a small group are fetched as a whole; of a large one, those whose names hold what was typed.
 *
 * @import { Api } from "../api.js"
 * @import { Person } from "../protocol/types.js"
 * @import { Room, Store } from "../store.js"
 */

/** Up to so many members are fetched as a whole. */
const WHOLE = 100;
/** How many with a name are fetched at once. */
const PAGE = 30;
/** Every name in a text that may be somebody's, also one that was pasted. */
const NAMES = /(?<![A-Za-z0-9_.-])@([\p{L}\p{N}_.-]{2,32})/gu;
/** Names looked up of one text. */
const MOST = 20;
/** What one message may mention. */
const MENTIONED = 50;
/** What could not be looked up is so once more. */
const TRIES = 2;

export class KnownMembers {
  /** @type {Map<number, {company: string, asked: Map<string, Promise<boolean>>}>} What was asked of each group, and whether that was all there is. */
  #groups = new Map();

  /** @param {Api} api @param {Store} store */
  constructor(api, store) {
    this.api = api;
    this.store = store;
  }

  /** Learn whose names hold `words`; again costs nothing. @param {string} words @param {Room} [room] @returns {Promise<boolean>} Whether that is known now. */
  async lookFor(words, room = this.store.room) {
    if (room?.head.kind !== "group") return true;
    const { asked } = this.#group(room);
    const key = isSmall(room) ? "" : words.toLowerCase();
    if (await this.#isKnown(asked, key)) return true;
    asked.set(key, this.#fetch(room, key));
    // An answer that does not come is asked for again with the next letter.
    await asked.get(key)?.catch(() => asked.delete(key));
    return asked.has(key);
  }

  /**
   * Whom of its group a text mentions, looked up as far as is needed.
   *
   * @param {{conversation?: number, text: string}} said
   * @returns {Promise<number[]>}
   */
  async mentioned({ conversation = 0, text }) {
    const room = this.store.rooms.get(conversation);
    if (room?.head.kind !== "group") return [];
    for (let tries = 0; tries < TRIES; tries += 1) {
      const known = await Promise.all(namesIn(text).map((name) => this.lookFor(name, room)));
      if (known.every(Boolean)) break;
    }
    return mentionedBy(text, this.store.members.get(conversation) ?? [], this.store.me);
  }

  /** Learn whom a text mentions, whatever way it came there. @param {string} text */
  lookForAll(text) {
    namesIn(text).forEach((name) => this.lookFor(name));
  }

  /** Who left is no longer there to be mentioned. @param {Room} room */
  #group(room) {
    const company = `${room.head.members} ${room.turnover}`;
    const known = this.#groups.get(room.log.id);
    if (known && known.company === company) return known;
    const group = { company, asked: new Map() };
    this.#groups.set(room.log.id, group);
    this.store.members.set(room.log.id, []);
    return group;
  }

  /** Whether it was asked, or all of what a shorter word finds is there. @param {Map<string, Promise<boolean>>} asked @param {string} key */
  async #isKnown(asked, key) {
    for (let length = 0; length < key.length; length += 1) {
      if (await asked.get(key.slice(0, length))?.catch(() => false)) return true;
    }
    await asked.get(key)?.catch(() => false);
    return asked.has(key);
  }

  /** @param {Room} room @param {string} query @returns {Promise<boolean>} Whether that was all. */
  async #fetch(room, query) {
    const id = room.log.id;
    const { members, more } = await this.api.members(id, isSmall(room) ? { limit: WHOLE } : { query, limit: PAGE });
    const met = new Map([...(this.store.members.get(id) ?? []), ...members.map(({ user }) => user)].map((user) => [user.id, user]));
    this.store.members.set(id, [...met.values()]);
    this.store.changed("timeline");
    return !more;
  }
}

/** @param {string} text @returns {string[]} */
function namesIn(text) {
  const names = [...text.matchAll(NAMES)].map(([, name]) => name.replace(/[_.-]+$/, ""));
  return [...new Set(names.slice(0, MOST))];
}

/** Whom of these people a text mentions. @param {string} text @param {Person[]} members @param {Person} me @returns {number[]} */
function mentionedBy(text, members, me) {
  const near = members.filter(({ username }) => text.toLowerCase().includes(`@${username.toLowerCase()}`));
  if (!near.length) return [];
  const found = tokens(text, near.map(({ username }) => username)).filter(({ kind }) => kind === "mention");
  const names = new Set(found.map(({ text: name }) => name.slice(1).toLowerCase()));
  return near.filter(({ id, username }) => id !== me.id && names.has(username.toLowerCase())).map(({ id }) => id).slice(0, MENTIONED);
}

/** @param {Room} room */
function isSmall({ head }) {
  return (head.members ?? 0) <= WHOLE;
}
