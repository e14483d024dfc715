import { byId, h } from "../dom.js";
import { t } from "../i18n.js";
import { gist } from "./words.js";

/**
 * Tells a screen reader of messages as they arrive; history that loads is not news, and what was taken back is no
 * longer there to be read.
 *
 * @import { Retold } from "../protocol/retold.js"
 * @import { Message } from "../protocol/types.js"
 * @import { Store } from "../store.js"
 */

const KEPT = 5;
const LONGEST = 300;

/** @param {Store} store @returns {(message: Message) => void} */
export function announcer(store) {
  const log = byId("announcer");
  /** @type {Map<Message, HTMLElement>} */
  const told = new Map();
  store.retelling.listen((news) => [...told.keys()].filter((message) => isOf(message, news)).forEach((message) => retell(message, news.text)));

  /** @param {Message} message @param {string} [text] */
  function retell(message, text) {
    const line = told.get(message);
    told.delete(message);
    if (text === undefined) return line?.remove();
    const now = { ...message, text };
    if (line) told.set(now, line);
    if (line) line.textContent = words(store, now);
  }

  return (message) => {
    if (message.kind === "system" || store.rooms.get(message.conversation)?.head.muted) return;
    const line = h("p", {}, words(store, message));
    told.set(message, line);
    log.append(line);
    const [first] = told.keys();
    if (told.size > KEPT) retell(first);
  };
}

/** @param {Store} store @param {Message} message */
function words(store, message) {
  const { title = "", kind = "direct" } = store.rooms.get(message.conversation)?.head ?? {};
  const here = kind === "direct" || store.room?.log.id === message.conversation;
  const values = { name: message.sender.display_name, text: gist(message).slice(0, LONGEST), title };
  return t(here ? "announce.here" : "announce.elsewhere", values);
}

/** @param {Message} message @param {Retold} news */
function isOf(message, { conversation, seq }) {
  return message.conversation === conversation && (seq === undefined || message.seq === seq);
}
