import { Disconnected } from "./requests.js";

/**
 * Asks `changes` for conversations that are behind (rule 3), a few at a time.
 *
 * @import { Conversation } from "./conversation.js"
 * @import { ChangesRequest, Delta, Refusal, Reset } from "./types.js"
 *
 * @typedef {Delta | Reset | Refusal} Answer
 */

const AT_ONCE = 8;
/** After a refusal, or an answer that led nowhere. */
const PAUSE = 1_000;

export class Questions {
  /** @type {Set<Conversation>} */
  #behind = new Set();
  #asked = 0;

  /**
   * @param {(frame: ChangesRequest) => Promise<Answer>} request
   * @param {(log: Conversation, answer: Answer) => void} onAnswer
   * @param {(ms: number) => Promise<void>} sleep
   */
  constructor(request, onAnswer, sleep) {
    this.request = request;
    this.onAnswer = onAnswer;
    this.sleep = sleep;
  }

  /** Ask for this conversation if it is behind and nothing is on its way. @param {Conversation} log */
  consider(log) {
    if (!log.awaited && log.own < log.heard) this.#behind.add(log);
    for (const next of this.#behind) {
      if (this.#asked >= AT_ONCE) return;
      this.#behind.delete(next);
      this.#ask(next);
    }
  }

  /** @param {Conversation} log */
  async #ask(log) {
    const after = log.ask();
    if (after === null) return;
    this.#asked += 1;
    const answer = await this.#answer(log, after);
    this.#asked -= 1;
    if (!answer) return log.unanswered();
    this.onAnswer(log, answer);
    if (answer.type === "error") log.unanswered();
    if (answer.type === "error" || log.own === after) await this.sleep(PAUSE);
    this.consider(log);
  }

  /** @param {Conversation} log @param {number} after */
  async #answer(log, after) {
    try {
      return await this.request({ type: "changes", conversation: log.id, after });
    } catch (error) {
      if (error instanceof Disconnected) return null;
      throw error;
    }
  }
}
