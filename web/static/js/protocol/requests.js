/**
 * Questions on their way: each carries an `id`, and its one reply finds it again.
 *
 * @import { Frame } from "./types.js"
 */

/** The connection went away before the reply came; nobody knows whether the question arrived. */
export class Disconnected extends Error {}

export class Requests {
  #last = 0;
  /** @type {Map<number, {resolve: (reply: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();

  get next() {
    return ++this.#last;
  }

  /**
   * @param {number} id
   * @returns {Promise<any>} The reply, an `error` too.
   */
  reply(id) {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
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
