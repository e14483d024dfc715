import { h } from "../../dom.js";
import { refusal, t } from "../../i18n.js";

/**
 * The parts of the settings: sections with a name, and choices that hold as soon as they are made.
 *
 * @import { Child } from "../../dom.js"
 */

/**
 * @param {string} name  Of the section, as in its address and its texts.
 * @param {...Child} children
 */
export function section(name, ...children) {
  const title = h("h2", { id: `${name}-title`, tabindex: "-1" }, t(`settings.${name}`));
  return h("section", { class: "settings-section", id: name, "aria-labelledby": `${name}-title` }, title, ...children);
}

/**
 * One of a few, as radio buttons.
 *
 * @template {string} T
 * @param {{name: string, legend: string, options: {value: T, label: string, lang?: string}[], chosen: T, choose: (value: T) => unknown}} what
 */
export function oneOf({ name, legend, options, chosen, choose }) {
  const error = h("p", { class: "field-error", role: "alert" });
  const radios = options.map(({ value, label, lang }) => {
    const radio = h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => attempt(value) });
    return h("label", { class: "segment", lang }, radio, h("span", {}, label));
  });
  const group = h("fieldset", { class: "segments" }, h("legend", {}, legend), h("div", { class: "segments-row" }, ...radios), error);

  /** @param {T} value */
  async function attempt(value) {
    error.textContent = "";
    try {
      await choose(value);
      chosen = value;
    } catch (problem) {
      error.textContent = refusal(problem);
      const before = group.querySelector(`input[value="${chosen}"]`);
      if (before instanceof HTMLInputElement) before.checked = true;
    }
  }
  return group;
}

/**
 * Something to turn on and off; it jumps back when the server refuses.
 *
 * @param {string} label
 * @param {string} hint
 * @param {boolean} on
 * @param {(on: boolean) => Promise<unknown>} turn
 */
export function toggle(label, hint, on, turn) {
  const error = h("span", { class: "field-error", role: "alert" });
  const input = h("input", { type: "checkbox", role: "switch", checked: on });
  input.addEventListener("change", async () => {
    error.textContent = "";
    try {
      await turn(input.checked);
    } catch (problem) {
      input.checked = !input.checked;
      error.textContent = refusal(problem);
    }
  });
  return h("div", {}, h("label", { class: "switch" }, h("span", {}, label, h("small", {}, hint)), input), error);
}
