/**
 * What is shown of a text that was found: a line around the first place, the places marked.
 *
 * @typedef {{text: string, marked: boolean}} Piece
 */

/** Characters before the first place, and altogether. */
const BEFORE = 24;
const LENGTH = 160;

/**
 * @param {string} text
 * @param {[number, number][]} highlights  In code points, in order, apart.
 * @returns {Piece[]}
 */
export function excerpt(text, highlights) {
  const characters = [...text];
  const first = highlights[0]?.[0] ?? 0;
  const start = first > BEFORE * 2 ? first - BEFORE : 0;
  const end = Math.min(characters.length, start + LENGTH);
  /** @type {Piece[]} */
  const pieces = [];
  const add = (/** @type {number} */ from, /** @type {number} */ to, /** @type {boolean} */ marked) => {
    const words = characters.slice(from, Math.min(to, end)).join("").replace(/\s+/g, " ");
    if (words) pieces.push({ text: words, marked });
  };
  let place = start;
  for (const [from, to] of highlights) {
    add(place, from, false);
    add(Math.max(from, place), to, true);
    place = Math.max(place, to);
  }
  add(place, end, false);
  if (start) pieces.unshift({ text: "…", marked: false });
  if (end < characters.length) pieces.push({ text: "…", marked: false });
  return pieces;
}
