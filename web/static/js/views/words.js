import { t, tn } from "../i18n.js";
import { momentOf } from "../time.js";

/**
 * Messages and conversations in words of the person's language.
 *
 * @import { FileInfo, Message, Person, SystemNote } from "../protocol/types.js"
 * @import { Head } from "../protocol/types.js"
 */

/** What happened in a group. @param {Person} actor @param {SystemNote} note @param {number} me */
export function happened(actor, note, me) {
  const { title = "", until } = note;
  const user = note.user ?? note.link_of;
  const kind = `system.${kindOf(note)}`;
  const key = `${kind}${actor.id === me ? ".by_you" : user?.id === me ? ".you" : ""}`;
  const names = { actor: actor.display_name, user: user?.display_name ?? "", title, time: until ? momentOf(until, Date.now()) : "" };
  const words = t(key, names);
  return words === key ? t(kind, names) : words;
}

/** What is worded by one more thing than its kind. @param {SystemNote} note */
function kindOf({ what, link_of, until }) {
  if (what === "joined" && link_of) return "joined_by_link";
  return what === "silenced" && until ? "silenced_until" : what;
}

/** That a message was taken back. @param {{sender: Person}} message @param {number} me */
export function takenBack({ sender }, me) {
  return sender.id === me ? t("message.recalled.by_you") : t("message.recalled", { name: sender.display_name });
}

/** The line under a conversation's title in the list. @param {Head} head @param {number} me */
export function previewOf({ preview, kind }, me) {
  if (!preview) return "";
  if (preview.system) return happened(preview.sender, preview.system, me);
  if (preview.recalled) return takenBack(preview, me);
  const text = inOneLine(gist(preview));
  if (preview.sender.id === me) return t("preview.own", { text });
  return kind === "group" ? t("preview.other", { name: preview.sender.display_name, text }) : text;
}

/** What a message says, and what it brings; that its files are gone, where they were all. @param {{text: string, kind?: string, files?: FileInfo[]}} message */
export function gist({ text, kind, files }) {
  if (!files?.length) return text || kind !== "file" ? text : t("file.gone");
  const file = files.length > 1 ? tn("file.several", files.length) : files[0].width ? t("file.picture") : files[0].name;
  return text ? t("file.and_text", { file, text }) : file;
}

/** What fits in a line of a message. */
const BRIEF = 200;

/** A message in one line, as it is quoted. @param {Message} message @param {number} me */
export function brief(message, me) {
  if (message.recalled) return t("quote.recalled");
  if (message.system) return happened(message.sender, message.system, me);
  return inOneLine([...gist(message).slice(0, 2 * BRIEF)].slice(0, BRIEF).join(""));
}

/** Without what sets off a block of code: in one line there are no blocks. @param {string} text */
function inOneLine(text) {
  return text.replaceAll(/```/g, " ").replace(/\s+/g, " ").trim();
}

/** The picture of a conversation: the group's, or the other one's. @param {Pick<Head, "peer" | "picture">} head */
export function pictureOf({ peer, picture }) {
  return peer ? peer.picture : picture;
}

/** A count that stops at ninety-nine. @param {number} count */
export function upTo99(count) {
  return count > 99 ? "99+" : String(count);
}
