import { h } from "../dom.js";
import { tokens } from "../tokens.js";

/**
 * A text of someone's as nodes; whatever it says, it is text, and its links are of the web.
 *
 * @import { Token } from "../tokens.js"
 */

/**
 * @param {string} text
 * @param {{names?: string[], me?: string[]}} [who]  Who is mentioned, and which of the names are one's own.
 */
export function richText(text, { names = [], me = [] } = {}) {
  const own = new Set(me.map((name) => `@${name}`.toLowerCase()));
  return tokens(text, names).map((token) => node(token, own));
}

/** @param {Token} token @param {Set<string>} own */
function node(token, own) {
  if (token.kind === "link") return h("a", { href: token.href, target: "_blank", rel: "noopener noreferrer nofollow" }, token.text);
  if (token.kind === "code") return h("code", { class: "code-span" }, token.text);
  if (token.kind === "block") return h("code", { class: "code-block", dir: "ltr" }, token.text);
  if (token.kind === "mention") return h("span", { class: own.has(token.text.toLowerCase()) ? "mention me" : "mention" }, token.text);
  return token.text;
}
