import { refusal } from "../i18n.js";
import { startOfDay } from "../time.js";

/**
 * What a timeline shows, in order: days, messages, what is on its way; pure.
 *
 * @import { Store, Room } from "../store.js"
 * @import { Entry } from "../protocol/outbox.js"
 * @import { Part } from "../protocol/conversation.js"
 * @import { Message } from "../protocol/types.js"
 * @import { Line } from "./message.js"
 *
 * @typedef {{what: "day", key: string, at: number} | {what: "divider", key: string} |
 *   {what: "system", key: string, message: Message} | {what: "message", key: string, line: Line}} Shown
 */

/** Messages of one person this close together stand as one group. */
const TOGETHER = 5 * 60_000;

/** @param {Store} store @returns {Shown[]} */
export function linesOf(store) {
  const room = store.room;
  const part = room?.log.part(room.anchor) ?? null;
  const entries = part && !part.newest ? [] : waitingHere(store);
  const messages = (part && room?.log.shown(part)) ?? [];
  const layout = new Layout(dividerOf(room, part));
  for (const line of [...sentLines(messages, entries, store), ...waitingLines(messages, entries, store)]) layout.add(line);
  return layout.shown;
}

/** The message after which the unread ones begin; null where no divider is due. @param {Room | undefined} room @param {Part | null} part */
function dividerOf(room, part) {
  const divider = room?.divider ?? null;
  const aboveIt = divider !== null && part && room?.log.hasOlder(part) && part.from > divider + 1;
  return aboveIt ? null : divider;
}

/** Puts days, the divider and the heads of groups among the lines. */
class Layout {
  /** @type {Shown[]} */
  shown = [];
  /** @type {Line | null} The one before, when the next may stand with it. */
  #previous = null;
  #day = 0;

  /** @param {number | null} divider */
  constructor(divider) {
    this.divider = divider;
  }

  /** @param {Line & {message?: Message}} line */
  add(line) {
    this.#beginDay(startOfDay(line.at), line.at);
    this.#divide(line);
    if (line.message?.kind === "system") return this.#part({ what: "system", key: line.key, message: line.message });
    line.first = !this.#previous || this.#previous.sender.id !== line.sender.id || line.at - this.#previous.at > TOGETHER;
    this.shown.push({ what: "message", key: line.key, line });
    this.#previous = line;
  }

  /** @param {number} day @param {number} at */
  #beginDay(day, at) {
    if (day === this.#day) return;
    this.#day = day;
    this.#part({ what: "day", key: `day ${day}`, at });
  }

  /** Once, before the first that others said since. @param {Line} line */
  #divide({ own, seq = 0 }) {
    if (this.divider === null || own || seq <= this.divider) return;
    this.divider = null;
    this.#part({ what: "divider", key: "divider" });
  }

  /** What parts the messages before it from those after. @param {Shown} shown */
  #part(shown) {
    this.shown.push(shown);
    this.#previous = null;
  }
}

/** What was said, as it will read when one's edits are through. @param {Message[]} messages @param {Entry[]} entries @param {Store} store */
function sentLines(messages, entries, store) {
  const { room } = store;
  const people = peopleOf(store, room);
  const readers = store.company?.readers(room?.log.id) ?? (() => 0);
  const edits = new Map(entries.filter(({ seq }) => seq !== undefined).map((entry) => [entry.seq, entry]));
  return messages.map((message) => edited(sentLine(message, store, room, people, readers), edits.get(message.seq)));
}

/** What is not said yet, and the edits that failed out of sight. @param {Message[]} messages @param {Entry[]} entries @param {Store} store */
function waitingLines(messages, entries, store) {
  const { room, me } = store;
  const arrived = new Set(messages.filter(({ sender }) => sender.id === me.id).map(({ client_id }) => client_id));
  const lost = entries.filter((entry) => room && failedOutOfSight(entry, room));
  const waiting = entries.filter((entry) => entry.seq === undefined && !arrived.has(entry.client_id));
  return [...lost, ...waiting].map((entry) => waitingLine(entry, store));
}

/** An edit that failed, of a message that is not loaded: its words stand at the end. @param {Entry} entry @param {Room} room */
function failedOutOfSight({ seq, state }, { log }) {
  return seq !== undefined && state === "failed" && log.start !== null && (seq < log.start || !log.messages.has(seq));
}

/** What is on its way to the place that is open. @param {Store} store @returns {Entry[]} */
export function waitingHere(store) {
  const { place, room } = store;
  const peer = room?.head.peer?.username ?? (place && "to" in place ? place.to : undefined);
  return store.pending.filter(({ conversation, to }) =>
    conversation === undefined ? peer !== undefined && to === peer : conversation === room?.log.id,
  );
}

/**
 * @param {Message} message
 * @param {Store} store
 * @param {Room | undefined} room
 * @param {() => Map<number, Set<string>>} people
 * @param {(seq: number, at: number) => number} readers
 * @returns {Line & {message: Message}}
 */
function sentLine(message, store, room, people, readers) {
  const own = message.sender.id === store.me.id;
  return {
    ...message,
    message,
    key: own && message.kind !== "system" ? message.client_id : `seq ${message.seq}`,
    state: "sent",
    own,
    first: true,
    named: !own && room?.head.kind === "group",
    edited: message.edited_at !== undefined,
    quoted: quotedBy(message, room),
    names: message.mentions?.length ? namesOf(message.mentions, people()) : undefined,
    read: own && message.seq <= (room?.head.peer?.read ?? 0),
    received: own && message.seq <= (room?.head.peer?.received ?? 0),
    readers: own ? readers(message.seq, message.at) : 0,
  };
}

/**
 * A message whose edit is on its way, or failed, says what it will say.
 *
 * @template {Line} L
 * @param {L} line
 * @param {Entry | undefined} edit
 * @returns {L}
 */
function edited(line, edit) {
  if (!edit) return line;
  if (line.recalled) return edit.state === "failed" ? { ...line, state: edit.state, client_id: edit.client_id, problem: problemOf(edit) } : line;
  return { ...line, text: edit.text, edited: true, state: edit.state, client_id: edit.client_id, problem: problemOf(edit) };
}

/** What a message answers. @param {{reply_to?: number}} message @param {Room | undefined} room */
function quotedBy({ reply_to: seq }, room) {
  return seq === undefined ? undefined : { seq, message: room?.log.messages.get(seq) };
}

/** The names of everyone the page has met, looked up when they are needed. @param {Store} store @param {Room | undefined} room */
function peopleOf(store, room) {
  /** @type {Map<number, Set<string>> | undefined} */
  let names;
  return () => {
    if (names) return names;
    names = new Map();
    const contacts = [...store.contacts.values()].map(({ user }) => user);
    const senders = [...(room?.log.messages.values() ?? [])].map(({ sender }) => sender);
    const members = store.members.get(room?.log.id ?? 0) ?? [];
    for (const { id, username, display_name } of [store.me, ...contacts, ...senders, ...members]) {
      names.set(id, (names.get(id) ?? new Set()).add(username).add(display_name));
    }
    return names;
  };
}

/** @param {number[]} ids @param {Map<number, Set<string>>} people */
function namesOf(ids, people) {
  return [...new Set(ids.flatMap((id) => [...(people.get(id) ?? [])]))];
}

/** Why it failed. @param {Entry} entry */
function problemOf({ code, reason }) {
  return code ? refusal({ code, reason }) : undefined;
}

/** @param {Entry} entry @param {Store} store @returns {Line & {message?: Message}} */
function waitingLine(entry, store) {
  const conversation = store.room?.log.id ?? 0;
  const problem = problemOf(entry);
  const quoted = quotedBy(entry, store.room);
  return { ...entry, seq: undefined, conversation, key: entry.client_id, sender: store.me, own: true, first: true, named: false, quoted, problem };
}
