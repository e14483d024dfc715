import { h, icon } from "../dom.js";
import { t } from "../i18n.js";

/**
 * What stands beside a message under the pointer: react, reply, and the menu of all that can be done.
 *
 * Only the button of the menu is reached by keyboard, one for the whole timeline: arrows lead on.
 *
 * @import { Hands, SentLine } from "./message.js"
 */

/** @param {SentLine} line @param {Hands} hands */
export function messageTools(line, hands) {
  const name = line.own ? t("message.you") : line.sender.display_name;
  return h(
    "div",
    { class: "message-tools" },
    tool("smile", t("action.react"), (button) => hands.emoji(button, line), true),
    tool("reply", t("action.reply"), () => hands.reply(line), false),
    tool("more", t("action.more", { name }), (button) => hands.menu(button, line), true),
  );
}

/** @param {string} picture @param {string} label @param {(button: HTMLElement) => void} run @param {boolean} menu */
function tool(picture, label, run, menu) {
  const popup = menu ? { "aria-haspopup": "menu", "aria-expanded": "false" } : {};
  const common = { type: "button", class: `message-tool tool-${picture}`, tabindex: "-1", "data-control": picture };
  /** @type {HTMLElement} */
  const button = h("button", { ...common, ...popup, "aria-label": label, title: label, onclick: () => run(button) }, icon(picture));
  return button;
}
