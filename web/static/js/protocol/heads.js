import { effect } from "./changes.js";

/**
 * What a head of the list becomes by what is heard; pure.
 *
 * Heads come from several places (`ready`, HTTP, `update`) and may be older than what live events
 * have told already; a count or a preview never goes back.
 *
 * @import { Change, CursorEvent, Head, LiveEvent, Message, Peer, SystemNote } from "./types.js"
 */

/** A count of unread messages that means "this many or more". */
export const MANY = 100;

/**
 * The head as the server tells it now, seen beside what is known.
 *
 * @param {Head | undefined} known
 * @param {Head} told
 * @returns {Head}
 */
export function merged(known, told) {
  if (!known) return told;
  const read_seq = Math.max(known.read_seq, told.read_seq);
  const last_rev = Math.max(known.last_rev, told.last_rev);
  const last_seq = Math.max(known.last_seq, told.last_seq);
  const newer = told.last_rev < known.last_rev ? known : told;
  const { title, members, description, announcement_only, picture } = newer;
  const unread = Math.min(newer.unread, Math.max(0, last_seq - read_seq));
  const mentions = Math.min(newer.mentions, unread);
  const ahead = (known.preview?.seq ?? 0) - (told.preview?.seq ?? 0);
  const latest = (ahead ? (ahead > 0 ? known : told) : newer).preview;
  const preview = latest && latest.seq > (told.hidden_seq ?? 0) ? latest : undefined;
  const group = { title, members, description, announcement_only, picture };
  return { ...told, ...group, peer: further(known.peer, told.peer), preview, unread, mentions, read_seq, last_rev, last_seq };
}

/** How far the other one is; where that is hidden it is not told. @param {Peer} [known] @param {Peer} [told] @returns {Peer | undefined} */
function further(known, told) {
  if (told?.read === undefined || told.received === undefined) return told;
  return { ...told, read: Math.max(known?.read ?? 0, told.read), received: Math.max(known?.received ?? 0, told.received) };
}

/**
 * The head after a message took its place.
 *
 * @param {Head} head
 * @param {Message} message
 * @param {number} me
 * @returns {Head}
 */
export function withMessage(head, message, me) {
  const last_rev = Math.max(head.last_rev, message.rev);
  const previewed = message.seq >= (head.preview?.seq ?? 0) ? { preview: message } : {};
  if (message.seq <= head.last_seq) return { ...head, ...previewed, last_rev };
  const counts = message.sender.id !== me && message.kind !== "system" && !message.recalled && message.seq > head.read_seq;
  const unread = Math.min(MANY, head.unread + Number(counts));
  const mentions = head.mentions + Number(counts && (message.mentions ?? []).includes(me));
  return { ...head, ...previewed, ...withNote(head, message), last_rev, last_seq: message.seq, unread, mentions };
}

/**
 * The head after a change of a message: the preview says what the message says now, and what was taken back
 * is no longer unread, unless the head was told after that already.
 *
 * @param {Head} head
 * @param {Change} change
 * @param {Message | undefined} was  The message before, if it is loaded.
 * @param {number} me
 * @returns {Head}
 */
export function withChange(head, change, was, me) {
  const { preview } = head;
  const previewed = preview?.seq === change.seq ? { preview: { ...preview, ...effect(preview, change, me) } } : {};
  const counts = isNewsOfUnread(head, change) ? recounted(head, change, was, me) : {};
  return { ...head, ...previewed, ...counts, last_rev: Math.max(head.last_rev, change.rev) };
}

/**
 * Whether what is unread by this can only be asked: it is of a message that was counted and is not loaded.
 *
 * @param {Head} head  Before it.
 * @param {Message | LiveEvent} news
 * @param {Message | undefined} was
 * @returns {boolean}
 */
export function isDoubtful(head, news, was) {
  if (was || !head.unread || news.seq > head.last_seq || !isNewsOfUnread(head, news)) return false;
  if (!("op" in news)) return Boolean(news.recalled) || news.edited_at !== undefined;
  return news.op === "recall" || (news.op === "edit" && news.mentions !== undefined);
}

/** @param {Head} head @param {{seq: number, rev: number}} news */
function isNewsOfUnread(head, { seq, rev }) {
  return rev > head.last_rev && seq > head.read_seq;
}

/** @param {Head} head @param {Change} change @param {Message | undefined} was @param {number} me @returns {Partial<Head>} */
function recounted(head, change, was, me) {
  if (!was || was.sender.id === me || was.kind === "system" || was.recalled) return {};
  const uncounts = change.op === "recall" && head.unread < MANY;
  const unread = Math.max(0, head.unread - Number(uncounts));
  const before = Number((was.mentions ?? []).includes(me));
  const after = Number((effect(was, change, me).mentions ?? was.mentions ?? []).includes(me));
  const mentions = Math.max(0, Math.min(unread, head.mentions + after - before));
  return { unread, mentions };
}

/** How many members each kind of news adds, where it does not say how many there are. @type {Record<string, number>} */
const JOINING = { joined: 1, added: 1, left: -1, removed: -1 };
/** After these others are in the group than before. */
const TURNOVER = new Set([...Object.keys(JOINING), "banned"]);

/** Whether somebody came or went. @param {{system?: SystemNote}} message */
export function isTurnover({ system }) {
  return system !== undefined && TURNOVER.has(system.what);
}

/** Whose membership a message says to have ended. @param {Message} message @returns {number | undefined} */
export function whoLeft({ sender, system }) {
  if (system?.what === "left") return sender.id;
  return system?.what === "removed" || system?.what === "banned" ? system.user?.id : undefined;
}

/**
 * What a system message says of the group itself, whose members are told in no other way.
 *
 * @param {Head} head
 * @param {Message} message
 * @returns {Partial<Head>}
 */
function withNote(head, { system }) {
  if (system?.what === "renamed" && system.title) return { title: system.title };
  if (system?.what === "described") return { description: system.description ?? "" };
  if (system?.what === "announcements" || system?.what === "discussion") return { announcement_only: system.what === "announcements" };
  if (system?.what === "pictured" || system?.what === "unpictured") return { picture: system.picture };
  if (system?.members !== undefined) return { members: system.members };
  const joining = JOINING[system?.what ?? ""];
  return joining && head.members !== undefined ? { members: head.members + joining } : {};
}

/**
 * The head after someone's cursor moved.
 *
 * @param {Head} head
 * @param {CursorEvent} cursor
 * @param {number} me
 * @returns {Head}
 */
export function withCursor(head, cursor, me) {
  if (cursor.user === me) {
    if (cursor.read < head.read_seq) return head;
    const { unread, mentions } = isOfAnotherTime(head, cursor, me) ? head : { ...head, ...counted(cursor) };
    const left = Math.max(0, head.last_seq - cursor.read);
    return { ...head, read_seq: cursor.read, unread: Math.min(unread, left), mentions: Math.min(mentions, left) };
  }
  if (head.peer?.id !== cursor.user) return head;
  const read = Math.max(head.peer.read ?? 0, cursor.read);
  const received = Math.max(head.peer.received ?? 0, cursor.received);
  return { ...head, peer: { ...head.peer, read, received } };
}

/** @param {CursorEvent} cursor @returns {Partial<Head>} */
function counted({ unread, mentions }) {
  return unread === undefined ? {} : { unread, mentions: mentions ?? 0 };
}

/** Whether one's own cursor counts messages that are yet to be heard of, or not all that were. @param {Head} head @param {CursorEvent} cursor @param {number} me */
export function isOfAnotherTime(head, { user, read, last_seq }, me) {
  return user === me && read >= head.read_seq && last_seq !== undefined && last_seq !== head.last_seq;
}

/**
 * The head after one has read up to `seq` oneself; where there may be more than are counted, `unread` stays.
 *
 * @param {Head} head
 * @param {number} seq
 * @param {Message[]} shown  What is loaded.
 * @param {number} me
 * @returns {Head}
 */
export function readUpTo(head, seq, shown, me) {
  if (seq <= head.read_seq) return head;
  if (seq >= head.last_seq) return { ...head, read_seq: seq, unread: 0, mentions: 0 };
  if (head.unread >= MANY) return { ...head, read_seq: seq };
  const read = shown.filter((one) => one.seq > head.read_seq && one.seq <= seq && one.sender.id !== me && one.kind !== "system" && !one.recalled);
  const mentioned = read.filter(({ mentions }) => mentions?.includes(me));
  const unread = Math.max(0, Math.min(head.unread - read.length, head.last_seq - seq));
  return { ...head, read_seq: seq, unread, mentions: Math.max(0, Math.min(unread, head.mentions - mentioned.length)) };
}
