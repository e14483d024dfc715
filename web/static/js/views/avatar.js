import { h } from "../dom.js";
import { addressOf } from "../files.js";

/** A person or a group: a picture, or coloured initials. */

const TINTS = 8;
const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/;

/** The colour class of an id. @param {number} id */
export function tint(id) {
  return `tint-${id % TINTS}`;
}

/**
 * @param {string} name
 * @param {number} id
 * @param {"" | "group" | "small" | "small group"} [look]
 * @param {number} [picture]  The file that shows them; the initials stand until it is there, or where it is gone.
 */
export function avatar(name, id, look = "", picture) {
  const face = h("span", { class: `avatar ${tint(id)} ${look}`, "aria-hidden": "true" }, initials(name));
  if (picture !== undefined) face.append(portrait(picture));
  return face;
}

/** @param {number} picture */
function portrait(picture) {
  const image = h("img", { src: `${addressOf({ id: picture })}/thumbnail`, alt: "", decoding: "async", draggable: "false" });
  image.addEventListener("error", () => image.remove());
  return image;
}

/** One character of a Chinese name, two letters of a Latin one. @param {string} name */
export function initials(name) {
  const words = name.trim().split(/[\s_.-]+/).filter(Boolean);
  const first = [...(words[0] ?? "?")][0];
  if (CJK.test(first) || words.length < 2) return first.toUpperCase();
  const last = [...words[words.length - 1]][0];
  return (CJK.test(last) ? first : first + last).toUpperCase();
}
