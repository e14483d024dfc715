/**
 * What one does to messages that are there: other words, taking back, reactions.
 *
 * An edit waits in the outbox like a message, and is tried until the server has it; it fails where its message
 * stands. The others are asked once, and a refusal is thrown: who asked can ask again.
 *
 * @import { Outbox } from "./outbox.js"
 * @import { Message, RecallRequest, ReactRequest, Reply, Writing } from "./types.js"
 */

/** The server said no, or could not be reached. */
export class Refusing extends Error {
  /** @param {{code: string, reason?: string}} refusal */
  constructor({ code, reason }) {
    super(code);
    this.code = code;
    this.reason = reason;
  }
}

export class Alterations {
  /** @param {Outbox} outbox @param {(frame: Writing) => Promise<Reply>} request */
  constructor(outbox, request) {
    this.outbox = outbox;
    this.request = request;
  }

  /** Give one's own message another text. @param {Pick<Message, "conversation" | "seq">} message @param {string} text */
  edit({ conversation, seq }, text) {
    const earlier = this.outbox.entries.filter((entry) => entry.conversation === conversation && entry.seq === seq);
    for (const { client_id, state } of earlier) if (state === "failed") this.outbox.remove(client_id);
    this.outbox.add({ conversation }, text, { seq });
  }

  /** @param {Pick<Message, "conversation" | "seq">} message @throws {Refusing} */
  recall({ conversation, seq }) {
    return this.#ask({ type: "recall", conversation, seq });
  }

  /** @param {Pick<Message, "conversation" | "seq">} message @param {string} emoji @param {boolean} on @throws {Refusing} */
  react({ conversation, seq }, emoji, on) {
    return this.#ask({ type: "react", conversation, seq, emoji, on });
  }

  /** @param {RecallRequest | ReactRequest} frame */
  async #ask(frame) {
    const reply = await this.request(frame).catch(() => null);
    if (reply?.type !== "ack") throw new Refusing(reply ?? { code: "unavailable" });
  }
}
