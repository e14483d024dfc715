/**
 * Asks how much is unread where that cannot be known from what was heard: of messages that are not loaded it is not
 * known who said them and whom they mentioned.
 *
 * @import { Room } from "../store.js"
 * @import { Head } from "./types.js"
 *
 * @typedef {object} Surroundings
 * @property {Map<number, Room>} rooms
 * @property {(id: number) => Promise<Head | null>} fetch
 * @property {(head: Head) => void} told
 * @property {(ms: number) => Promise<void>} sleep
 * @property {() => number} random
 */

/** Up to so long is waited first, in milliseconds: all members of a group come to ask at once. */
const PAUSE = 1_000;
/** An answer that is older than what was heard meanwhile is asked for again, so often. */
const TRIES = 5;

export class Recounts {
  /** @type {Map<number, number>} How often each may still be asked for. */
  #left = new Map();

  /** @param {Surroundings} given */
  constructor(given) {
    this.given = given;
  }

  /** What is unread in a conversation is in doubt. @param {number} id */
  async ask(id) {
    const asking = this.#left.has(id);
    this.#left.set(id, TRIES);
    if (asking) return;
    for (let left = TRIES; left > 0; left = this.#left.get(id) ?? 0) {
      await this.given.sleep(PAUSE * this.given.random());
      this.#left.set(id, (this.#left.get(id) ?? 0) - 1);
      await this.#once(id);
    }
    this.#left.delete(id);
  }

  /** @param {number} id */
  async #once(id) {
    const asked = this.#left.get(id);
    const head = await this.given.fetch(id).catch(() => null);
    const room = this.given.rooms.get(id);
    // in doubt once more while it was asked, or overtaken by what was heard: asked again
    if (room && (!head || head.last_rev < room.head.last_rev || this.#left.get(id) !== asked)) return;
    if (room && head) this.given.told(head);
    this.#left.set(id, 0);
  }
}
