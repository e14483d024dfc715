import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import { section, toggle } from "./section.js";

/**
 * What others may see of one: a switch for each that the server knows.
 *
 * @import { Api, Me } from "../../api.js"
 */

const KNOWN = ["receipts", "typing", "presence"];

/** Nothing where there is nothing to choose. @param {Api} api @param {Me} me */
export function privacySection(api, { settings = {} }) {
  const names = KNOWN.filter((name) => typeof settings[name] === "boolean");
  if (!names.length) return null;
  const switches = names.map((name) =>
    toggle(t(`settings.${name}`), t(`settings.${name}_hint`), settings[name], (on) => api.changeMe({ settings: { [name]: on } })),
  );
  return section("privacy", h("p", { class: "field-hint" }, t("settings.privacy_hint")), ...switches);
}
