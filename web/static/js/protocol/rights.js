/**
 * Who may write in a group, as far as its head tells; pure. The server has the last word.
 *
 * @import { Head } from "./types.js"
 *
 * @typedef {{why: "announcement_only"} | {why: "silenced", until?: number}} Hindrance  Without `until` it holds until it is lifted.
 */

/**
 * Why one may not write there now, null when one may.
 *
 * @param {Head | undefined} head
 * @param {number} now
 * @returns {Hindrance | null}
 */
export function hindrance(head, now) {
  if (head?.kind !== "group" || (head.role && head.role !== "member")) return null;
  if (head.announcement_only) return { why: "announcement_only" };
  return isSilenced(head.silenced, now) ? { why: "silenced", until: head.silenced?.until } : null;
}

/** Whether a silence still holds. @param {{until?: number} | undefined} silenced @param {number} now */
export function isSilenced(silenced, now) {
  return silenced !== undefined && (silenced.until === undefined || silenced.until > now);
}
