import { h } from "../dom.js";

/** A labelled field of a dialog. */

let last = 0;

/**
 * @param {string} label
 * @param {import("../dom.js").Properties} [properties]
 */
export function textField(label, properties = {}) {
  const id = `field-${++last}`;
  const input = h("input", { id, type: "text", autocomplete: "off", ...properties });
  return { input, field: h("div", { class: "field" }, h("label", { for: id }, label), input) };
}

/**
 * @param {string} label
 * @param {import("../dom.js").Properties} [properties]
 */
export function textArea(label, properties = {}) {
  const id = `field-${++last}`;
  const input = h("textarea", { id, rows: 4, ...properties });
  return { input, field: h("div", { class: "field" }, h("label", { for: id }, label), input) };
}

/**
 * A tick box with a line that explains it.
 *
 * @param {string} label
 * @param {string} hint
 * @param {boolean} checked
 */
export function choice(label, hint, checked) {
  const input = h("input", { type: "checkbox", checked });
  return { input, field: h("label", { class: "choice" }, input, h("span", {}, label, h("small", {}, hint))) };
}

/**
 * One of a few.
 *
 * @param {string} label
 * @param {{value: string, label: string}[]} options
 * @param {string} chosen
 */
export function selectField(label, options, chosen) {
  const id = `field-${++last}`;
  const input = h("select", { id }, ...options.map((option) => h("option", { value: option.value, selected: option.value === chosen }, option.label)));
  return { input, field: h("div", { class: "field" }, h("label", { for: id }, label), input) };
}
