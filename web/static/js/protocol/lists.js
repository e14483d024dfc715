/**
 * The lists of contacts and conversations, and the number they are current to.
 *
 * Every `update` has the next `version`. A gap, or a `ready` or `lag` with another number, means that the
 * lists are fetched; what arrives meanwhile waits, and is applied after them if they are not past it.
 *
 * @import { Contact, Friend, Head, Update } from "./types.js"
 *
 * @typedef {{friends: Friend[], incoming: Contact[], outgoing: Contact[], blocked: Contact[], version: number}} Contacts
 *
 * @typedef {object} Surroundings
 * @property {() => Promise<Contacts>} fetchContacts
 * @property {() => Promise<{heads: Head[], version: number}>} fetchHeads  All of them.
 * @property {(contacts: Contacts) => void} onContacts
 * @property {(heads: Head[]) => void} onHeads
 * @property {(update: Update) => void} onUpdate
 * @property {() => boolean} live  Away, nothing is tried: the next `ready` compares again.
 * @property {(ms: number) => Promise<void>} sleep
 */

const TRY_AGAIN = 2_000;
/** Updates that may wait for the lists; with more, the lists are fetched once more instead. */
const WAITING_AT_MOST = 200;

export class Lists {
  version = -1;
  #wanted = -1;
  #refreshing = false;
  #again = false;
  /** @type {Update[]} */
  #waiting = [];

  /** @param {Surroundings} given */
  constructor(given) {
    this.given = given;
  }

  /** The server is at `version`. @param {number} version */
  compare(version) {
    this.#wanted = Math.max(this.#wanted, version);
    if (version !== this.version) this.refresh();
  }

  /** @param {Update} update */
  update(update) {
    this.#wanted = Math.max(this.#wanted, update.version);
    if (this.#refreshing && this.#waiting.length < WAITING_AT_MOST) this.#waiting.push(update);
    if (this.#refreshing || update.version <= this.version) return;
    if (update.version > this.version + 1) return void this.refresh();
    this.version = update.version;
    this.given.onUpdate(update);
  }

  /** Another lineage of the database: its numbers begin anew. */
  forget() {
    this.version = -1;
    this.#wanted = -1;
    this.#waiting = [];
  }

  /** Fetch the lists; asked while they are on their way, once more after that. @returns {Promise<void>} */
  async refresh() {
    this.#again = this.#refreshing;
    if (this.#refreshing) return;
    this.#refreshing = true;
    const fetched = await this.#fetch().catch(() => false);
    this.#refreshing = false;
    this.#applyWaiting();
    if (this.#again) return this.refresh();
    if (fetched && this.version >= this.#wanted) return;
    await this.given.sleep(TRY_AGAIN);
    if (this.given.live()) this.refresh();
  }

  async #fetch() {
    const [contacts, { heads, version }] = await Promise.all([this.given.fetchContacts(), this.given.fetchHeads()]);
    this.given.onContacts(contacts);
    this.given.onHeads(heads);
    this.version = Math.min(contacts.version, version);
    return true;
  }

  #applyWaiting() {
    const waiting = this.#waiting.sort((a, b) => a.version - b.version);
    this.#waiting = [];
    waiting.forEach((update) => this.update(update));
  }
}
