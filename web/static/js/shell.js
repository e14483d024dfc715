import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { upTo99 } from "./views/words.js";
import { go, hashOf, placeOf, seqOf } from "./router.js";

/**
 * What of the page belongs to no single view: panes, title, what is open.
 *
 * @import { Client } from "./protocol/client.js"
 * @import { Store } from "./store.js"
 */

/** @param {Client} client */
export function shell(client) {
  const { store } = client;
  store.subscribe(["pane"], () => turn(store)); // before the views in the panes
  store.subscribe(["rooms", "place"], () => render(store));
  window.addEventListener("hashchange", () => follow(client));
  document.addEventListener("click", (event) => followAgain(event, store));
  follow(client);
}

/** Open what the address names. @param {Client} client */
function follow(client) {
  const { hash } = location;
  const place = placeOf(hash);
  // the message is where one begins to read, not where one stays
  if (seqOf(hash) !== undefined) history.replaceState(null, "", hashOf(place));
  const again = place !== null && seqOf(hash) === undefined && hashOf(place) === hashOf(client.store.place);
  if (!again) client.open(place, seqOf(hash));
  client.store.show(place ? "conversation" : "list");
}

/** A link to what is open already changes no address. @param {MouseEvent} event @param {Store} store */
function followAgain({ target }, store) {
  const link = /** @type {Element | null} */ (target)?.closest('a[href^="#c"], a[href^="#to="]');
  if (link?.getAttribute("href") === location.hash) store.show("conversation");
}

/** The only one who turns panes: a message that comes turns none. @param {Store} store */
function turn(store) {
  byId("app").dataset.pane = store.pane;
}

/** @param {Store} store */
function render(store) {
  settle(store);
  showOpen(store);
  showUnread(store);
}

/** A conversation that began with its first message exists now. @param {Store} store */
function settle({ place, rooms }) {
  if (!place || !("to" in place)) return;
  const room = [...rooms.values()].find(({ head }) => head.peer?.username === place.to);
  if (room) go({ conversation: room.log.id }, { replace: true });
}

/** The open conversation, or why there is none. @param {Store} store */
function showOpen(store) {
  const { place, room } = store;
  const open = Boolean(room || (place && "to" in place));
  byId("open-conversation").hidden = !open;
  byId("nothing-open").hidden = open;
  byId("nothing-text").textContent = open ? "" : whyNothing(store);
  byId("nothing-back").hidden = !place || open;
}

/** @param {Store} store */
function whyNothing({ place, departed, filled }) {
  if (!place) return t("conversation.none");
  if (!filled) return t("timeline.loading");
  const left = departed?.kind === "group" && "conversation" in place && place.conversation === departed.conversation;
  return left ? t("conversation.left", { title: departed.title }) : t("conversation.gone");
}

/** What is unread, in the page's title and at the tab. @param {Store} store */
function showUnread({ rooms, room }) {
  const unread = [...rooms.values()].reduce((sum, { head }) => sum + (head.muted ? 0 : head.unread), 0);
  const name = room?.head.title ?? t("app.name");
  document.title = unread ? `(${upTo99(unread)}) ${name}` : name;
  byId("chats-badge").hidden = !unread;
  byId("chats-badge").textContent = upTo99(unread);
}
