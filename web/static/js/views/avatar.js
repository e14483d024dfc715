import { h } from "../dom.js";

/** A person or a group as coloured initials. */

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
 */
export function avatar(name, id, look = "") {
  return h("span", { class: `avatar ${tint(id)} ${look}`, "aria-hidden": "true" }, initials(name));
}

/** One character of a Chinese name, two letters of a Latin one. @param {string} name */
export function initials(name) {
  const words = name.trim().split(/[\s_.-]+/).filter(Boolean);
  const first = [...(words[0] ?? "?")][0];
  if (CJK.test(first) || words.length < 2) return first.toUpperCase();
  const last = [...words[words.length - 1]][0];
  return (CJK.test(last) ? first : first + last).toUpperCase();
}
