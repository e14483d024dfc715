/**
 * The last read position told of each conversation, to be told again when a connection may have lost it.
 *
 * @import { ReadRequest } from "./types.js"
 */

export class Reads {
  /** @type {Map<number, number>} */
  #last = new Map();

  /** @param {(frame: ReadRequest) => void} tell */
  constructor(tell) {
    this.tell = tell;
  }

  /** @param {number} conversation @param {number} seq */
  read(conversation, seq) {
    if (seq <= (this.#last.get(conversation) ?? 0)) return;
    this.#last.set(conversation, seq);
    this.tell({ type: "read", conversation, seq });
  }

  repeat() {
    this.#last.forEach((seq, conversation) => this.tell({ type: "read", conversation, seq }));
  }

  /** @param {number} conversation */
  forget(conversation) {
    this.#last.delete(conversation);
  }

  /** Positions of another lineage of the database mean nothing. */
  clear() {
    this.#last.clear();
  }
}
