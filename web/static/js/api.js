/**
 * The JSON API over HTTP, as the page uses it.
 *
 * @import { Contact, ContactState, Head, Person, Sighting } from "./protocol/types.js"
 * @import { Contacts } from "./protocol/lists.js"
 * @import { Called } from "./search/searching.js"
 *
 * @typedef {Person & {relation: ContactState | "self"}} Found
 * @typedef {{user: Person, role: "owner" | "moderator" | "member", joined_at: number, silenced?: {until?: number}, read?: number, received?: number, presence?: Sighting}} Member
 * @typedef {{user: Person, csrf: string, language: string, settings?: Record<string, boolean>}} Me
 * @typedef {{conversation: number, title: string, members: number, picture?: number}} PublicGroup
 * @typedef {{id: number, created_at: number, last_used_at: number, address: string, agent: string, current: boolean}} Device
 */

export const BASE = "/api/v1";

/** The server said no, or could not be reached (`unavailable`). */
export class Refused extends Error {
  /** @param {number} status @param {{code?: string, reason?: string, field?: string, message?: string}} error */
  constructor(status, { code = "unavailable", reason, field, message }) {
    super(message ?? code);
    this.status = status;
    this.code = code;
    this.reason = reason;
    this.field = field;
  }
}

export class Api {
  /** @param {string} csrf @param {(text: string) => any} [read]  What the text of an answer means. */
  constructor(csrf, read = JSON.parse) {
    this.csrf = csrf;
    this.read = read;
  }

  /** Whether one is signed in; `away` when nobody can say. @returns {Promise<"in" | "out" | "away">} */
  async signedIn() {
    try {
      this.csrf = (await this.me()).csrf;
      return "in";
    } catch (error) {
      return error instanceof Refused && error.status === 401 ? "out" : "away";
    }
  }

  /** @returns {Promise<Contacts>} */
  async contacts() {
    const { friends, incoming, outgoing, blocked, version } = await this.call("GET", "/contacts");
    return {
      friends: withState(friends, "friend"),
      incoming: withState(incoming, "incoming"),
      outgoing: withState(outgoing, "outgoing"),
      blocked: withState(blocked, "blocked"),
      version,
    };
  }

  /** Every conversation, page by page; current to the first page's version. @returns {Promise<{heads: Head[], version: number}>} */
  async heads() {
    /** @type {Head[]} */
    const heads = [];
    let { conversations, more, version } = await this.call("GET", "/conversations?limit=200");
    heads.push(...conversations);
    while (more && conversations.length) {
      const before = conversations[conversations.length - 1].conversation;
      ({ conversations, more } = await this.call("GET", `/conversations?limit=200&before=${before}`));
      heads.push(...conversations);
    }
    return { heads, version };
  }

  /** @param {number} id @returns {Promise<Head | null>} */
  async head(id) {
    return (await this.call("GET", `/conversations/${id}`)).conversation;
  }

  /** People and conversations that are called so. @param {string} query @param {number} limit @returns {Promise<{people: Found[], conversations: Called[]}>} */
  names(query, limit) {
    return this.call("GET", `/search/names?${new URLSearchParams({ q: query, limit: String(limit) })}`);
  }

  /** @param {string} username @param {string} [note] @returns {Promise<{contact: Contact}>} */
  askFriend(username, note) {
    return this.call("POST", "/contacts/requests", note ? { username, note } : { username });
  }

  /** @param {string} username @param {"accept" | "decline"} answer */
  answerFriend(username, answer) {
    return this.call("POST", `/contacts/requests/${encodeURIComponent(username)}/${answer}`, {});
  }

  /** End a friendship, or take back a request. @param {string} username */
  removeContact(username) {
    return this.call("DELETE", `/contacts/${encodeURIComponent(username)}`);
  }

  /** @param {string} username @param {boolean} on */
  block(username, on) {
    return this.call(on ? "PUT" : "DELETE", `/contacts/blocks/${encodeURIComponent(username)}`);
  }

  /** Where one is signed in. @returns {Promise<Device[]>} */
  async sessions() {
    return (await this.call("GET", "/sessions")).sessions;
  }

  /** Sign out somewhere. @param {number} id */
  endSession(id) {
    return this.call("DELETE", `/sessions/${id}`);
  }

  /** @param {string} query @param {number} [before]  The last one seen. @returns {Promise<{conversations: PublicGroup[], more: boolean}>} */
  publicGroups(query, before) {
    return this.call("GET", `/conversations/public?limit=50&query=${encodeURIComponent(query)}${before ? `&before=${before}` : ""}`);
  }

  /** @param {{title: string, members: string[], public: boolean}} group @returns {Promise<{conversation: Head}>} */
  createGroup(group) {
    return this.call("POST", "/conversations", group);
  }

  /** @param {number} id @param {{title?: string, public?: boolean, description?: string, announcement_only?: boolean, muted?: boolean, hidden_seq?: number}} what @returns {Promise<{conversation: Head}>} */
  changeGroup(id, what) {
    return this.call("PATCH", `/conversations/${id}`, what);
  }

  /** @param {number} id */
  dissolve(id) {
    return this.call("DELETE", `/conversations/${id}`);
  }

  /** @param {number} id @returns {Promise<{conversation: Head}>} */
  join(id) {
    return this.call("POST", `/conversations/${id}/join`, {});
  }

  /** @param {number} id */
  leave(id) {
    return this.call("POST", `/conversations/${id}/leave`, {});
  }

  /**
   * Who leads a group and then everyone by name; with a `query` those whose names hold it.
   *
   * @param {number} id
   * @param {{after?: number, query?: string, limit?: number}} which  `after` is the id of the last member seen.
   * @returns {Promise<{members: Member[], more: boolean}>}
   */
  members(id, { after, query, limit = 50 }) {
    const rest = `${after ? `&after=${after}` : ""}${query ? `&query=${encodeURIComponent(query)}` : ""}`;
    return this.call("GET", `/conversations/${id}/members?limit=${limit}${rest}`);
  }

  /** @param {number} id @param {string} username */
  invite(id, username) {
    return this.call("POST", `/conversations/${id}/members`, { username });
  }

  /** @param {number} id @param {string} username */
  removeMember(id, username) {
    return this.call("DELETE", `/conversations/${id}/members/${encodeURIComponent(username)}`);
  }

  /** @returns {Promise<Me>} */
  me() {
    return this.call("GET", "/me");
  }

  /**
   * A new password signs every other device out.
   *
   * @param {{display_name?: string, language?: string, password?: string, current_password?: string, settings?: Record<string, boolean>}} what
   * @returns {Promise<Me>}
   */
  changeMe(what) {
    return this.call("PATCH", "/me", what);
  }

  /** For ever. @param {string} password */
  deleteMe(password) {
    return this.call("DELETE", "/me", { password });
  }

  /** @param {number} id @param {string} username @param {"owner" | "moderator" | "member"} role @returns {Promise<{member: Member}>} */
  appoint(id, username, role) {
    return this.call("PATCH", `/conversations/${id}/members/${encodeURIComponent(username)}`, { role });
  }

  /** Who is kept out of a group. @param {number} id @returns {Promise<Person[]>} */
  async banned(id) {
    return (await this.call("GET", `/conversations/${id}/bans`)).banned;
  }

  /** @param {number} id @param {string} username @param {boolean} on */
  ban(id, username, on) {
    return this.call(on ? "PUT" : "DELETE", `/conversations/${id}/bans/${encodeURIComponent(username)}`);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>} The answer; undefined for an empty one.
   * @throws {Refused}
   */
  async call(method, path, body) {
    const headers = { Accept: "application/json", "X-CSRF-Token": this.csrf, "Content-Type": "application/json" };
    const request = { method, headers, body: body && JSON.stringify(body) };
    const response = await fetch(BASE + path, request).catch(() => null);
    if (!response) throw new Refused(0, {});
    if (response.status === 204) return undefined;
    const answer = await response.text().then(this.read).catch(() => ({}));
    if (!response.ok) throw new Refused(response.status, answer.error ?? {});
    return answer;
  }
}

/** @param {Omit<Contact, "state">[]} contacts @param {ContactState} state @returns {Contact[]} */
function withState(contacts, state) {
  return contacts.map((contact) => ({ ...contact, state }));
}
