import { h, icon } from "../dom.js";
import { addressOf } from "../files.js";
import { t } from "../i18n.js";
import { mark } from "./about.js";
import { goneNote, whenGone } from "./gone_picture.js";

/**
 * A picture as large as the window: arrows turn over to the others of its message, Escape closes.
 *
 * @import { About } from "./about.js"
 * @import { Picture } from "./attached.js"
 */

/** @param {Picture[]} pictures @param {number} first  Which of them is shown first. @param {About} about  Whose they are. */
export function lightbox(pictures, first, about) {
  let shown = first;
  const { parts, show } = sheet();
  const close = button("close", t("dialog.close"), () => dialog.close());
  const turns = pictures.length > 1 ? [button("back", t("file.previous"), () => turn(-1), "before"), button("next", t("file.next"), () => turn(1), "after")] : [];
  const head = h("header", { class: "lightbox-head" }, parts.name, parts.download, close);
  const stage = h("div", { class: "lightbox-stage" }, parts.image, parts.note, ...turns);
  const dialog = h("dialog", { class: "lightbox", "aria-label": t("file.picture") }, head, stage);

  /** @param {number} step */
  function turn(step) {
    shown = (shown + step + pictures.length) % pictures.length;
    show(pictures[shown], pictures.length > 1 ? ` (${shown + 1}/${pictures.length})` : "");
  }

  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === stage && dialog.close());
  dialog.addEventListener("keydown", ({ key }) => {
    if (key === "ArrowLeft") turn(-1);
    else if (key === "ArrowRight") turn(1);
  });
  turn(0);
  mark(dialog, about);
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

/** One picture and what is said of it, or that it is gone. */
function sheet() {
  const image = h("img", { class: "lightbox-picture" });
  const note = goneNote(t("file.picture_gone"));
  const name = h("span", { class: "lightbox-name", dir: "auto" });
  const download = h("a", { class: "icon-button", "aria-label": t("file.save"), title: t("file.save") }, icon("download"));

  /** @param {Picture} file @param {string} place  Among the others. */
  function show(file, place) {
    isThere(true);
    // the size is known: nothing moves when it has loaded
    Object.assign(image, { src: addressOf(file), width: file.width, height: file.height, alt: file.name });
    Object.assign(download, { href: addressOf(file), download: file.name });
    name.textContent = `${file.name}${place}`;
  }

  /** @param {boolean} there */
  function isThere(there) {
    image.hidden = download.hidden = !there;
    note.hidden = there;
  }

  whenGone(image, () => isThere(false));
  return { parts: { image, note, name, download }, show };
}

/** @param {string} picture @param {string} label @param {() => void} run @param {string} [look] */
function button(picture, label, run, look = "") {
  return h("button", { type: "button", class: `icon-button ${look}`, "aria-label": label, title: label, onclick: run }, icon(picture));
}
