import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { upTo99 } from "./views/words.js";
import { go, hashOf, placeOf, seqOf } from "./router.js";

/**
 * What of the page belongs to no single view: panes, title, what is open.
 *
 * @import { Client } from "./protocol/client.js"
 */

/** @param {Client} client */
export function shell(client) {
  const { store } = client;

  function follow() {
    const { hash } = location;
    const place = placeOf(hash);
    // the message is where one begins to read, not where one stays
    if (seqOf(hash) !== undefined) history.replaceState(null, "", hashOf(place));
    const again = place !== null && seqOf(hash) === undefined && hashOf(place) === hashOf(store.place);
    if (!again) client.open(place, seqOf(hash));
    store.show(place ? "conversation" : "list");
  }

  /** A link to what is open already changes no address. @param {MouseEvent} event */
  function followAgain({ target }) {
    const link = /** @type {Element | null} */ (target)?.closest('a[href^="#c"], a[href^="#to="]');
    if (link?.getAttribute("href") === location.hash) store.show("conversation");
  }

  /** The only one who turns panes: a message that comes turns none. */
  function turn() {
    byId("app").dataset.pane = store.pane;
  }

  /** A conversation that began with its first message exists now. */
  function settle() {
    const place = store.place;
    if (!place || !("to" in place)) return;
    const room = [...store.rooms.values()].find(({ head }) => head.peer?.username === place.to);
    if (room) go({ conversation: room.log.id }, { replace: true });
  }

  function render() {
    settle();
    const { place, room } = store;
    const open = Boolean(room || (place && "to" in place));
    const missing = place !== null && !open;
    byId("open-conversation").hidden = !open;
    byId("nothing-open").hidden = open;
    byId("nothing-text").textContent = t(!missing ? "conversation.none" : store.filled ? "conversation.gone" : "timeline.loading");
    title();
  }

  function title() {
    const unread = [...store.rooms.values()].reduce((sum, { head }) => sum + (head.muted ? 0 : head.unread), 0);
    const name = store.room?.head.title ?? t("app.name");
    document.title = unread ? `(${upTo99(unread)}) ${name}` : name;
    byId("chats-badge").hidden = !unread;
    byId("chats-badge").textContent = upTo99(unread);
  }

  store.subscribe(["pane"], turn); // before the views in the panes
  store.subscribe(["rooms", "place"], render);
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", followAgain);
  follow();
}
