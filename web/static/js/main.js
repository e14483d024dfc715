import { Api, Refused } from "./api.js";
import { byId, h } from "./dom.js";
import { loadCatalog, refusal, t, tn } from "./i18n.js";
import { PendingStore } from "./pending_store.js";
import { Client } from "./protocol/client.js";
import { reader } from "./protocol/persons.js";
import { go } from "./router.js";
import { SearchPanel } from "./search/panel.js";
import { shell } from "./shell.js";
import { Store } from "./store.js";
import { followTheme } from "./theme.js";
import { copyOf, uploadWire } from "./upload_wire.js";
import { Uploads } from "./uploads.js";
import { closeWhatIsGone } from "./views/about.js";
import { announcer } from "./views/announcer.js";
import { attachments } from "./views/attach.js";
import { clearHistory } from "./views/clear_history.js";
import { Composer } from "./views/composer.js";
import { ConnectionLine } from "./views/connection_line.js";
import { contactsPanel } from "./views/contacts.js";
import { conversationHead } from "./views/conversation_head.js";
import { conversationList } from "./views/conversation_list.js";
import { confirm, errorLine } from "./views/dialog.js";
import { directInfo } from "./views/direct_info.js";
import { askBeforeDownloads } from "./views/downloads.js";
import { findPeople } from "./views/find_people.js";
import { groupInfo } from "./views/group_info.js";
import { keystrokes } from "./views/keystrokes.js";
import { KnownMembers } from "./views/known_members.js";
import { Mentions } from "./views/mentions.js";
import { menus } from "./views/menus.js";
import { MessageMenu } from "./views/message_menu.js";
import { muteChoice } from "./views/mute.js";
import { oneself } from "./views/oneself.js";
import { People } from "./views/people.js";
import { tabs } from "./views/tabs.js";
import { Timeline } from "./views/timeline.js";
import { toast } from "./views/toasts.js";
import { Tray } from "./views/tray.js";
import { unsentToSeveral } from "./views/unsent.js";
import { writingRights } from "./views/writing_rights.js";

/**
 * Builds the chat page: the one place that knows every part.
 *
 * @import { Found } from "./api.js"
 * @import { Head } from "./protocol/types.js"
 * @import { Called } from "./search/searching.js"
 */

const { user, username = "", displayName = "", picture } = document.body.dataset;
const store = new Store({ id: Number(user), username, display_name: displayName, picture: Number(picture) || undefined });
const read = reader(() => t("person.deleted"));
const api = new Api(document.querySelector("meta[name=csrf-token]")?.getAttribute("content") ?? "", read);

const members = new KnownMembers(api, store);
const client = new Client({
  store,
  drawer: new PendingStore(),
  directory: {
    contacts: () => api.contacts(),
    heads: () => api.heads(),
    head: (id) => api.head(id).catch((error) => notFound(error)),
    members: async (id) => (await api.members(id, { limit: 100 })).members,
  },
  wire: {
    open: () => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`, "imchat.v1"),
    ask: () => api.signedIn(),
    read,
    timers: { setTimeout: (run, ms) => window.setTimeout(run, ms), clearTimeout: (timer) => window.clearTimeout(timer) },
    now: () => Date.now(),
    random: () => Math.random(),
  },
  newId,
  onArrived: (message) => announce(message),
  onDelivered: (entry) => Array.isArray(entry.to) && toast(tn("several.sent", entry.to.length)),
  mentioned: (entry) => members.mentioned(entry),
  onHopeless: (reason) => toast(refusal(reason)),
  onStranger: () => location.reload(),
});
const announce = announcer(store);
closeWhatIsGone(store);

/** 32 hexadecimal digits; `crypto.randomUUID` is missing on plain http. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {unknown} error @returns {null} */
function notFound(error) {
  if (error instanceof Refused && error.status < 500 && error.status > 0) return null;
  throw error;
}

/** Open a direct conversation, which begins with its first message. @param {string} name */
function openDirect(name) {
  const room = [...store.rooms.values()].find(({ head }) => head.peer?.username === name);
  go(room ? { conversation: room.log.id } : { to: name });
  sides.showChats();
}

/** @param {Head} head */
function openMade(head) {
  client.questions.consider(client.rooms.told(head).log);
  go({ conversation: head.conversation });
  sides.showChats();
}

/** A conversation that was found; one that anybody may join is joined. @param {Called} called */
async function openCalled({ conversation, title, member }) {
  if (member) return go({ conversation });
  const run = async () => openMade((await api.join(conversation)).conversation);
  confirm(t("search.join_title", { title }), t("search.join_text"), { label: t("search.join"), run, look: "primary" });
}

/** Someone who was found: to talk to, or to be asked first. @param {Found} user */
function openPerson(user) {
  if (user.relation === "friend" || [...store.rooms.values()].some(({ head }) => head.peer?.id === user.id)) openDirect(user.username);
  else findPeople(api, people, user.username);
}

/** Who or what the open conversation is. */
function showInfo() {
  const head = store.room?.head;
  if (!head) return;
  const error = errorLine();
  const mute = h("div", {}, muteChoice(api, client, head, error), clearHistory(api, client, head));
  if (head.kind === "group") groupInfo(api, client, people, head, mute, error);
  else if (head.peer) directInfo(store, people, head.peer, mute, error);
}

await loadCatalog(/** @type {HTMLLinkElement} */ (document.getElementById("catalog")).href);
followTheme();
oneself(store);
const people = new People(api, store, openDirect);
const sides = tabs();
shell(client); // before the views in its panes: what is hidden takes no focus
new Mentions(members, store, /** @type {HTMLTextAreaElement} */ (byId("composer-text")));
const uploads = new Uploads(uploadWire(api), () => store.limits, () => tray.render());
const tray = new Tray(uploads, () => composer.changed());
const composer = new Composer(client, {
  tray,
  unblock: (name) => people.unblock(name),
  said: () => (client.signals.said(), timeline.said()),
});
keystrokes(client, /** @type {HTMLTextAreaElement} */ (byId("composer-text")));
attachments(tray);
const menu = new MessageMenu(client, composer, (id) => copyOf(api, id));
const timeline = new Timeline(client, menu.hands);
conversationList(store);
contactsPanel(store, people, () => findPeople(api, people));
const search = new SearchPanel(api, store, {
  person: (user) => openPerson(user),
  conversation: (called) => openCalled(called).catch((error) => toast(refusal(error))),
  hit: ({ message }) => timeline.openAt(message.conversation, message.seq),
});
conversationHead(store, showInfo, (conversation) => search.begin(conversation));
unsentToSeveral(client);
writingRights(store);
menus(api, client, people, openMade, () => composer.drafts.clear());
askBeforeDownloads();
new ConnectionLine(store, () => client.connection.connect(), () => (composer.drafts.clear(), uploads.abandon()));

// offline, what waits to be sent is seen already; online, `ready` takes it up
client.outbox.refresh(true);
client.connection.connect();
for (const event of ["online", "pageshow"]) window.addEventListener(event, () => client.connection.nudge());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && client.connection.nudge());
window.addEventListener("offline", () => client.connection.nudge());
document.title = t("app.name");
