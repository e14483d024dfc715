/**
 * What a live `change` makes of the message it is about.
 *
 * @import { Change, Message, Reaction } from "./types.js"
 */

/** @type {Record<string, (message: Message, change: Change) => Partial<Message>>} */
const OPERATIONS = {
  edit: (_, { text = "", edited_at }) => ({ text, edited_at }),
  recall: () => ({ text: "", recalled: true, reactions: [], mentions: [] }),
  react: (message, change) => ({ reactions: reacted(message.reactions ?? [], change) }),
};

/**
 * The message after the change; an operation of a later protocol only moves its `rev`.
 *
 * @param {Message} message
 * @param {Change} change
 * @returns {Message}
 */
export function changed(message, change) {
  return { ...message, ...OPERATIONS[change.op]?.(message, change), rev: change.rev };
}

/**
 * @param {Reaction[]} reactions
 * @param {Change} change
 * @returns {Reaction[]}
 */
function reacted(reactions, { emoji = "", count = 0 }) {
  const mine = reactions.find(([known]) => known === emoji)?.[2] ?? false;
  const others = reactions.filter(([known]) => known !== emoji);
  return count ? [...others, [emoji, count, mine]] : others;
}
