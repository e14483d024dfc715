import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { addressOf, sizeOf } from "../files.js";
import { goneNote, whenGone } from "./gone_picture.js";
import { lightbox } from "./lightbox.js";

/**
 * What a message brings: pictures in the size they will have, other files as cards to download.
 *
 * @import { About } from "./about.js"
 * @import { FileInfo } from "../protocol/types.js"
 * @typedef {FileInfo & {width: number, height: number}} Picture
 */

/** The most that one picture takes, and each of several. */
const ALONE = { width: 380, height: 340 };
const SEVERAL = 150;

/** @param {FileInfo[]} files @param {About} about  Whose they are. */
export function attached(files, about) {
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  return h(
    "div",
    { class: "attached" },
    pictures.length > 0 && h("div", { class: pictures.length > 1 ? "pictures several" : "pictures" }, ...pictures.map((each) => picture(each, pictures, about))),
    ...others.map(card),
  );
}

/** Whether the server shows it: it has decoded it once. @param {FileInfo} file @returns {file is Picture} */
function isPicture(file) {
  return Boolean(file.width && file.height);
}

/** @param {Picture} file @param {Picture[]} all  Of the message, to turn over. @param {About} about */
function picture(file, all, about) {
  const { width, height } = all.length > 1 ? { width: SEVERAL, height: SEVERAL } : fitted(file);
  const image = h("img", { src: `${addressOf(file)}/thumbnail`, width, height, alt: file.name, loading: "lazy", decoding: "async", draggable: "false" });
  const label = t("file.show", { name: file.name });
  const tile = h("button", { type: "button", class: "picture", "aria-label": label, "data-control": `picture ${file.id}`, onclick: () => lightbox(all, all.indexOf(file), about) }, image);
  whenGone(image, () => giveWay(tile));
  return tile;
}

/** Words for a picture that is gone; where nothing else of the message is left, those that stand there ever after. @param {HTMLElement} tile */
function giveWay(tile) {
  const all = tile.closest(".attached");
  tile.replaceWith(goneNote(t("file.picture_gone")));
  if (!all?.querySelector(".picture, .file-card")) all?.replaceWith(h("p", { class: "message-text", dir: "auto" }, t("file.gone")));
}

/** As large as there is room for, and no larger than it is. @param {Picture} file */
function fitted({ width, height }) {
  const scale = Math.min(1, ALONE.width / width, ALONE.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** @param {FileInfo} file */
function card(file) {
  const words = h("span", { class: "file-words" }, h("span", { class: "file-name", dir: "auto" }, file.name), h("span", { class: "file-size" }, sizeOf(file.size)));
  const label = t("file.download", { name: file.name, size: sizeOf(file.size) });
  return h("a", { class: "file-card", href: addressOf(file), download: file.name, "aria-label": label, "data-control": `file ${file.id}` }, h("span", { class: "file-face" }, icon("file")), words, icon("download"));
}
