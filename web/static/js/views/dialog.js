import { h, icon } from "../dom.js";
import { refusal, t } from "../i18n.js";

/**
 * Native dialogs: Escape, the cross and a click beside them close.
 *
 * @typedef {import("../dom.js").Child} Child
 * @typedef {{label: string, look?: string, run: () => void | Promise<unknown>}} Action
 */

let last = 0;

/**
 * Open a dialog; it is gone from the page when it closes.
 *
 * @param {string} title
 * @param {Child[]} body
 * @param {Child[]} [actions]
 */
export function openDialog(title, body, actions = []) {
  const id = `dialog-title-${++last}`;
  const cross = h("button", { type: "button", class: "icon-button", "aria-label": t("dialog.close"), onclick: () => dialog.close() }, icon("close"));
  const head = h("header", { class: "dialog-head" }, h("h2", { id }, title), cross);
  const foot = actions.length ? h("footer", { class: "dialog-actions" }, ...actions) : null;
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": id }, head, h("div", { class: "dialog-body" }, ...body), foot);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("pointerdown", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => escape(event, dialog));
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** At once, where a search field would only be emptied. @param {KeyboardEvent} event @param {HTMLDialogElement} dialog */
function escape(event, dialog) {
  if (event.key !== "Escape" || event.isComposing) return;
  event.preventDefault();
  dialog.close();
}

/**
 * Ask before something that cannot be taken back.
 *
 * @param {string} title
 * @param {string} text
 * @param {Action} action
 */
export function confirm(title, text, { label, look = "danger", run }) {
  const error = errorLine();
  const close = () => dialog.close();
  const yes = actionButton({ label, look, run: async () => (await run(), close()) }, error);
  const no = h("button", { type: "button", class: "button", onclick: close }, t("dialog.cancel"));
  const dialog = openDialog(title, [h("p", {}, text), error], [no, yes]);
  no.focus();
}

/** Where a dialog says what went wrong. */
export function errorLine() {
  return h("p", { class: "field-error", role: "alert" });
}

/**
 * A button that is busy while its action runs, and says what the server refused.
 *
 * @param {Action} action
 * @param {HTMLElement} error
 */
export function actionButton({ label, look = "", run }, error) {
  const button = h("button", { type: "button", class: `button ${look}`, onclick: () => attempt(button, error, run) }, label);
  return button;
}

/**
 * Run an action once at a time; a refusal is told in `error`.
 *
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} error
 * @param {() => void | Promise<unknown>} run
 */
export async function attempt(button, error, run) {
  if (button.disabled) return;
  button.disabled = true;
  error.textContent = "";
  try {
    await run();
  } catch (problem) {
    error.textContent = refusal(problem);
  }
  button.disabled = false;
}
