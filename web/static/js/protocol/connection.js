import { backoff } from "./backoff.js";
import { Disconnected, Requests } from "./requests.js";

/**
 * The live connection: `hello`, heartbeat, and coming back by itself after every loss.
 *
 * @import { Bye, Frame, HelloRequest, Question, Ready, Refusal, Saying } from "./types.js"
 *
 * @typedef {"connecting" | "live" | "waiting" | "stopped"} Phase
 * @typedef {{phase: Phase, retryAt?: number, code?: number}} Status
 *
 * @typedef {object} Surroundings  What the connection is given.
 * @property {() => WebSocket} open  Opens a socket with the subprotocol.
 * @property {() => Omit<HelloRequest, "type">} hello  The fields of the next `hello`.
 * @property {(ready: Ready) => void} onReady
 * @property {(frame: Frame) => void} onFrame  Every frame that answers no question.
 * @property {(status: Status) => void} onStatus
 * @property {() => Promise<"in" | "out" | "away">} ask  Whether one is signed in, asked over HTTP.
 * @property {{setTimeout: (run: () => void, ms: number) => number, clearTimeout: (timer?: number) => void}} timers
 * @property {(text: string) => Frame} [read]  What the text of a frame means.
 * @property {() => number} now
 * @property {() => number} random
 */

/** After these the person is asked: signed out, banned, protocol error, flood, too many connections. */
export const ASKING = new Set([4004, 4005, 4007, 4009, 4010]);
const SIGNED_OUT = 4004;
/** A frame was larger than the server reads (RFC 6455, 7.4.1). */
const TOO_LARGE = 1009;
const PATIENCE = 15_000;
const PONG_WITHIN = 10_000;
/** A connection that lived this long was a good one: the next wait is short again. */
const SETTLED = 10_000;

export class Connection {
  #requests = new Requests();
  #tries = 0;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {number | undefined} */
  #timer;
  /** @type {Bye | null} */
  #bye = null;
  #readyAt = 0;
  #heartbeat = 25_000;
  /** @type {Status} */
  status = { phase: "waiting" };

  /** @param {Surroundings} given */
  constructor(given) {
    this.given = given;
  }

  get live() {
    return this.status.phase === "live";
  }

  /** Connect now, whatever the wait was. */
  connect() {
    if (this.#socket) return;
    this.#become({ phase: "connecting" });
    const socket = this.given.open();
    this.#socket = socket;
    this.#bye = null;
    socket.onopen = () => this.#greet(socket);
    socket.onmessage = ({ data }) => this.#heard((this.given.read ?? JSON.parse)(data));
    socket.onclose = ({ code }) => this.#lost(code);
    this.#after(PATIENCE, () => this.#lost(1006));
  }

  /** The network or the person came back: try at once, or see whether the connection still lives. */
  nudge() {
    if (this.live) this.#ping();
    else if (this.status.phase === "waiting") this.connect();
  }

  /** Stop for good. */
  stop() {
    this.#drop();
    this.#become({ phase: "stopped" });
  }

  /**
   * Ask and wait for the one reply, an `error` too.
   *
   * @param {Question} frame
   * @returns {Promise<any>}
   * @throws {Disconnected} When the connection is away or goes away.
   */
  async request(frame) {
    if (!this.live) throw new Disconnected();
    return this.#ask(frame);
  }

  /** Say something that has no reply; dropped while the connection is away. @param {Saying} frame */
  tell(frame) {
    if (this.live) this.#socket?.send(JSON.stringify(frame));
  }

  /** @param {Question} frame */
  #ask(frame) {
    const id = this.#requests.next;
    const { type, ...fields } = frame;
    const text = JSON.stringify({ type, id, ...fields });
    const reply = this.#requests.reply(id, new Blob([text]).size);
    this.#socket?.send(text);
    return reply;
  }

  /** @param {WebSocket} socket */
  async #greet(socket) {
    /** @type {Ready | Refusal} */
    const reply = await this.#ask({ type: "hello", ...this.given.hello() }).catch(() => null);
    if (socket !== this.#socket || !reply) return;
    if (reply.type !== "ready") this.#lost(1006, reply.retry_after);
  }

  /** @param {Ready} ready */
  #welcomed(ready) {
    this.#heartbeat = ready.heartbeat;
    this.#readyAt = this.given.now();
    this.#become({ phase: "live" });
    this.given.onReady(ready);
  }

  /** @param {Frame} frame */
  #heard(frame) {
    if (frame.type === "bye") this.#bye = frame;
    // `ready` is told in its turn: the frames right behind it must find it done.
    else if (frame.type === "ready") this.#welcomed(frame);
    if (!this.#requests.answered(frame) && frame.type !== "bye") this.given.onFrame(frame);
    if (this.live) this.#after(this.#heartbeat, () => this.#ping());
  }

  #ping() {
    this.tell({ type: "ping" });
    this.#after(PONG_WITHIN, () => this.#lost(1006));
  }

  /**
   * @param {number} code
   * @param {number} [wait]
   */
  #lost(code, wait) {
    const wasLive = this.live;
    if (wasLive && code === TOO_LARGE) this.#requests.tooLarge();
    this.#drop();
    if (ASKING.has(code)) return this.#become({ phase: "stopped", code });
    if (wasLive && this.given.now() - this.#readyAt > SETTLED) this.#tries = 0;
    this.#wait(wait ?? this.#asked() ?? backoff(this.#tries++, this.given.random));
    if (!wasLive && !this.#bye) this.#seeWhy();
  }

  /** How long `bye` asked to stay away. */
  #asked() {
    if (!this.#bye?.retry_after) return undefined;
    const [least, most] = this.#bye.retry_after;
    return least + this.given.random() * (most - least);
  }

  /** A browser cannot see why an upgrade was refused. */
  async #seeWhy() {
    if ((await this.given.ask()) !== "out" || this.live) return;
    this.#drop();
    this.#become({ phase: "stopped", code: SIGNED_OUT });
  }

  /** @param {number} ms */
  #wait(ms) {
    this.#become({ phase: "waiting", retryAt: this.given.now() + ms });
    this.#after(ms, () => this.connect());
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#after(0, null);
    this.#requests.disconnected();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** The one timer: the next thing that happens if nothing else does. @param {number} ms @param {(() => void) | null} run */
  #after(ms, run) {
    this.given.timers.clearTimeout(this.#timer);
    if (run) this.#timer = this.given.timers.setTimeout(run, ms);
  }

  /** @param {Status} status */
  #become(status) {
    this.status = status;
    this.given.onStatus(status);
  }
}
