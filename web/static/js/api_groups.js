/**
 * What leaders do with a group over HTTP: its links, and who is silent in it.
 *
 * @import { Api } from "./api.js"
 * @import { Person } from "./protocol/types.js"
 *
 * @typedef {{id: number, url: string, code: string, by: Person, made_at: number, expires_at?: number, uses?: number, used: number}} Invite
 */

/** The links of a group, the good ones first. @param {Api} api @param {number} id @returns {Promise<Invite[]>} */
export async function invitesOf(api, id) {
  return (await api.call("GET", `/conversations/${id}/invites`)).invites;
}

/** @param {Api} api @param {number} id @param {{expires_in?: number, uses?: number}} terms @returns {Promise<Invite>} */
export async function makeInvite(api, id, terms) {
  return (await api.call("POST", `/conversations/${id}/invites`, terms)).invite;
}

/** @param {Api} api @param {number} id @param {number} invite */
export function revokeInvite(api, id, invite) {
  return api.call("DELETE", `/conversations/${id}/invites/${invite}`);
}

/** Let a member write no more, for so many seconds or until it is lifted. @param {Api} api @param {number} id @param {string} username @param {number} [seconds] */
export function silence(api, id, username, seconds) {
  return api.call("PUT", silenceOf(id, username), seconds === undefined ? {} : { for: seconds });
}

/** @param {Api} api @param {number} id @param {string} username */
export function unsilence(api, id, username) {
  return api.call("DELETE", silenceOf(id, username));
}

/** @param {number} id @param {string} username */
function silenceOf(id, username) {
  return `/conversations/${id}/silences/${encodeURIComponent(username)}`;
}
