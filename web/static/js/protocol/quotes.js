/**
 * The originals of answers, when they are not loaded: each is asked for once, and follows every change as long as it is kept.
 *
 * @import { Room } from "../store.js"
 * @import { HistoryRequest, Page, Refusal } from "./types.js"
 */

export class Quotes {
  /** @type {Set<string>} What was asked since the connection is there. */
  #asked = new Set();

  /** @param {(frame: HistoryRequest) => Promise<Page | Refusal>} request @param {() => void} onChange */
  constructor(request, onChange) {
    this.request = request;
    this.onChange = onChange;
  }

  /** @param {Room} room @param {number} seq */
  async want({ log }, seq) {
    const key = `${log.id} ${seq}`;
    if (log.messages.has(seq) || this.#asked.has(key)) return;
    this.#asked.add(key);
    const reply = await this.request({ type: "history", conversation: log.id, around: seq, limit: 1 }).catch(() => null);
    if (reply?.type !== "ok") return;
    // what no part of the timeline has is kept and not shown; let go of with what quotes it, it is asked for again
    if (reply.items.some(({ seq: found }) => found === seq)) this.#asked.delete(key);
    if (reply.items.filter((item) => log.place(item)).length) this.onChange();
  }

  /** A new connection: what was lost may be asked again. */
  begin() {
    this.#asked.clear();
  }
}
