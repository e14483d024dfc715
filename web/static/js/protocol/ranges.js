/**
 * Which parts of a timeline are loaded, as ranges of `seq` that neither overlap nor touch; what lies between is not there.
 *
 * @typedef {{from: number, to: number}} Range  Both ends belong to it.
 */

export class Ranges {
  /** @type {Range[]} Ascending. */
  #all = [];

  get all() {
    return this.#all;
  }

  /** The one that has `seq`. @param {number} seq */
  at(seq) {
    return this.#all.find(({ from, to }) => from <= seq && seq <= to);
  }

  /** What it overlaps or touches becomes one with it. @param {Range} range */
  add(range) {
    const near = this.#all.filter(({ from, to }) => from <= range.to + 1 && to >= range.from - 1);
    const from = Math.min(range.from, ...near.map((one) => one.from));
    const to = Math.max(range.to, ...near.map((one) => one.to));
    const rest = this.#all.filter((one) => !near.includes(one));
    this.#all = [...rest, { from, to }].filter((one) => one.from <= one.to).sort((a, b) => a.from - b.from);
  }

  /** Take out every range that reaches `start` or ends right before it, and say where the first of them begins. @param {number} start */
  reaching(start) {
    const reaching = this.#all.filter(({ to }) => to >= start - 1);
    this.#all = this.#all.filter(({ to }) => to < start - 1);
    return Math.min(start, ...reaching.map(({ from }) => from));
  }

  /** Nothing up to `seq` is there any more. @param {number} seq */
  cut(seq) {
    this.#all = this.#all.map(({ from, to }) => ({ from: Math.max(from, seq + 1), to })).filter(({ from, to }) => from <= to);
  }

  /** Only this is left. @param {Range[]} ranges */
  keep(...ranges) {
    this.#all = ranges;
  }
}
