import { h, icon } from "../dom.js";
import { t, tn } from "../i18n.js";

/**
 * How far a message of one's own has come: on its way, stored, arrived, read; in a group, by how many.
 *
 * @import { Hands, Line, SentLine } from "./message.js"
 */

/** @param {Line} line @param {Hands} hands */
export function mark(line, hands) {
  const { seq, readers } = line;
  if (seq !== undefined && readers && line.state === "sent") return readersMark({ ...line, seq }, readers, hands);
  const [picture, word] = looks(line);
  const words = t(`message.${word}`);
  return h("span", { class: "message-mark", "data-mark": word, title: words }, icon(picture), h("span", { class: "visually-hidden" }, words));
}

/** @param {Line} line @returns {[string, string]} The picture, and what it says. */
function looks({ state, read, received }) {
  if (state === "pending") return ["clock", "pending"];
  if (state === "failed") return ["alert", "failed"];
  if (read) return ["checks", "read"];
  return received ? ["checks", "delivered"] : ["check", "sent"];
}

/** Not in the order of Tab: the menu of the message leads there too. @param {SentLine} line @param {number} readers @param {Hands} hands */
function readersMark(line, readers, hands) {
  const words = tn("message.read_by", readers);
  const common = { type: "button", class: "message-mark", "data-mark": "read", "data-control": "readers", tabindex: "-1" };
  return h("button", { ...common, title: words, "aria-label": words, onclick: () => hands.readers(line) }, icon("checks"), String(readers));
}
