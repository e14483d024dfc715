import { h } from "../dom.js";
import { refusal, t } from "../i18n.js";
import { avatar } from "./avatar.js";

/**
 * Somebody's picture, or a group's: seen, chosen, taken away.
 *
 * @typedef {object} Portrait
 * @property {string} name
 * @property {number} id
 * @property {number} [picture]  The file that is shown.
 * @property {"" | "group"} [look]
 *
 * @typedef {object} Work
 * @property {Portrait} current
 * @property {(file: File, onProgress: (share: number) => void) => Promise<number | undefined>} set  The file that is shown then.
 * @property {() => Promise<unknown>} clear
 */

/** What the server takes for a picture. */
const TYPES = "image/png,image/jpeg,image/gif,image/webp";

/** @param {Work} work */
export function pictureField(work) {
  const field = new PictureField(work);
  field.show(work.current.picture);
  return field.element;
}

class PictureField {
  #face = h("div", { class: "picture-field-face" });
  #input = h("input", { type: "file", accept: TYPES, hidden: true });
  #bar = h("progress", { max: 1, value: 0, hidden: true, "aria-label": t("picture.uploading") });
  #error = h("p", { class: "field-error", role: "alert" });
  #choose = h("button", { type: "button", class: "button small", onclick: () => this.#input.click() }, t("picture.choose"));
  #remove = h("button", { type: "button", class: "button small quiet danger", onclick: () => this.#clear() }, t("picture.remove"));

  /** @param {Work} work */
  constructor(work) {
    this.work = work;
    this.#input.addEventListener("change", () => this.#set());
    const hands = h("div", { class: "picture-field-work" }, this.#choose, this.#remove, this.#bar, this.#error);
    this.element = h("div", { class: "picture-field", role: "group", "aria-label": t("picture.label") }, this.#face, hands, this.#input);
  }

  /** @param {number | undefined} picture */
  show(picture) {
    const { name, id, look } = this.work.current;
    this.#face.replaceChildren(avatar(name, id, look, picture));
    this.#remove.hidden = picture === undefined;
  }

  /** Upload the file that was chosen; the same one can be chosen again. */
  #set() {
    const [file] = this.#input.files ?? [];
    this.#input.value = "";
    if (!file) return;
    this.#bar.hidden = false;
    this.#change(() => this.work.set(file, (share) => (this.#bar.value = share)));
  }

  #clear() {
    this.#change(this.work.clear);
  }

  /** @param {() => Promise<unknown>} change */
  async #change(change) {
    this.#begin();
    try {
      const picture = await change();
      this.show(typeof picture === "number" ? picture : undefined);
    } catch (problem) {
      this.#error.textContent = refusal(problem);
    }
    this.#end();
  }

  #begin() {
    this.#error.textContent = "";
    this.#bar.value = 0;
    this.#choose.disabled = this.#remove.disabled = true;
  }

  #end() {
    this.#bar.hidden = true;
    this.#choose.disabled = this.#remove.disabled = false;
  }
}
