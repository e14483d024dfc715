import { Retelling } from "./protocol/retold.js";

/**
 * The one state of the page, which views subscribe to by topic.
 *
 * @import { Status } from "./protocol/connection.js"
 * @import { Conversation } from "./protocol/conversation.js"
 * @import { Contact, Head, Person } from "./protocol/types.js"
 * @import { Company } from "./protocol/company.js"
 * @import { Which } from "./protocol/history.js"
 * @import { Entry } from "./protocol/outbox.js"
 *
 * @typedef {object} Room
 * @property {Head} head
 * @property {Conversation} log
 * @property {"" | Which | "failed"} paging  What is being fetched of its past.
 * @property {number | null} divider  After which message what is there is new to who looks; null: nothing is.
 * @property {number | null} anchor  Around which message its timeline is looked at; null: at the newest.
 * @property {number} turnover  How often somebody came or went, as far as one has heard.
 *
 * @typedef {{conversation: number, seq: number, state: "asked" | "coming" | "here" | "missing"}} Sought  A message that the reader wants to be led to.
 * @typedef {{conversation: number} | {to: string}} Place  What is open: a conversation, or one that begins with its first message.
 * @typedef {"rooms" | "timeline" | "contacts" | "pending" | "connection" | "place" | "pane" | "lists" | "company" | "me"} Topic
 */

export class Store {
  /** @type {Map<number, Room>} */
  rooms = new Map();
  /** @type {Map<string, Contact>} By username. */
  contacts = new Map();
  /** @type {Map<number, Person[]>} The members of groups, once somebody asked. */
  members = new Map();
  /** @type {Company | null} What one sees of others; the client's. */
  company = null;
  /** @type {Entry[]} */
  pending = [];
  /** @type {Status} */
  connection = { phase: "connecting" };
  /** @type {Place | null} */
  place = null;
  /** @type {Head | null} Of the conversation that went while it was open. */
  departed = null;
  /** @type {"list" | "conversation"} What a narrow page shows; a wide one shows both. */
  pane = "list";
  /** @type {Sought | null} */
  sought = null;
  /** @type {Record<string, number>} */
  limits = { text_characters: 16_000, group_members: 2_000 };
  /** Whether the lists have been told at least once. */
  filled = false;
  /** Whether the contacts have: until then nobody is known to be no friend. */
  acquainted = false;
  /** What was shown and is different by now. */
  retelling = new Retelling();
  /** What must be added to this machine's clock to have the server's. */
  clockSkew = 0;

  /** @type {Map<Topic, Set<() => void>>} */
  #views = new Map();
  /** @type {Set<Topic>} */
  #changed = new Set();

  /** @param {Person} me */
  constructor(me) {
    this.me = me;
  }

  /** The conversation that is open, if it exists already. @returns {Room | undefined} */
  get room() {
    return this.place && "conversation" in this.place ? this.rooms.get(this.place.conversation) : undefined;
  }

  /** Turn to a pane, at once: what is hidden takes no focus. @param {Store["pane"]} pane */
  show(pane) {
    this.pane = pane;
    this.#views.get("pane")?.forEach((view) => view());
  }

  now() {
    return Date.now() + this.clockSkew;
  }

  /**
   * Run `view` after every turn in which one of the topics changed.
   *
   * @param {Topic[]} topics
   * @param {() => void} view
   * @returns {() => void}  Ends that.
   */
  subscribe(topics, view) {
    for (const topic of topics) this.#views.set(topic, (this.#views.get(topic) ?? new Set()).add(view));
    return () => topics.forEach((topic) => this.#views.get(topic)?.delete(view));
  }

  /** @param {Topic[]} topics */
  changed(...topics) {
    if (!this.#changed.size) setTimeout(() => this.#tell());
    topics.forEach((topic) => this.#changed.add(topic));
  }

  #tell() {
    const views = new Set([...this.#changed].flatMap((topic) => [...(this.#views.get(topic) ?? [])]));
    this.#changed.clear();
    views.forEach((view) => view());
  }
}
