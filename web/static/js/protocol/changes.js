/**
 * What a live `change` makes of the message it is about; pure.
 *
 * @import { Change, FileInfo, Message, Reaction } from "./types.js"
 */

/**
 * What of a message a change can touch; previews have it too.
 *
 * @typedef {{text: string, edited_at?: number, recalled?: boolean, mentions?: number[], reactions?: Reaction[], files?: FileInfo[]}} Changeable
 */

/** @type {Record<string, (message: Changeable, change: Change, me: number) => Partial<Changeable>>} */
const OPERATIONS = {
  edit: (message, { text = "", edited_at, mentions = message.mentions }) => ({ text, edited_at, mentions }),
  recall: () => ({ text: "", recalled: true, edited_at: undefined, reactions: [], mentions: [], files: undefined }),
  react: (message, change, me) => ({ reactions: reacted(message.reactions ?? [], change, change.by === me) }),
};

/**
 * The message after the change; an operation of a later protocol only moves its `rev`.
 *
 * @param {Message} message
 * @param {Change} change
 * @param {number} me  Whose reactions are `mine`.
 * @returns {Message}
 */
export function changed(message, change, me) {
  return { ...message, ...effect(message, change, me), rev: change.rev };
}

/** What of it the change replaces. @param {Changeable} message @param {Change} change @param {number} me */
export function effect(message, change, me) {
  return OPERATIONS[change.op]?.(message, change, me) ?? {};
}

/**
 * A message told whole, beside what was there: told to everyone, it does not say which reactions are one's own.
 *
 * @param {Message | undefined} there
 * @param {Message} message
 * @returns {Message}
 */
export function told(there, message) {
  if (!there?.reactions || !message.reactions) return message;
  const mine = new Set(there.reactions.filter(([, , own]) => own).map(([emoji]) => emoji));
  const reactions = message.reactions.map(([emoji, count, own]) => /** @type {Reaction} */ ([emoji, count, own ?? mine.has(emoji)]));
  return { ...message, reactions };
}

/**
 * The reactions after one came or went; those that stay keep their place.
 *
 * @param {Reaction[]} reactions
 * @param {Change} change
 * @param {boolean} byMe
 * @returns {Reaction[]}
 */
function reacted(reactions, { emoji = "", on = false, count = 0 }, byMe) {
  const known = reactions.find(([other]) => other === emoji);
  /** @type {Reaction} */
  const now = [emoji, count, byMe ? on : (known?.[2] ?? false)];
  const all = known ? reactions.map((other) => (other === known ? now : other)) : [...reactions, now];
  return all.filter(([, many]) => many > 0);
}
