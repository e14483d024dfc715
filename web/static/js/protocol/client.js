import { Alterations } from "./alterations.js";
import { Connection } from "./connection.js";
import { History } from "./history.js";
import { Lists } from "./lists.js";
import { Meetings } from "./meetings.js";
import { Outbox, saidBy } from "./outbox.js";
import { hearUpdate } from "./persons.js";
import { Questions } from "./questions.js";
import { Quotes } from "./quotes.js";
import { Reader } from "./reader.js";
import { Recounts } from "./recounts.js";
import { hearContact, hearContacts } from "./relations.js";
import { Rooms } from "./rooms.js";
import { Signals } from "./signals.js";

/**
 * What the frames of a connection mean for the state of the page; knows no page.
 *
 * @import { Place, Room, Store } from "../store.js"
 * @import { Answer } from "./questions.js"
 * @import { Applied } from "./conversation.js"
 * @import { Surroundings as Wire } from "./connection.js"
 * @import { Drawer, Entry } from "./outbox.js"
 * @import { Contacts } from "./lists.js"
 * @import { Member } from "./company.js"
 * @import { Ack, Frame, Head, LiveEvent, Message, Question, Ready, Refusal, Settings, Update } from "./types.js"
 *
 * @typedef {object} Directory  What is fetched over HTTP.
 * @property {() => Promise<Contacts>} contacts
 * @property {() => Promise<{heads: Head[], version: number}>} heads
 * @property {(id: number) => Promise<Head | null>} head  Null for one that one may not know of.
 * @property {(id: number) => Promise<Member[]>} members  Of a group, the first hundred.
 *
 * @typedef {object} Surroundings
 * @property {Store} store
 * @property {Directory} directory
 * @property {Drawer} drawer
 * @property {Pick<Wire, "open" | "ask" | "read" | "timers" | "now" | "random">} wire
 * @property {() => string} newId
 * @property {(message: Message) => void} onArrived  Someone else said something just now.
 * @property {(entry: Entry) => void} onDelivered
 * @property {(entry: Entry) => Promise<number[]>} mentioned  Whom of its group what one says names.
 * @property {(refusal: Refusal) => void} onHopeless  An edit of one's own cannot be made any more.
 * @property {() => void} onStranger  The session is another person's now.
 */

export class Client {
  /** @type {string | undefined} */
  #epoch;
  /** @type {Set<number>} The conversations whose cursors went with the last `hello`. */
  #presented = new Set();
  /** @type {number[]} The conversations known when the list was last asked for. */
  #known = [];

  /** @param {Question} frame */
  #request = (frame) => this.connection.request(frame);
  /** @param {number} ms @returns {Promise<void>} */
  #sleep = (ms) => new Promise((resolve) => this.given.wire.timers.setTimeout(resolve, ms));
  /** @param {Head} head */
  #told = (head) => this.questions.consider(this.rooms.told(head).log);

  /** @param {Surroundings} given */
  constructor(given) {
    const { store, directory, wire } = given;
    this.given = given;
    this.store = store;
    this.rooms = new Rooms(store, (id) => this.recounts.ask(id));
    this.recounts = new Recounts({ rooms: store.rooms, fetch: directory.head, told: this.#told, sleep: this.#sleep, random: wire.random });
    this.meetings = new Meetings(store.rooms, directory.head, (head) => (this.#told(head), this.reader.load()));
    this.connection = this.#newConnection();
    this.signals = new Signals({ ...wire, store, connection: this.connection, members: directory.members, head: directory.head, told: this.#told });
    this.history = new History(store, this.#request, (items) => this.#settle(items));
    this.reader = new Reader(store, this.history);
    this.quotes = new Quotes(this.#request, () => store.changed("timeline"));
    this.questions = new Questions(this.#request, (_, answer) => this.#answer(answer), this.#sleep);
    this.outbox = this.#newOutbox();
    this.alterations = new Alterations(this.outbox, this.#request);
    this.lists = this.#newLists();
  }

  #newConnection() {
    return new Connection({
      ...this.given.wire,
      hello: () => this.#hello(),
      onReady: (ready) => this.#ready(ready),
      onFrame: (frame) => this.#frame(frame),
      onStatus: (status) => this.#status(status),
    });
  }

  #newOutbox() {
    const { store, drawer, wire, newId, mentioned, onHopeless } = this.given;
    return new Outbox({
      user: store.me.id,
      drawer,
      request: this.#request,
      sleep: this.#sleep,
      now: () => store.now(),
      random: wire.random,
      newId,
      mentioned,
      onHopeless,
      onAcknowledged: (entry, acks) => this.#acknowledged(entry, acks),
      onChange: () => this.#pending(),
    });
  }

  #newLists() {
    const { store, directory } = this.given;
    return new Lists({
      fetchContacts: directory.contacts,
      fetchHeads: () => this.#fetchHeads(),
      onContacts: (contacts) => hearContacts(store, this.signals.company, contacts),
      onHeads: (heads) => this.#heads(heads),
      onUpdate: (update) => this.#update(update),
      live: () => this.connection.live,
      sleep: this.#sleep,
    });
  }

  /** Look at a conversation, or at one message of it. @param {Place | null} place @param {number} [seq] */
  open(place, seq) {
    this.reader.open(place, seq);
  }

  /** The messages of a conversation up to this one have been seen. @param {number} seq @param {Room} [room]  The open one. */
  read(seq, room = this.store.room) {
    if (!room || seq <= room.head.read_seq) return;
    this.rooms.read(room, seq);
    this.signals.reads.read(room.log.id, seq);
  }

  #hello() {
    const cursors = this.rooms.cursors();
    this.#presented = new Set(cursors.map(([id]) => id));
    return { epoch: this.#epoch, cursors };
  }

  /** @param {Ready} ready */
  #ready(ready) {
    if (ready.user.id !== this.store.me.id) return this.given.onStranger();
    if (this.#epoch !== undefined && this.#epoch !== ready.epoch) this.#forget();
    this.#epoch = ready.epoch;
    this.store.clockSkew = ready.now - this.given.wire.now();
    Object.assign(this.store.limits, ready.limits);
    this.rooms.begin(ready.conversations, this.#presented);
    if (!ready.more) this.rooms.keepOnly(ready.conversations, [...this.store.rooms.keys()]);
    this.store.filled = true;
    this.store.changed("rooms");
    this.quotes.begin();
    this.store.changed("timeline");
    this.signals.begin();
    this.lists.compare(ready.version);
    this.store.rooms.forEach(({ log }) => this.questions.consider(log));
    this.reader.load();
    this.outbox.resume();
  }

  /** The database is of another lineage: what is cached means nothing; what waits to be sent stays. */
  #forget() {
    this.#presented.clear();
    this.rooms.clear();
    this.signals.reads.clear();
    this.lists.forget();
  }

  /** @param {import("./connection.js").Status} status */
  #status(status) {
    this.store.connection = status;
    this.store.changed("connection");
    if (status.phase === "live") return;
    this.outbox.pause();
    this.rooms.disconnected();
  }

  /** @param {Frame} frame */
  #frame(frame) {
    this.signals.hear(frame);
    if (frame.type === "message" || frame.type === "change") this.#live(frame);
    else if (frame.type === "delta" || frame.type === "reset") this.#answer(frame);
    else if (frame.type === "cursor") this.rooms.cursor(frame);
    else if (frame.type === "update") hearUpdate(this.store, this.lists, frame);
    else if (frame.type === "lag") this.#lag(frame);
  }

  /** @param {LiveEvent} event */
  #live(event) {
    const room = this.store.rooms.get(event.conversation);
    if (!room) {
      this.rooms.hearUnknown(event.conversation, event.rev);
      this.#settle([event]);
      return void this.#introduced(event);
    }
    const { last_seq } = room.head;
    const applied = room.log.live(event);
    this.#follow(room, applied);
    applied.forEach((news) => news.seq > last_seq && this.#arrived(news)); // one told whole once more is not new
    this.questions.consider(room.log);
  }

  /** The first one hears of a conversation is a message in it. @param {LiveEvent} event */
  async #introduced(event) {
    if (this.meetings.isUnderway(event.conversation)) return;
    await this.meetings.meet(event.conversation);
    if (this.store.rooms.has(event.conversation)) this.#arrived(event);
  }

  /** @param {LiveEvent} news */
  #arrived(news) {
    if (!("op" in news) && news.sender.id !== this.store.me.id) this.given.onArrived(news);
  }

  /** @param {Answer} answer */
  #answer(answer) {
    if (answer.type === "error") return;
    const room = this.store.rooms.get(answer.conversation);
    if (!room) return;
    if (answer.type === "delta") this.#follow(room, room.log.delta(answer));
    else if (answer.why === "gone") return this.rooms.drop(room.log.id);
    else this.rooms.reset(room, answer);
    this.store.changed("timeline");
    if (room === this.store.room) this.reader.load();
    this.questions.consider(room.log);
  }

  /** @param {Room} room @param {Applied[]} news */
  #follow(room, news) {
    this.rooms.follow(room, news);
    this.#settle(news);
  }

  /** What of one's own has arrived is no longer on its way. @param {(Message | LiveEvent)[]} news */
  #settle(news) {
    for (const item of news) if (!("op" in item) && item.sender.id === this.store.me.id) this.outbox.arrived(item.client_id);
  }

  /** @param {import("./types.js").Lag} lag */
  #lag(lag) {
    for (const [id, rev] of lag.conversations) {
      const log = this.store.rooms.get(id)?.log;
      log?.hear(rev);
      if (log) this.questions.consider(log);
    }
    this.lists.refresh(); // heads too: cursors may have been skipped
  }

  /** @param {Entry} entry @param {Ack[]} acks */
  #acknowledged(entry, acks) {
    for (const ack of acks) {
      const room = this.store.rooms.get(ack.conversation);
      if (room && entry.seq !== undefined) room.log.edited(ack, entry.text);
      else if (room) room.log.acknowledged(saidBy(this.store.me, entry, ack));
      else if (!Array.isArray(entry.to)) this.meetings.meet(ack.conversation);
    }
    this.store.changed("timeline");
    this.given.onDelivered(entry);
  }

  #pending() {
    this.store.pending = this.outbox.entries;
    this.store.changed("pending", "timeline", "rooms");
  }

  #fetchHeads() {
    this.#known = [...this.store.rooms.keys()];
    return this.given.directory.heads();
  }

  /** @param {Head[]} heads */
  #heads(heads) {
    heads.forEach((head) => this.#told(head));
    this.rooms.keepOnly(heads, this.#known);
    this.store.filled = true;
    this.reader.load();
  }

  /** @param {Update} update */
  #update(update) {
    if (update.kind === "contacts") hearContact(this.store, this.signals.company, update.contact);
    if (update.kind === "settings") this.#settings(update.settings);
    if (update.kind !== "membership") return;
    if (update.member && update.head) this.#told(update.head);
    if (!update.member) this.rooms.drop(update.conversation);
  }

  /** @param {Settings} settings */
  #settings(settings) {
    this.signals.company.settle(settings);
    this.lists.refresh(); // heads and friends say more than before, or less
  }
}
