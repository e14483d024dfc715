/**
 * How far one has read who has not come to the end: what was in sight, and went out of it above.
 *
 * Who leaps over messages has not read them; what is in sight still may not have been read yet.
 *
 * @import { Scroll } from "./scroll.js"
 */

/** How often it is told while one scrolls. */
const TELLS = 1_000;

export class ReadSoFar {
  /** Without a gap from where reading began, everything up to here has been in sight. */
  #seen = 0;
  #timer = 0;
  /** @type {number | undefined} What it was too early to tell. */
  #kept;

  /** @param {Scroll} scroll @param {() => void} look  To be called again when it was too early to tell. */
  constructor(scroll, look) {
    this.scroll = scroll;
    this.look = look;
  }

  /** A conversation is shown, of which so much is read. @param {number} read */
  begin(read) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#kept = undefined;
    this.#seen = read;
  }

  /** What is still to be told when one goes away: nobody waits for the time to tell it any more. */
  rest() {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept;
  }

  /** Up to where it is to be told now; undefined when there is nothing to tell. @param {number} read  What is told already. */
  told(read) {
    const first = Number(this.scroll.firstInSight()?.dataset.seq);
    const last = Number(this.scroll.lastInSight()?.dataset.seq);
    if (!(first <= last) || first > this.#seen + 1) return undefined;
    this.#seen = Math.max(this.#seen, last);
    if (first - 1 <= read) return undefined;
    this.#kept = first - 1;
    if (this.#timer) return undefined;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      this.look();
    }, TELLS);
    return this.rest();
  }
}
