import { h } from "../dom.js";
import { t } from "../i18n.js";
import { dayName } from "../time.js";
import { messageLine, systemLine } from "./message.js";
import { signatureOfQuote } from "./quote.js";

/**
 * The lines of a timeline as elements: days, the mark of what is new, messages, and what happened in a group.
 *
 * @import { Shown } from "./lines.js"
 * @import { Hands } from "./message.js"
 */

/** @param {Shown} shown @param {number} now @param {Hands} hands */
export function lineOf(shown, now, hands) {
  if (shown.what === "day") return h("li", { class: "day" }, h("span", {}, dayName(shown.at, now)));
  if (shown.what === "divider") return h("li", { class: "divider" }, t("timeline.new"));
  if (shown.what === "system") return systemLine(shown.message, hands.me.id);
  return messageLine(shown.line, hands);
}

/** What decides how a line looks. @param {Shown} shown @param {number} now */
export function signatureOf(shown, now) {
  if (shown.what === "day") return dayName(shown.at, now);
  if (shown.what === "divider") return "";
  if (shown.what === "system") return JSON.stringify([shown.message.seq, shown.message.sender.display_name, shown.message.system]);
  const { first, state, seq, text, edited, recalled, read, received, readers, problem, named, conversation, sender, reactions, names, client_id, files } = shown.line;
  const looks = [first, state, seq, text, edited, recalled, read, received, readers, problem, named, conversation, sender.display_name, sender.picture];
  return JSON.stringify([...looks, reactions, names, client_id, files?.map(({ id }) => id), signatureOfQuote(shown.line.quoted)]);
}

/** The place of a line's message in the timeline, if it has one. @param {Shown} shown */
export function seqOf(shown) {
  if (shown.what === "system") return shown.message.seq;
  return shown.what === "message" ? shown.line.seq : undefined;
}
