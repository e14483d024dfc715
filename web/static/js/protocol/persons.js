/**
 * People as they are called now: in everything that is loaded, and in everything that is read.
 *
 * @import { Room, Store } from "../store.js"
 * @import { Lists } from "./lists.js"
 * @import { Message, Person, Preview, Update } from "./types.js"
 */

/**
 * A reader of JSON that calls deleted accounts by `name`, in the person's language.
 *
 * @param {() => string} name
 * @returns {(text: string) => any}
 */
export function reader(name) {
  return (text) => (text.includes('"deleted":true') ? JSON.parse(text, (_, value) => named(value, name())) : JSON.parse(text));
}

/** @param {any} value @param {string} name */
function named(value, name) {
  if (value?.deleted === true && typeof value.username === "string") return { ...value, display_name: name };
  // a direct conversation, in a list or a search, is titled by the other one's name
  return value?.peer?.deleted === true && typeof value.title === "string" ? { ...value, title: name } : value;
}

/**
 * A name holds wherever it is seen, also where the update counts in no list (version 0).
 *
 * @param {Store} store
 * @param {Lists} lists
 * @param {Update} update
 */
export function hearUpdate(store, lists, update) {
  // who has no picture (any more) is told without one
  if (update.kind === "profile") changePerson(store, { picture: undefined, ...update.user });
  if (update.version) lists.update(update);
}

/**
 * Somebody is called differently, or deleted: so they are wherever they are seen.
 *
 * @param {Store} store
 * @param {Person} person
 */
export function changePerson(store, person) {
  if (store.me.id === person.id) store.me = person;
  for (const [username, contact] of store.contacts) {
    if (contact.user.id !== person.id) continue;
    if (person.deleted) store.contacts.delete(username);
    else contact.user = person;
  }
  for (const members of store.members.values()) {
    members.forEach((member, i) => member.id === person.id && (members[i] = { ...member, ...person }));
  }
  for (const room of store.rooms.values()) changeRoom(room, person);
  store.changed("rooms", "timeline", "contacts", "me");
}

/** @param {Room} room @param {Person} person */
function changeRoom(room, person) {
  const { head, log } = room;
  if (head.peer?.id === person.id) room.head = { ...head, title: person.display_name, peer: { ...head.peer, ...person } };
  if (room.head.preview) room.head = { ...room.head, preview: withPerson(room.head.preview, person) };
  for (const [seq, message] of log.messages) {
    const now = withPerson(message, person);
    if (now !== message) log.messages.set(seq, now);
  }
}

/**
 * @template {Message | Preview} T
 * @param {T} message
 * @param {Person} person
 * @returns {T}
 */
function withPerson(message, person) {
  const { sender, system } = message;
  const said = sender.id === person.id ? { sender: { ...sender, ...person } } : {};
  const told = {
    ...(system?.user?.id === person.id && { user: person }),
    ...(system?.link_of?.id === person.id && { link_of: person }),
  };
  if (sender.id !== person.id && !Object.keys(told).length) return message;
  return { ...message, ...said, ...(system && { system: { ...system, ...told } }) };
}
