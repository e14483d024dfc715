/** How long to wait before the next try: full jitter, doubling, never more than half a minute. */

const FIRST = 500;
const LONGEST = 30_000;

/**
 * @param {number} tries  How many have failed already.
 * @param {() => number} random
 * @returns {number} Milliseconds.
 */
export function backoff(tries, random) {
  return Math.round(random() * Math.min(LONGEST, FIRST * 2 ** Math.min(tries, 16)));
}
