/**
 * What of a conversation's messages stays in memory: what is near the reader, and the newest.
 *
 * @import { Conversation, Part } from "./conversation.js"
 * @import { Range } from "./ranges.js"
 */

/** Newest messages kept of every conversation. */
const NEWEST = 100;
/** Messages kept on each side of those in sight. */
const REACH = 400;
/** What is too far is let go in lots of this many. */
const LOT = 200;

/** Forget all but the newest messages, of a conversation nobody looks at. @param {Conversation} log */
export function keepNewest(log) {
  const { start } = log;
  log.islands.keep();
  if (start !== null) beginAt(log, Math.max(start, last(log) - NEWEST + 1));
  sweep(log);
}

/** The same, once there is enough to be worth it. @param {Conversation} log */
export function keepFew(log) {
  if (log.messages.size > NEWEST + LOT) keepNewest(log);
}

/**
 * Let go of what is far from the messages in sight. The newest stay; what lies between is a gap then.
 *
 * @param {Conversation} log
 * @param {Part} part  The one that is looked at.
 * @param {Range} sight
 * @returns {boolean} Whether anything was let go.
 */
export function keepNear(log, part, sight) {
  const near = { from: reached(sight.from - REACH, part.from), to: -reached(-sight.to - REACH, -part.to) };
  const end = last(log);
  const before = [log.start, ...log.islands.all.flatMap(({ from, to }) => [from, to])].join();
  if (!part.newest) keepIsland(log, near, end);
  else if (end - sight.to > REACH + LOT + NEWEST) leaveNewest(log, { from: near.from, to: sight.to + REACH }, end);
  else keepTail(log, near.from);
  const changed = before !== [log.start, ...log.islands.all.flatMap(({ from, to }) => [from, to])].join();
  if (changed || log.messages.size > 4 * REACH) sweep(log);
  return changed;
}

/** Where a part begins that should begin at `wanted`: as it does, unless that is a whole lot away. @param {number} wanted @param {number} there */
function reached(wanted, there) {
  return wanted - there > LOT ? wanted : there;
}

/** @param {Conversation} log @param {Range} near @param {number} end */
function keepIsland(log, near, end) {
  log.islands.keep(near);
  if (log.start !== null && end - log.start > NEWEST + LOT) beginAt(log, end - NEWEST + 1);
}

/** The part in sight becomes an island. @param {Conversation} log @param {Range} near @param {number} end */
function leaveNewest(log, near, end) {
  log.islands.keep(near);
  beginAt(log, end - NEWEST + 1);
}

/** @param {Conversation} log @param {number} from */
function keepTail(log, from) {
  log.islands.keep();
  beginAt(log, from);
}

/** @param {Conversation} log @param {number} seq */
function beginAt(log, seq) {
  if (log.start === null || seq <= log.start) return;
  log.start = seq;
  log.older = true;
}

/** The newest message there is. @param {Conversation} log */
function last(log) {
  let newest = log.start ?? 0;
  for (const seq of log.messages.keys()) if (seq > newest) newest = seq;
  return newest;
}

/** Forget what no part has, but not what is quoted in one. @param {Conversation} log */
function sweep(log) {
  const loaded = [...log.messages.values()].filter(({ seq }) => log.covers(seq));
  const quoted = new Set(loaded.map(({ reply_to }) => reply_to));
  for (const seq of [...log.messages.keys()]) if (!log.covers(seq) && !quoted.has(seq)) log.messages.delete(seq);
}
