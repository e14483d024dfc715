import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import { textField } from "../field.js";
import { settingsForm, submit } from "./form.js";
import { section } from "./section.js";

/**
 * Another password; every other device is signed out by it.
 *
 * @import { Api, Me } from "../../api.js"
 */

/** @param {Api} api @param {Me} me @param {() => void} onChanged  Other devices are gone. */
export function passwordSection(api, { user }, onChanged) {
  const current = secret("password.current", "current-password");
  const next = secret("password.new", "new-password");
  const form = settingsForm({
    fields: { current_password: current, password: next },
    button: submit(t("password.change")),
    about: [whose(user.username), h("p", { class: "field-hint" }, t("password.note"))],
    run: async () => {
      await api.changeMe({ current_password: current.input.value, password: next.input.value });
      current.input.value = next.input.value = "";
      onChanged();
      return t("password.changed");
    },
  });
  return section("password", form);
}

/** A field for a password. @param {string} label @param {string} autocomplete */
export function secret(label, autocomplete) {
  return textField(t(label), { type: "password", autocomplete, required: true, maxlength: 1024 });
}

/** Password managers want to know whose it is. @param {string} username */
export function whose(username) {
  return h("input", { type: "text", autocomplete: "username", value: username, readonly: true, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" });
}
