import { backoff } from "./backoff.js";
import { Disconnected } from "./requests.js";

/**
 * Messages and edits on their way out: kept until the server has them, sent in order within a conversation, one at a time.
 *
 * Every try of an entry carries the same `client_id`, so the server stores it once however often it
 * arrives, also when two tabs of one person send the same entry.
 *
 * @import { Ack, FileInfo, Message, Person, Refusal, Reply, Writing } from "./types.js"
 *
 * @typedef {object} Entry
 * @property {number} user
 * @property {string} client_id
 * @property {number} [conversation]
 * @property {string | string[]} [to]
 * @property {string} text
 * @property {number} [seq]  The message that gets this text: an edit.
 * @property {number} [reply_to]
 * @property {number[]} [mentions]  None: yet to be found out, where its text may have some.
 * @property {FileInfo[]} [files]  Which are on the server already.
 * @property {number} at  When it was written, by the clock of this machine.
 * @property {number} order
 * @property {"pending" | "failed"} state
 * @property {string} [code]  Why it failed.
 * @property {string} [reason]  The same more closely, where there is more to say.
 *
 * @typedef {object} Drawer  Where entries outlive the page.
 * @property {(user: number) => Promise<Entry[]>} all
 * @property {(entry: Entry) => Promise<void>} put
 * @property {(entry: Entry) => Promise<void>} remove
 *
 * @typedef {object} Surroundings
 * @property {number} user
 * @property {Drawer} drawer
 * @property {(frame: Writing) => Promise<Reply>} request  Throws when the connection is away.
 * @property {(entry: Entry) => Promise<number[]>} mentioned  Whom of the members of a group its text names.
 * @property {(entry: Entry, acks: Ack[]) => void} onAcknowledged
 * @property {(refusal: Refusal) => void} onHopeless  Of an edit that can never be made: it is gone.
 * @property {() => void} onChange
 * @property {() => number} now
 * @property {() => number} random
 * @property {() => string} newId  32 hexadecimal digits.
 * @property {(ms: number) => Promise<void>} sleep
 */

/** A message waits no longer than this, in milliseconds, until it is known whom it mentions. */
const LOOKING = 10_000;
/** Why an edit can never be made. */
const HOPELESS = new Set(["recalled", "not_yours", "no_such_message"]);

export class Outbox {
  /** @type {Map<string, Entry>} By `client_id`. */
  #entries = new Map();
  /** @type {Set<string>} What the drawer is known to have. */
  #stored = new Set();
  /** @type {Set<string>} What left the box since the drawer was last opened. */
  #left = new Set();
  /** @type {Set<string>} Lanes somebody is emptying. */
  #working = new Set();
  #open = false;
  #tries = 0;

  /** @param {Surroundings} given */
  constructor(given) {
    this.given = given;
  }

  /** Everything not yet acknowledged, oldest first. @returns {Entry[]} */
  get entries() {
    return [...this.#entries.values()].sort((a, b) => a.order - b.order);
  }

  /**
   * @param {{conversation: number} | {to: string | string[]}} target
   * @param {string} text
   * @param {Pick<Entry, "seq" | "reply_to" | "mentions" | "files">} [more]  With `seq`, an edit of that message.
   */
  add(target, text, more = {}) {
    const at = this.given.now();
    const order = Math.max(at, ...this.entries.map((known) => known.order + 1));
    const entry = { user: this.given.user, client_id: this.given.newId(), ...target, text, ...more, at, order };
    this.#keep({ ...entry, state: "pending" });
    this.#work(laneOf(entry));
  }

  /** Try a failed one again. @param {string} id */
  retry(id) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const { code, reason, ...rest } = entry;
    this.#keep({ ...rest, state: "pending" });
    this.#work(laneOf(entry));
  }

  /** Give one up; it is gone for good once the drawer says so. @param {string} id @returns {Promise<void>} */
  async remove(id) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#forget(id);
    this.#left.add(id);
    this.given.onChange();
    await this.given.drawer.remove(entry);
  }

  /** The connection is ready: take up what other pages left behind, and send. */
  async resume() {
    this.#open = true;
    await this.refresh(true);
    new Set(this.entries.map(laneOf)).forEach((lane) => this.#work(lane));
  }

  pause() {
    this.#open = false;
  }

  /**
   * Look into the drawer: what another tab settled or gave up is gone here too.
   *
   * @param {boolean} adopt  Take over what lies there, of pages that are gone.
   */
  async refresh(adopt) {
    this.#left.clear();
    const stored = [...this.#stored];
    const lying = new Map((await this.given.drawer.all(this.given.user)).map((entry) => [entry.client_id, entry]));
    for (const id of stored) if (!lying.has(id)) this.#forget(id);
    if (adopt) lying.forEach((entry, id) => this.#adopt(id, entry));
    this.given.onChange();
  }

  /** A message of one's own arrived, perhaps before its `ack`, perhaps from another tab. @param {string} id */
  arrived(id) {
    if (this.#entries.has(id)) this.remove(id);
  }

  /** @param {string} id */
  #forget(id) {
    this.#entries.delete(id);
    this.#stored.delete(id);
  }

  /** @param {string} id @param {Entry} entry */
  #adopt(id, entry) {
    if (this.#left.has(id)) return;
    this.#stored.add(id);
    if (!this.#entries.has(id)) this.#entries.set(id, entry);
  }

  /** @param {Entry} entry */
  #keep(entry) {
    this.#entries.set(entry.client_id, entry);
    this.given.onChange();
    return this.given.drawer.put(entry).then(
      () => this.#entries.has(entry.client_id) && this.#stored.add(entry.client_id),
      () => undefined, // a full disk: the entry lives as long as this page
    );
  }

  /** Empty one lane in order, one message at a time. @param {string} lane */
  async #work(lane) {
    if (this.#working.has(lane)) return;
    this.#working.add(lane);
    try {
      for (let next = this.#next(lane); next; next = this.#next(lane)) await this.#send(next);
    } catch (error) {
      if (!(error instanceof Disconnected)) throw error; // else `resume` begins again
    } finally {
      this.#working.delete(lane);
    }
  }

  /** @param {string} lane */
  #next(lane) {
    if (!this.#open) return undefined;
    return this.entries.find((entry) => entry.state === "pending" && laneOf(entry) === lane);
  }

  /** Before its first try: each one says the same, so that the server knows it again. @param {Entry} entry @returns {Promise<Entry>} */
  async #complete(entry) {
    if (!mayMention(entry)) return entry;
    const nobody = this.given.sleep(LOOKING).then(() => /** @type {number[]} */ ([]));
    const whole = { ...entry, mentions: await Promise.race([this.given.mentioned(entry), nobody]) };
    if (this.#entries.has(entry.client_id)) await this.#keep(whole);
    return whole;
  }

  /** @param {Entry} given */
  async #send(given) {
    const entry = await this.#complete(given);
    const { client_id } = entry;
    if (!this.#entries.has(client_id)) return;
    const reply = await this.given.request(requestOf(entry));
    const refusals = resultsOf(reply).filter(isRefusal);
    const later = refusals.find((refusal) => refusal.temporary);
    if (later) return this.#pauseBefore(later);
    this.#tries = 0;
    if (!this.#entries.has(client_id)) return;
    if (refusals.length) return this.#fail(entry, reply, refusals[0]);
    this.remove(client_id);
    this.given.onAcknowledged(entry, resultsOf(reply).filter((result) => !isRefusal(result)));
  }

  /** @param {Refusal} refusal */
  #pauseBefore(refusal) {
    return this.given.sleep(refusal.retry_after ?? 250 + backoff(this.#tries++, this.given.random));
  }

  /**
   * Keep it as failed; of a list, only those who did not get it.
   *
   * @param {Entry} entry
   * @param {Reply} reply
   * @param {Refusal} refusal
   */
  #fail(entry, reply, refusal) {
    const { code, reason } = refusal;
    if (entry.seq !== undefined && HOPELESS.has(reason ?? "")) {
      this.remove(entry.client_id);
      return this.given.onHopeless(refusal);
    }
    const results = resultsOf(reply);
    const to = Array.isArray(entry.to) && "results" in reply ? entry.to.filter((_, i) => isRefusal(results[i])) : entry.to;
    this.#keep({ ...entry, to, state: "failed", code, reason: reason === code ? undefined : reason });
  }
}

/** An edit that names nobody says so. @param {Entry} entry */
function mayMention({ conversation, mentions, text, seq }) {
  return conversation !== undefined && mentions === undefined && (text.includes("@") || seq !== undefined);
}

/** @param {Entry} entry @returns {Writing} */
function requestOf({ client_id, conversation, to, seq, text, reply_to, mentions, files }) {
  if (seq !== undefined && conversation !== undefined) return { type: "edit", client_id, conversation, seq, text, mentions };
  const target = conversation === undefined ? { to } : { conversation };
  return { type: "send", client_id, ...target, text, reply_to, mentions: mentions?.length ? mentions : undefined, files: files?.map(({ id }) => id) };
}

/** What one said, before the server tells of it. @param {Person} sender @param {Entry} entry @param {Ack} ack @returns {Message} */
export function saidBy(sender, { client_id: given, text, reply_to, mentions, files }, { conversation, seq, rev, at, client_id = given }) {
  return { conversation, seq, rev, at, client_id, sender, kind: files?.length ? "file" : "text", text, reply_to, mentions: mentions?.length ? mentions : undefined, files };
}

/** What became of an entry, for each conversation it went to. @param {Reply} reply @returns {(Ack | Refusal)[]} */
function resultsOf(reply) {
  return "results" in reply ? reply.results : [reply];
}

/** @param {Ack | Refusal} result @returns {result is Refusal} */
function isRefusal(result) {
  return "code" in result;
}

/** Entries of one lane keep their order. @param {Pick<Entry, "conversation" | "to">} entry */
function laneOf({ conversation, to }) {
  return conversation === undefined ? `to ${to}` : `in ${conversation}`;
}
