/**
 * Files on their way to the server, for each conversation, before they are sent with a message.
 *
 * Two travel at a time. They live as long as the page: what was not sent is lost with it, and the tray says so.
 *
 * @import { FileInfo } from "./protocol/types.js"
 *
 * @typedef {{done: Promise<FileInfo>, abort: () => void}} Transfer
 *
 * @typedef {object} Wire
 * @property {(file: File, onProgress: (share: number) => void) => Transfer} send
 * @property {(id: number) => Promise<unknown>} remove  Give back what was uploaded and not sent.
 *
 * @typedef {object} Upload
 * @property {number} key
 * @property {File} file
 * @property {"waiting" | "going" | "done" | "failed"} state
 * @property {number} share  From 0 to 1.
 * @property {FileInfo} [info]  Once it is done.
 * @property {{code?: string, reason?: string}} [problem]  Once it has failed.
 * @property {() => void} [abort]
 */

const AT_ONCE = 2;
/** Files of one message. */
export const MOST = 10;

export class Uploads {
  /** @type {Map<string, Upload[]>} */
  #trays = new Map();
  #last = 0;

  /** @param {Wire} wire @param {() => {file_bytes?: number}} limits @param {() => void} onChange */
  constructor(wire, limits, onChange) {
    this.wire = wire;
    this.limits = limits;
    this.onChange = onChange;
  }

  /** @param {string} place @returns {Upload[]} */
  of(place) {
    return this.#trays.get(place) ?? [];
  }

  /** Whether something would be lost with the page. */
  get any() {
    return [...this.#trays.values()].some((tray) => tray.length > 0);
  }

  /** What can be sent with a message; null while something is on its way or has failed. @param {string} place @returns {FileInfo[] | null} */
  ready(place) {
    const infos = this.of(place).flatMap(({ state, info }) => (state === "done" && info ? [info] : []));
    return infos.length === this.of(place).length ? infos : null;
  }

  /** Take up files; of too many the first. @param {string} place @param {File[]} files @returns {boolean} Whether there was room for all. */
  add(place, files) {
    const tray = this.of(place);
    const room = MOST - tray.length;
    const added = files.slice(0, room).map((file) => this.#made(file));
    this.#trays.set(place, [...tray, ...added]);
    this.#go();
    return files.length <= room;
  }

  /** Try a failed one again. @param {Upload} upload */
  retry(upload) {
    Object.assign(upload, { state: "waiting", share: 0, problem: undefined });
    this.#go();
  }

  /** Give one up. @param {string} place @param {Upload} upload */
  remove(place, upload) {
    this.#trays.set(place, this.of(place).filter((other) => other !== upload));
    upload.abort?.();
    if (upload.info) this.wire.remove(upload.info.id).catch(() => undefined); // the server sweeps it in a day
    this.#go();
  }

  /** One may not stay: they are lost with the page, and it does not ask. */
  abandon() {
    const all = [...this.#trays.values()].flat();
    this.#trays.clear();
    all.forEach(({ abort }) => abort?.());
    this.onChange();
  }

  /** They are sent: the tray is empty. @param {string} place */
  sent(place) {
    this.#trays.delete(place);
    this.onChange();
  }

  /** @param {File} file @returns {Upload} */
  #made(file) {
    const key = ++this.#last;
    const { file_bytes: most = Infinity } = this.limits();
    if (file.size > most) return { key, file, state: "failed", share: 0, problem: { code: "too_large", reason: "file_too_large" } };
    return { key, file, state: "waiting", share: 0 };
  }

  #go() {
    const all = [...this.#trays.values()].flat();
    const going = all.filter(({ state }) => state === "going").length;
    for (const upload of all.filter(({ state }) => state === "waiting").slice(0, Math.max(0, AT_ONCE - going))) this.#send(upload);
    this.onChange();
  }

  /** @param {Upload} upload */
  async #send(upload) {
    upload.state = "going";
    const transfer = this.wire.send(upload.file, (share) => {
      upload.share = share;
      this.onChange();
    });
    upload.abort = transfer.abort;
    try {
      Object.assign(upload, { info: await transfer.done, state: "done", share: 1 });
    } catch (problem) {
      Object.assign(upload, { state: "failed", problem });
    }
    upload.abort = undefined;
    this.#go();
  }
}
