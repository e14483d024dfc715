import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { fullTime, timeOfDay } from "../time.js";
import { avatar, tint } from "./avatar.js";
import { happened, takenBack } from "./words.js";

/**
 * One line of a timeline.
 *
 * @import { Message, Person } from "../protocol/types.js"
 *
 * @typedef {object} Line  A message, sent or on its way.
 * @property {string} key
 * @property {number} conversation
 * @property {number} [seq]
 * @property {string} client_id
 * @property {Person} sender
 * @property {number} at
 * @property {string} text
 * @property {"sent" | "pending" | "failed"} state
 * @property {boolean} own
 * @property {boolean} first  The first of several by one person.
 * @property {boolean} named  With name and picture: in groups, of others.
 * @property {boolean} [recalled]
 * @property {boolean} [edited]
 * @property {boolean} [read]  By the other side of a direct conversation.
 * @property {string} [problem]  Why it failed.
 *
 * @typedef {{retry: (id: string) => void, remove: (id: string) => void}} Actions
 */

/** @param {Line} line @param {Actions} actions */
export function messageLine(line, actions) {
  const face = line.named && line.first ? avatar(line.sender.display_name, line.sender.id, "small") : null;
  const item = h("li", { class: classes(line) }, face, body(line, actions));
  item.dataset.conversation = String(line.conversation);
  item.dataset.state = line.state;
  if (line.seq !== undefined) item.dataset.seq = String(line.seq);
  return item;
}

/** @param {Line} line */
function classes({ own, first, named, recalled }) {
  return ["message", own ? "own" : "other", first && "first", named && "named", recalled && "recalled"].filter(Boolean).join(" ");
}

/** @param {Line} line @param {Actions} actions */
function body(line, actions) {
  const named = line.named && line.first;
  const sender = h("span", { class: named ? `message-sender ${tint(line.sender.id)}` : "visually-hidden" });
  sender.textContent = line.own ? t("message.you") : line.sender.display_name;
  const text = line.recalled ? takenBack(line, line.own ? line.sender.id : 0) : line.text;
  const bubble = h("div", { class: "bubble" }, h("p", { class: "message-text", dir: "auto" }, text), meta(line));
  return h("div", { class: "message-body" }, line.first || line.own ? sender : null, bubble, line.state === "failed" && failed(line, actions));
}

/** @param {Line} line */
function meta(line) {
  const time = h("time", { datetime: new Date(line.at).toISOString(), title: fullTime(line.at) }, timeOfDay(line.at));
  return h("span", { class: "message-meta" }, line.edited && t("message.edited"), time, line.own && mark(line));
}

/** @param {Line} line */
function mark({ state, read }) {
  const [picture, word] = { pending: ["clock", "pending"], failed: ["alert", "failed"], sent: read ? ["checks", "read"] : ["check", "sent"] }[state];
  return h("span", { class: "message-mark", title: t(`message.${word}`) }, icon(picture), h("span", { class: "visually-hidden" }, t(`message.${word}`)));
}

/** @param {Line} line @param {Actions} actions */
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
