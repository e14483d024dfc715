/**
 * What is open, as the part of the address after `#`, so that a browser's back button works.
 *
 * @import { Place } from "./store.js"
 */

/** The message that an address leads to: `#c12/345`. @param {string} hash */
export function seqOf(hash) {
  const message = /^#c\d+\/(\d+)$/.exec(hash);
  return message ? Number(message[1]) : undefined;
}

/** @param {string} hash @returns {Place | null} */
export function placeOf(hash) {
  const conversation = /^#c(\d+)(?:\/\d+)?$/.exec(hash);
  if (conversation) return { conversation: Number(conversation[1]) };
  return hash.startsWith("#to=") ? { to: decodeURIComponent(hash.slice(4)) } : null;
}

/** @param {Place | null} place @param {number} [seq]  Of a message of the conversation. */
export function hashOf(place, seq) {
  if (!place) return "#";
  if ("to" in place) return `#to=${encodeURIComponent(place.to)}`;
  return seq === undefined ? `#c${place.conversation}` : `#c${place.conversation}/${seq}`;
}

/** @param {Place | null} place @param {{replace?: boolean, seq?: number}} [how]  `seq`: at this message. */
export function go(place, { replace, seq } = {}) {
  const hash = hashOf(place, seq);
  if (replace) location.replace(hash);
  else if (location.hash === hash) window.dispatchEvent(new Event("hashchange")); // to turn to it again
  else location.hash = hash;
}
