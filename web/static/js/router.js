/**
 * What is open, as the part of the address after `#`, so that a browser's back button works.
 *
 * @import { Place } from "./store.js"
 */

/** @param {string} hash @returns {Place | null} */
export function placeOf(hash) {
  const conversation = /^#c(\d+)$/.exec(hash);
  if (conversation) return { conversation: Number(conversation[1]) };
  return hash.startsWith("#to=") ? { to: decodeURIComponent(hash.slice(4)) } : null;
}

/** @param {Place | null} place */
export function hashOf(place) {
  if (!place) return "#";
  return "to" in place ? `#to=${encodeURIComponent(place.to)}` : `#c${place.conversation}`;
}

/** @param {Place} place @param {{replace?: boolean}} [how] */
export function go(place, { replace } = {}) {
  if (replace) location.replace(hashOf(place));
  else location.hash = hashOf(place);
}
