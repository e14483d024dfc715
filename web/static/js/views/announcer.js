import { byId, h } from "../dom.js";
import { t } from "../i18n.js";
import { gist } from "./words.js";

/**
 * Tells a screen reader of messages as they arrive; history that loads is not news.
 *
 * @import { Message } from "../protocol/types.js"
 * @import { Store } from "../store.js"
 */

const KEPT = 5;
const LONGEST = 300;

/** @param {Store} store @returns {(message: Message) => void} */
export function announcer(store) {
  const log = byId("announcer");
  return (message) => {
    if (message.kind === "system" || store.rooms.get(message.conversation)?.head.muted) return;
    const { title = "", kind = "direct" } = store.rooms.get(message.conversation)?.head ?? {};
    const here = kind === "direct" || store.room?.log.id === message.conversation;
    const values = { name: message.sender.display_name, text: gist(message).slice(0, LONGEST), title };
    log.append(h("p", {}, t(here ? "announce.here" : "announce.elsewhere", values)));
    while (log.children.length > KEPT) log.firstElementChild?.remove();
  };
}
