import { arrange, byId, h, icon } from "../dom.js";
import { sizeOf } from "../files.js";
import { refusal, t } from "../i18n.js";

/**
 * The files that go with the next message, above where it is written.
 *
 * @import { Upload, Uploads } from "../uploads.js"
 */

/** Why a file would be refused each time. */
const HOPELESS = new Set(["file_empty", "file_too_large"]);
/** What would turn the letters after it around: a name is to be read as it is. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export class Tray {
  #box = byId("composer-files");
  #list = h("ul", { class: "tray", "aria-label": t("file.tray") });
  #place = "";
  /** @type {Map<number, {item: HTMLElement, url: string, state: string}>} */
  #shown = new Map();

  /** @param {Uploads} uploads @param {() => void} onChange  What can be sent has changed. */
  constructor(uploads, onChange) {
    this.uploads = uploads;
    this.onChange = onChange;
    this.#box.append(this.#list, h("p", { class: "tray-note" }, t("file.note")));
    window.addEventListener("beforeunload", (event) => this.uploads.any && event.preventDefault());
  }

  /** Another conversation is open. @param {string} place */
  turnTo(place) {
    this.#place = place;
    this.render();
  }

  /** What goes with a message sent now; null while that is not known. */
  get files() {
    return this.uploads.ready(this.#place);
  }

  /** Why nothing can be sent while `files` is null, as a key of the catalog. */
  get obstacle() {
    const failed = this.uploads.of(this.#place).filter(({ state }) => state === "failed");
    if (!failed.length) return "file.still_going";
    return failed.every(isHopeless) ? "file.hopeless" : "file.in_the_way";
  }

  /** @param {File[]} files @returns {boolean} Whether there was room for all. */
  add(files) {
    return this.uploads.add(this.#place, files);
  }

  /** The message is on its way. */
  sent() {
    this.uploads.sent(this.#place);
  }

  render() {
    const uploads = this.uploads.of(this.#place);
    this.#forget(new Set(uploads.map(({ key }) => key)));
    this.#box.hidden = !uploads.length;
    arrange(this.#list, uploads.map((upload) => this.#item(upload)));
    this.onChange();
  }

  /** Made once for each state: a progress that moves leaves the buttons alone. @param {Upload} upload */
  #item(upload) {
    const known = this.#shown.get(upload.key);
    if (known?.state === upload.state) {
      const bar = known.item.querySelector("progress");
      if (bar) bar.value = upload.share;
      return known.item;
    }
    const url = known?.url ?? (upload.file.type.startsWith("image/") ? URL.createObjectURL(upload.file) : "");
    const item = this.#made(upload, url);
    this.#shown.set(upload.key, { item, url, state: upload.state });
    return item;
  }

  /** @param {Upload} upload @param {string} url */
  #made(upload, url) {
    const { file, state, share, problem } = upload;
    const face = url ? pictured(url) : plain();
    const under =
      state === "failed"
        ? h("span", { class: "tray-problem", role: "alert" }, refusal(problem))
        : state === "done"
          ? h("span", { class: "tray-size" }, sizeOf(file.size))
          : h("progress", { max: 1, value: share, "aria-label": t("file.going", { name: file.name }) });
    const words = h("span", { class: "tray-words" }, h("span", { class: "tray-name", dir: "auto" }, unturned(file.name)), under);
    const again = state === "failed" && !isHopeless(upload) && this.#button("retry", t("file.retry", { name: file.name }), () => this.uploads.retry(upload));
    const remove = this.#button("close", t("file.remove", { name: file.name }), () => this.uploads.remove(this.#place, upload));
    return h("li", { class: "tray-item", "data-state": state }, face, words, again, remove);
  }

  /** @param {string} picture @param {string} label @param {() => void} run */
  #button(picture, label, run) {
    return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: run }, icon(picture));
  }

  /** @param {Set<number>} keys  Of what is still there, here. */
  #forget(keys) {
    for (const [key, { url }] of this.#shown) {
      if (keys.has(key)) continue;
      if (url) URL.revokeObjectURL(url);
      this.#shown.delete(key);
    }
  }
}

/** @param {Upload} upload */
function isHopeless({ problem }) {
  return HOPELESS.has(problem?.reason ?? "");
}

/** What stands for a file without a picture. */
function plain() {
  return h("span", { class: "tray-face" }, icon("file"));
}

/** A picture, unless the file only claims to be one. @param {string} url */
function pictured(url) {
  const image = h("img", { class: "tray-face", src: url, alt: "" });
  image.addEventListener("error", () => image.replaceWith(plain()), { once: true });
  return image;
}

/** @param {string} name */
function unturned(name) {
  return name.replace(TURNING, "");
}
