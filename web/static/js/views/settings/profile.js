import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import { ownPicture } from "../../portraits.js";
import { textField } from "../field.js";
import { pictureField } from "../picture_field.js";
import { settingsForm, submit } from "./form.js";
import { section } from "./section.js";

/**
 * Who one is: the name that others see, and the one that stays.
 *
 * @import { Api, Me } from "../../api.js"
 * @import { Person } from "../../protocol/types.js"
 */

/** @param {Api} api @param {Me} me */
export function profileSection(api, { user }) {
  const { id, username } = user;
  const face = h("div", {});
  const show = (/** @type {Person} */ { display_name, picture }) => face.replaceChildren(pictureField({ current: { name: display_name, id, picture }, ...ownPicture(api) }));
  show(user);
  const shown = h("strong", { dir: "auto" }, user.display_name);
  const about = h("div", { class: "settings-who" }, h("div", {}, shown, h("br"), h("span", { class: "field-hint" }, `@${username}`)));
  const name = textField(t("settings.display_name"), { value: user.display_name, maxlength: 64, autocomplete: "name", placeholder: username });
  const save = async () => {
    const now = (await api.changeMe({ display_name: name.input.value })).user;
    name.input.value = shown.textContent = now.display_name;
    show(now);
    return t("settings.saved");
  };
  const hint = h("p", { class: "field-hint" }, t("settings.display_name_hint"));
  const form = settingsForm({ fields: { display_name: name }, button: submit(t("settings.save")), run: save, about: [hint] });
  return section("profile", face, about, form);
}
