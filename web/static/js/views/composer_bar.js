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
 * @param {Message} message
 * @param {number} me
 * @param {() => void} onCancel
 */
export function composerBar({ what }, message, me, onCancel) {
  const { id, display_name: name } = message.sender;
  const replying = id === me ? t("composer.replying_self") : t("composer.replying", { name });
  const title = what === "edit" ? t("composer.editing") : replying;
  const label = t(what === "edit" ? "composer.cancel_edit" : "composer.cancel_reply");
  const words = h(
    "div",
    { class: "composer-about-words" },
    h("p", { class: "composer-about-title" }, title),
    h("p", { class: "composer-about-text", dir: "auto" }, brief(message, me)),
  );
  const cancel = h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: onCancel }, icon("close"));
  return [icon(what === "edit" ? "edit" : "reply"), words, cancel];
}
