import { h } from "../dom.js";
import { t } from "../i18n.js";
import { tint } from "./avatar.js";
import { brief } from "./words.js";

/**
 * What a message answers: who said what, as it is now; a click leads there.
 *
 * @import { Message } from "../protocol/types.js"
 *
 * @typedef {{seq: number, message?: Message}} Quoted
 */

/** @param {Quoted} quoted @param {number} me @param {(seq: number) => void} jump */
export function quote({ seq, message }, me, jump) {
  const name = !message ? t("quote.earlier") : message.sender.id === me ? t("message.you") : message.sender.display_name;
  return h(
    "button",
    { type: "button", class: `quote ${message ? tint(message.sender.id) : ""}`, "data-control": "quote", title: t("quote.jump"), onclick: () => jump(seq) },
    h("span", { class: "quote-sender" }, name),
    message && h("span", { class: "quote-text", dir: "auto" }, brief(message, me)),
  );
}

/** What decides how it looks. @param {Quoted} [quoted] */
export function signatureOfQuote(quoted) {
  const { text, recalled, sender } = quoted?.message ?? {};
  return quoted && [quoted.seq, text, recalled, sender?.display_name];
}
