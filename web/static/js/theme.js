/**
 * How the pages look in this browser: as its system does, light, or dark.
 *
 * The server writes the choice into each page; here it is changed, and followed in pages that are open already.
 *
 * @typedef {"" | "light" | "dark"} Theme  Empty: the system's.
 */

const YEAR = 365 * 24 * 3600;
const MEDIA = { "": "(prefers-color-scheme: dark)", light: "not all", dark: "all" };

/** What this browser has chosen. @returns {Theme} */
export function chosenTheme() {
  const chosen = /(?:^|; )theme=(light|dark)(?:;|$)/.exec(document.cookie)?.[1];
  return /** @type {Theme} */ (chosen ?? "");
}

/** Look like this from now on, also in pages to come. @param {Theme} theme */
export function chooseTheme(theme) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax${secure}`;
  show(theme);
}

/** Take up what was chosen in another tab, when this one is looked at again. */
export function followTheme() {
  const follow = () => document.visibilityState === "visible" && show(chosenTheme());
  for (const event of ["visibilitychange", "pageshow"]) window.addEventListener(event, follow, true);
}

/** @param {Theme} theme */
function show(theme) {
  document.documentElement.dataset.theme = theme;
  for (const element of document.querySelectorAll("[data-dark]")) element.setAttribute("media", MEDIA[theme]);
  document.querySelector("meta[name=color-scheme]")?.setAttribute("content", theme || "light dark");
}
