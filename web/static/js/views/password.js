import { h } from "../dom.js";
import { t } from "../i18n.js";
import { actionButton, errorLine, openDialog } from "./dialog.js";
import { textField } from "./field.js";
import { toast } from "./toasts.js";

/**
 * Another password; every other device is signed out by it.
 *
 * @import { Api } from "../api.js"
 */

/** @param {Api} api @param {string} username */
export function changePassword(api, username) {
  const secret = (/** @type {string} */ label, /** @type {string} */ autocomplete) => textField(t(label), { type: "password", autocomplete, required: true, maxlength: 1024 });
  const current = secret("password.current", "current-password");
  const next = secret("password.new", "new-password");
  // Password managers want to know whose it is.
  const name = h("input", { type: "text", autocomplete: "username", value: username, readonly: true, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" });
  const error = errorLine();
  const change = async () => {
    await api.changePassword(current.input.value, next.input.value);
    dialog.close();
    toast(t("password.changed"));
  };
  const button = actionButton({ label: t("password.change"), look: "primary", run: change }, error);
  const dialog = openDialog(t("password.title"), [name, current.field, next.field, h("p", { class: "note" }, t("password.note")), error], [button]);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) button.click();
  });
  current.input.focus();
}
