/**
 * What a group's system messages make of a list of its members; pure.
 *
 * @import { Member } from "../api.js"
 * @import { Room } from "../store.js"
 * @import { Message } from "../protocol/types.js"
 *
 * @typedef {{changed: Member[], gone: number[]}} News  Members as they are from now on, and who is none any more.
 */

/** @type {News} */
const NOTHING = { changed: [], gone: [] };

/**
 * What was said between two places of the timeline; null where it is not all loaded.
 *
 * @param {Room} room
 * @param {number} after
 * @returns {Message[] | null}
 */
export function saidAfter({ head, log }, after) {
  const said = Array.from({ length: head.last_seq - after }, (_, i) => log.messages.get(after + 1 + i));
  return said.every((message) => message !== undefined) ? said : null;
}

/**
 * @param {Message} message
 * @param {(user: number) => Member | undefined} known
 * @returns {News}
 */
export function newsOf({ sender, at, system }, known) {
  const user = system?.user;
  /** @param {number | undefined} id @param {Partial<Member>} change @returns {Member[]} */
  const now = (id, change) => [known(id ?? 0)].flatMap((member) => (member ? [{ ...member, ...change }] : []));
  switch (system?.what) {
    case "joined":
      return { changed: [{ user: sender, role: "member", joined_at: at }], gone: [] };
    case "added":
      return user ? { changed: [{ user, role: "member", joined_at: at }], gone: [] } : NOTHING;
    case "left":
      return { changed: [], gone: [sender.id] };
    case "removed":
    case "banned":
      return user ? { changed: [], gone: [user.id] } : NOTHING;
    case "promoted":
      return { changed: now(user?.id, { role: "moderator", silenced: undefined }), gone: [] };
    case "demoted":
      return { changed: now(user?.id, { role: "member" }), gone: [] };
    case "handed_over":
      return { changed: [...now(sender.id, { role: "moderator" }), ...now(user?.id, { role: "owner", silenced: undefined })], gone: [] };
    case "silenced":
      return { changed: now(user?.id, { silenced: system.until === undefined ? {} : { until: system.until } }), gone: [] };
    case "unsilenced":
      return { changed: now(user?.id, { silenced: undefined }), gone: [] };
  }
  return NOTHING;
}
