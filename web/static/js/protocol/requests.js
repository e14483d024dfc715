/**
 * Questions on their way: each carries an `id`, and its one reply finds it again.
 *
 * @import { Frame } from "./types.js"
 */

/** The connection went away before the reply came; nobody knows whether the question arrived. */
export class Disconnected extends Error {}

export class Requests {
  #last = 0;
  /** @type {Map<number, {resolve: (reply: any) => void, reject: (error: Error) => void, size: number}>} */
  #waiting = new Map();

  get next() {
    return ++this.#last;
  }

  /**
   * @param {number} id
   * @param {number} size  Of the question, to compare with others.
   * @returns {Promise<any>} The reply, an `error` too.
   */
  reply(id, size) {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, size }));
  }

  /**
   * The server closed because of a question larger than it reads. It does not say which: only the largest on
   * its way is refused, and asking the others again finds out about them.
   */
  tooLarge() {
    const [first, ...rest] = this.#waiting.entries();
    if (!first) return;
    const [id] = rest.reduce((most, each) => (each[1].size > most[1].size ? each : most), first);
    this.answered({ type: "error", id, code: "too_large", message: "", temporary: false });
  }

  /** Whether the frame answered a question of ours. @param {Frame} frame */
  answered(frame) {
    const id = "id" in frame ? frame.id : undefined;
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || !waiting) return false;
    this.#waiting.delete(id);
    waiting.resolve(frame);
    return true;
  }

  /** Give up everything on its way. */
  disconnected() {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Disconnected());
  }
}
