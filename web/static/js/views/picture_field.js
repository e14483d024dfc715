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
export function pictureField({ current, set, clear }) {
  const face = h("div", { class: "picture-field-face" });
  const input = h("input", { type: "file", accept: TYPES, hidden: true });
  const bar = h("progress", { max: 1, value: 0, hidden: true, "aria-label": t("picture.uploading") });
  const error = h("p", { class: "field-error", role: "alert" });
  const choose = h("button", { type: "button", class: "button small", onclick: () => input.click() }, t("picture.choose"));
  const remove = h("button", { type: "button", class: "button small quiet danger", onclick: () => run(clear) }, t("picture.remove"));
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    input.value = "";
    if (file) run(() => set(file, (share) => (bar.value = share)));
  });

  /** @param {number | undefined} picture */
  function show(picture) {
    face.replaceChildren(avatar(current.name, current.id, current.look, picture));
    remove.hidden = picture === undefined;
  }

  /** @param {() => Promise<unknown>} change */
  async function run(change) {
    error.textContent = "";
    bar.value = 0;
    bar.hidden = change === clear;
    choose.disabled = remove.disabled = true;
    try {
      const picture = await change();
      show(typeof picture === "number" ? picture : undefined);
    } catch (problem) {
      error.textContent = refusal(problem);
    }
    bar.hidden = true;
    choose.disabled = remove.disabled = false;
  }

  show(current.picture);
  return h("div", { class: "picture-field", role: "group", "aria-label": t("picture.label") }, face, h("div", { class: "picture-field-work" }, choose, remove, bar, error), input);
}
