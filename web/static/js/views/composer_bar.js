import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { brief } from "./words.js";

/**
 * The line above the composer: which message is answered, or edited.
 *
 * @import { Message } from "../protocol/types.js"
 *
 * @typedef {{what: "reply" | "edit", conversation: number, seq: number}} About
 */

/**
 * @param {About} about
 * @param {Message | undefined} message  Undefined when it is not loaded (any more).
 * @param {number} me
 * @param {() => void} onCancel
 */
export function composerBar({ what }, message, me, onCancel) {
  const title = what === "edit" ? t("composer.editing") : replyingTo(message, me);
  const label = t(what === "edit" ? "composer.cancel_edit" : "composer.cancel_reply");
  const words = h(
    "div",
    { class: "composer-about-words" },
    h("p", { class: "composer-about-title" }, title),
    h("p", { class: "composer-about-text", dir: "auto" }, message && brief(message, me)),
  );
  const cancel = h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: onCancel }, icon("close"));
  return [icon(what === "edit" ? "edit" : "reply"), words, cancel];
}

/** @param {Message | undefined} message @param {number} me */
function replyingTo(message, me) {
  if (!message) return t("action.reply");
  return message.sender.id === me ? t("composer.replying_self") : t("composer.replying", { name: message.sender.display_name });
}
