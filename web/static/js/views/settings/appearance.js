import { t } from "../../i18n.js";
import { chooseTheme, chosenTheme } from "../../theme.js";
import { oneOf, section } from "./section.js";

/**
 * In which language and colours the pages are; the language goes with the account, the colours with the browser.
 *
 * @import { Api, Me } from "../../api.js"
 * @import { Theme } from "../../theme.js"
 */

/** @param {Api} api @param {Me} me */
export function appearanceSection(api, me) {
  const language = oneOf({
    name: "language",
    legend: t("settings.language"),
    options: [
      { value: "", label: t("settings.language.browser") },
      { value: "en", label: "English", lang: "en" },
      { value: "zh-CN", label: "简体中文", lang: "zh-CN" },
    ],
    chosen: me.language,
    choose: (value) => speak(api, value),
  });
  /** @type {{value: Theme, label: string}[]} */
  const themes = [
    { value: "", label: t("settings.theme.system") },
    { value: "light", label: t("settings.theme.light") },
    { value: "dark", label: t("settings.theme.dark") },
  ];
  const theme = oneOf({ name: "theme", legend: t("settings.theme"), options: themes, chosen: chosenTheme(), choose: chooseTheme });
  return section("appearance", language, theme);
}

/** Every text of the page changes, so it is loaded again, at the same place. @param {Api} api @param {string} language */
async function speak(api, language) {
  await api.changeMe({ language });
  history.replaceState(null, "", "#language");
  location.reload();
}
