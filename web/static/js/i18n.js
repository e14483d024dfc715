/**
 * The texts of the page in the person's language, from the same catalog as the server's.
 *
 * @typedef {Record<string, string | number>} Values
 */

/** @type {Record<string, string>} */
let catalog = {};
export const language = document.documentElement.lang || "en";
const plural = new Intl.PluralRules(language);

/** @param {string} url */
export async function loadCatalog(url) {
  catalog = await (await fetch(url)).json();
}

/**
 * The text of `key`, with `{name}` filled in; the key itself where there is none.
 *
 * @param {string} key
 * @param {Values} [values]
 */
export function t(key, values = {}) {
  return (catalog[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The text of `key` for so many: `key.one` or `key.other`. @param {string} key @param {number} count @param {Values} [values] */
export function tn(key, count, values = {}) {
  const form = `${key}.${plural.select(count)}`;
  return t(form in catalog ? form : `${key}.other`, { count, ...values });
}

/**
 * What to tell a person of a refusal.
 *
 * @param {unknown} error
 */
export function refusal(error) {
  const { reason, code } = /** @type {{reason?: string, code?: string}} */ (error ?? {});
  if (reason && `reason.${reason}` in catalog) return t(`reason.${reason}`);
  return t(code && `error.${code}` in catalog ? `error.${code}` : "error.unavailable");
}
