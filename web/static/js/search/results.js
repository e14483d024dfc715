import { h, icon } from "../dom.js";
import { t, tn } from "../i18n.js";
import { briefTime, fullTime } from "../time.js";
import { avatar } from "../views/avatar.js";
import { excerpt } from "./excerpt.js";

/**
 * What was found, as lines one can open.
 *
 * @import { Found } from "../api.js"
 * @import { Called, Hit } from "./searching.js"
 *
 * @typedef {{person: (user: Found) => void, conversation: (called: Called) => void, hit: (hit: Hit) => void}} Openers
 */

/** @param {string} id @param {string} title @param {Element[]} lines */
export function group(id, title, lines) {
  if (!lines.length) return null;
  const heading = h("h2", { id: `found-${id}`, class: "section-title" }, title);
  return h("div", { class: "found", role: "group", "aria-labelledby": `found-${id}` }, heading, h("ul", {}, ...lines.map((line) => h("li", {}, line))));
}

/** @param {Found} user @param {Openers["person"]} open */
export function personLine(user, open) {
  const about = user.relation === "friend" ? `@${user.username}` : `@${user.username} · ${t(`search.person.${user.relation}`)}`;
  const face = avatar(user.display_name, user.id, "small", user.picture);
  return line(() => open(user), face, words(user.display_name, about), { "data-username": user.username });
}

/** @param {Called} called @param {Openers["conversation"]} open */
export function conversationLine(called, open) {
  const { conversation, title, member, members, peer, picture } = called;
  const about = peer ? (peer.deleted ? t("direct.deleted") : `@${peer.username}`) : member ? tn("group.members", members) : `${tn("group.members", members)} · ${t("search.join")}`;
  const face = avatar(title, peer?.id ?? conversation, peer ? "small" : "small group", peer ? peer.picture : picture);
  return line(() => open(called), face, words(title, about), { "data-conversation": conversation });
}

/** @param {Hit} hit @param {Openers["hit"]} open @param {number} now */
export function hitLine(hit, open, now) {
  const { message, highlights, title } = hit;
  const time = h("time", { class: "item-time", datetime: new Date(message.at).toISOString(), title: fullTime(message.at) }, briefTime(message.at, now));
  const name = message.sender.display_name;
  const sender = name === title ? null : h("span", { class: "found-sender", dir: "auto" }, name);
  const first = h("span", { class: "item-line" }, h("span", { class: "item-title", dir: "auto" }, title), time);
  const said = message.text ? h("span", { class: "found-text", dir: "auto" }, ...marked(message.text, highlights)) : null;
  return line(() => open(hit), null, h("span", { class: "item-words" }, first, sender, said, ...fileNames(hit)), {
    "data-conversation": message.conversation,
    "data-seq": message.seq,
  });
}

/** The names in which something was found. @param {Hit} hit */
function fileNames({ message, file_highlights: spans = [] }) {
  const files = message.files ?? [];
  const found = files.map(({ name }, at) => ({ name, places: spans[at] ?? [] })).filter(({ places }) => places.length);
  return found.map(({ name, places }) => h("span", { class: "found-file" }, icon("file"), h("span", { class: "found-text", dir: "auto" }, ...marked(name, places))));
}

/** @param {string} text @param {[number, number][]} highlights */
function marked(text, highlights) {
  return excerpt(text, highlights).map((piece) => (piece.marked ? h("mark", {}, piece.text) : piece.text));
}

/** @param {string} name @param {string} about */
function words(name, about) {
  return h("span", { class: "person-words" }, h("span", { class: "person-name", dir: "auto" }, name), h("span", { class: "person-about" }, about));
}

/** @param {() => void} run @param {Element | null} face @param {Element} about @param {Record<string, string | number>} data */
function line(run, face, about, data) {
  return h("button", { type: "button", class: "found-line", onclick: run, ...data }, face, about);
}
