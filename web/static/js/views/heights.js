/**
 * How high the lines of a timeline are: as measured, or guessed for those never drawn; and where each begins.
 *
 * @import { Shown } from "./lines.js"
 */

/** Characters of a message that fit on one line. */
const WIDE = 60;
/** @type {Record<string, number>} */
const GUESSED = { day: 42, divider: 36, system: 28 };

export class Heights {
  /** @type {Map<string, number>} By key. */
  #measured = new Map();
  /** @type {Shown[]} */
  #lines = [];
  /** @type {number[] | null} Where each line begins, and at last where the last one ends. */
  #tops = null;

  /** These are the lines from now on. @param {Shown[]} lines */
  set(lines) {
    this.#lines = lines;
    this.#tops = null;
    if (this.#measured.size <= 2 * lines.length + 100) return;
    const keys = new Set(lines.map(({ key }) => key));
    for (const key of this.#measured.keys()) if (!keys.has(key)) this.#measured.delete(key);
  }

  /** @param {string} key @param {number} height */
  measure(key, height) {
    if (this.#measured.get(key) === height) return;
    this.#measured.set(key, height);
    this.#tops = null;
  }

  /** The lines have another width now: nothing that was measured is true. */
  forget() {
    this.#measured.clear();
    this.#tops = null;
  }

  /** Where the line begins, from where the first one does. @param {number} i */
  top(i) {
    return this.#all[i];
  }

  get total() {
    return this.#all[this.#lines.length];
  }

  /** The line at this place; the first or last one when it is beyond. @param {number} y */
  at(y) {
    const tops = this.#all;
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (tops[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }

  get #all() {
    return (this.#tops ??= this.#sums());
  }

  #sums() {
    const tops = [0];
    for (const shown of this.#lines) tops.push(tops[tops.length - 1] + (this.#measured.get(shown.key) ?? guess(shown)));
    return tops;
  }
}

/** @param {Shown} shown */
function guess(shown) {
  if (shown.what !== "message") return GUESSED[shown.what];
  const { text, first, named, quoted, reactions } = shown.line;
  const rows = text.split("\n", 200).reduce((sum, row) => sum + Math.max(1, Math.ceil(row.length / WIDE)), 0);
  return 14 + 21 * rows + (first ? 10 : 0) + (first && named ? 19 : 0) + (quoted ? 48 : 0) + (reactions?.length ? 31 : 0);
}
