/**
 * A message said elsewhere too: its text, and a copy of each of its files for each conversation.
 *
 * What failed can be tried again: nothing is said twice, and what was copied is not copied again. A copy that is never
 * sent is swept by the server.
 *
 * @import { Outbox } from "./protocol/outbox.js"
 * @import { FileInfo } from "./protocol/types.js"
 *
 * @typedef {(id: number) => Promise<FileInfo>} Copy  A file once more, as an upload of one's own.
 */

export class Forwarding {
  /** @type {Map<number, FileInfo[]>} What is copied, by conversation. */
  #copied = new Map();
  /** @type {Set<number>} */
  #said = new Set();

  /** @param {Pick<Outbox, "add">} outbox @param {Copy} copy @param {{text: string, files?: FileInfo[]}} message */
  constructor(outbox, copy, { text, files = [] }) {
    this.outbox = outbox;
    this.copy = copy;
    this.text = text;
    this.files = files;
  }

  /** Say it there, unless it was; throws what the server says to a copy. @param {number} conversation */
  async to(conversation) {
    if (this.#said.has(conversation)) return;
    const copies = this.#copied.get(conversation) ?? [];
    this.#copied.set(conversation, copies);
    for (const { id } of this.files.slice(copies.length)) copies.push(await this.copy(id));
    this.#said.add(conversation);
    this.outbox.add({ conversation }, this.text, copies.length ? { files: copies } : {});
  }
}
