import { h } from "../../dom.js";
import { refusal } from "../../i18n.js";
import { toast } from "../toasts.js";

/**
 * Forms of the settings: sent with Enter or their button, and what is refused is said beside its field.
 *
 * @import { Child } from "../../dom.js"
 *
 * @typedef {{input: HTMLInputElement, field: HTMLElement}} Field
 * @typedef {object} Work
 * @property {Record<string, Field>} fields  By the names that the server calls them.
 * @property {HTMLButtonElement} button
 * @property {() => Promise<string | void>} run  What to say when it is done.
 * @property {Child[]} [about]  Between the fields and the button.
 */

/** @param {Work} work */
export function settingsForm({ fields, button, run, about = [] }) {
  const error = h("p", { class: "field-error", role: "alert" });
  const all = Object.values(fields);
  const form = h("form", { class: "settings-form", novalidate: true }, ...all.map(({ field }) => field), ...about, error, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    error.textContent = "";
    all.forEach((field) => say(field, ""));
    try {
      const told = await run();
      if (told) toast(told);
    } catch (problem) {
      tell(problem, fields, error);
    }
    button.disabled = false;
  });
  return form;
}

/** The button that sends a form. @param {string} label @param {string} [look] */
export function submit(label, look = "primary") {
  return h("button", { type: "submit", class: `button ${look}` }, label);
}

/** Beside the field it is about, else below. @param {unknown} problem @param {Record<string, Field>} fields @param {HTMLElement} error */
function tell(problem, fields, error) {
  const name = /** @type {{field?: string}} */ (problem ?? {}).field ?? "";
  const field = fields[name];
  if (!field) return void (error.textContent = refusal(problem));
  say(field, refusal(problem));
  field.input.focus();
}

/** What is wrong with a field, as a screen reader tells it with the field; empty: nothing. @param {Field} field @param {string} words */
function say({ input, field }, words) {
  field.querySelector(".field-error")?.remove();
  input.removeAttribute("aria-invalid");
  input.removeAttribute("aria-describedby");
  if (!words) return;
  const id = `${input.id}-error`;
  field.append(h("p", { class: "field-error", id }, words));
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", id);
}
