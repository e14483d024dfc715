/**
 * Conversations that only an event or an answer told of: their heads are fetched.
 *
 * @import { Head } from "./types.js"
 */

export class Meetings {
  /** @type {Set<number>} Conversations whose heads are on their way. */
  #underway = new Set();

  /**
   * @param {{has: (id: number) => boolean}} known  The conversations that were met.
   * @param {(id: number) => Promise<Head | null>} fetch
   * @param {(head: Head) => void} onMet
   */
  constructor(known, fetch, onMet) {
    this.known = known;
    this.fetch = fetch;
    this.onMet = onMet;
  }

  /** @param {number} id */
  isUnderway(id) {
    return this.#underway.has(id);
  }

  /** Once at a time; where nothing is to be had, the next event asks again. @param {number} id */
  async meet(id) {
    if (this.#underway.has(id)) return;
    this.#underway.add(id);
    const head = await this.fetch(id).catch(() => null);
    this.#underway.delete(id);
    if (head && !this.known.has(id)) this.onMet(head);
  }
}
