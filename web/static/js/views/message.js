import { h } from "../dom.js";
import { t } from "../i18n.js";
import { fullTime, timeOfDay } from "../time.js";
import { attached } from "./attached.js";
import { avatar, tint } from "./avatar.js";
import { mark } from "./marks.js";
import { messageTools } from "./message_tools.js";
import { quote } from "./quote.js";
import { reactionChips } from "./reactions.js";
import { richText } from "./rich_text.js";
import { happened, takenBack } from "./words.js";

/**
 * One line of a timeline.
 *
 * @import { FileInfo, Message, Person, Reaction } from "../protocol/types.js"
 * @import { Quoted } from "./quote.js"
 *
 * @typedef {object} Line  A message, sent or on its way.
 * @property {string} key
 * @property {number} conversation
 * @property {number} [seq]
 * @property {string} client_id  Of the message, or of its edit that is on its way.
 * @property {Person} sender
 * @property {number} at
 * @property {string} text
 * @property {"sent" | "pending" | "failed"} state
 * @property {boolean} own
 * @property {boolean} first  The first of several by one person.
 * @property {boolean} named  With name and picture: in groups, of others.
 * @property {boolean} [recalled]
 * @property {boolean} [edited]
 * @property {Reaction[]} [reactions]
 * @property {string} [kind]
 * @property {FileInfo[]} [files]
 * @property {Quoted} [quoted]  What it answers.
 * @property {string[]} [names]  Of the people it mentions.
 * @property {boolean} [read]  By the other side of a direct conversation.
 * @property {boolean} [received]  It has arrived on the other side of a direct conversation.
 * @property {number} [readers]  How many others of a group have read it.
 * @property {string} [problem]  Why it failed.
 *
 * @typedef {Line & {seq: number}} SentLine
 *
 * @typedef {object} Hands  What can be done to messages.
 * @property {Person} me
 * @property {(id: string) => void} retry
 * @property {(id: string) => void} remove
 * @property {(button: HTMLElement, line: SentLine) => void} menu
 * @property {(button: HTMLElement, line: SentLine) => void} emoji
 * @property {(line: SentLine) => void} reply
 * @property {(line: SentLine, emoji: string, on: boolean) => void} react
 * @property {(line: SentLine) => void} readers
 * @property {(seq: number) => void} jump
 */

/** @param {Line} line @param {Hands} hands */
export function messageLine(line, hands) {
  const face = line.named && line.first ? avatar(line.sender.display_name, line.sender.id, "small", line.sender.picture) : null;
  const item = h("li", { class: classes(line) }, face, body(line, hands));
  item.dataset.conversation = String(line.conversation);
  item.dataset.state = line.state;
  if (line.seq !== undefined) item.dataset.seq = String(line.seq);
  return item;
}

/** @param {Line} line @returns {line is SentLine} */
function isSent(line) {
  return line.seq !== undefined;
}

/** @param {Line} line */
function classes({ own, first, named, recalled }) {
  return ["message", own ? "own" : "other", first && "first", named && "named", recalled && "recalled"].filter(Boolean).join(" ");
}

/** @param {Line} line @param {Hands} hands */
function body(line, hands) {
  const named = line.named && line.first;
  const sender = h("span", { class: named ? `message-sender ${tint(line.sender.id)}` : "visually-hidden" });
  sender.textContent = line.own ? t("message.you") : line.sender.display_name;
  const sent = isSent(line) ? line : null;
  const reactions = sent?.reactions?.length ? reactionChips(sent.reactions, (emoji, on) => hands.react(sent, emoji, on)) : null;
  const tools = sent && !sent.recalled ? messageTools(sent, hands) : null;
  const row = h("div", { class: "message-row" }, bubble(line, hands), tools);
  return h("div", { class: "message-body" }, line.first || line.own ? sender : null, row, reactions, line.state === "failed" && failed(line, hands));
}

/** @param {Line} line @param {Hands} hands */
function bubble(line, hands) {
  const { me, jump } = hands;
  const who = { names: line.names, me: [me.username, me.display_name] };
  const words = line.recalled ? [takenBack(line, me.id)] : richText(textOf(line), who);
  const quoted = line.quoted && !line.recalled ? quote(line.quoted, me.id, jump) : null;
  const files = line.files?.length && !line.recalled ? attached(line.files, line) : null;
  const text = files && !line.text ? null : h("p", { class: "message-text", dir: "auto" }, ...words);
  return h("div", { class: "bubble" }, quoted, files, text, meta(line, hands));
}

/** What it says; that its files are gone, where they were all. @param {Line} line */
function textOf({ text, kind, files }) {
  return text || kind !== "file" || files?.length ? text : t("file.gone");
}

/** @param {Line} line @param {Hands} hands */
function meta(line, hands) {
  const time = h("time", { datetime: new Date(line.at).toISOString(), title: fullTime(line.at) }, timeOfDay(line.at));
  return h("span", { class: "message-meta" }, line.edited && t("message.edited"), time, line.own && mark(line, hands));
}

/** @param {Line} line @param {Hands} hands */
function failed({ client_id, problem = "" }, { retry, remove }) {
  return h(
    "div",
    { class: "message-failed", role: "group", "aria-label": t("message.failed") },
    h("span", {}, t("message.not_sent", { why: problem })),
    h("button", { type: "button", class: "button quiet small", onclick: () => retry(client_id) }, t("message.retry")),
    h("button", { type: "button", class: "button quiet small danger", onclick: () => remove(client_id) }, t("message.remove")),
  );
}

/** What happened in a group, as a line of its own. @param {Message} message @param {number} me */
export function systemLine(message, me) {
  const words = message.system ? happened(message.sender, message.system, me) : message.text;
  const item = h("li", { class: "system" }, h("span", { title: fullTime(message.at) }, words));
  item.dataset.seq = String(message.seq);
  item.dataset.conversation = String(message.conversation);
  return item;
}
