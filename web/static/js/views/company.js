import { t } from "../i18n.js";
import { lastSeen } from "../time.js";

/**
 * Who is there and who is writing, in words and dots.
 *
 * @import { Store } from "../store.js"
 * @import { Person, Sighting } from "../protocol/types.js"
 */

/** Names that fit into a line. */
const NAMED = 2;

/** @param {Store} store @param {Person} [person] */
export function isPresent(store, person) {
  return person !== undefined && store.company?.sightings.get(person.id)?.online === true;
}

/** Whether someone is there, or when they were; empty where nobody may know. @param {Sighting | undefined} sighting @param {number} now */
export function presenceWords(sighting, now) {
  if (sighting?.online) return t("presence.online");
  return sighting?.last_seen === undefined ? "" : lastSeen(sighting.last_seen, now);
}

/**
 * The line under a conversation's title: who is writing, else whether the other one is there, else what it said.
 *
 * @param {Element} line
 * @param {Store} store
 * @param {Person} [person]  The other side of a direct conversation.
 */
export function subtitle(line, store, person) {
  if (!(line instanceof HTMLElement)) return;
  line.dataset.about ??= line.textContent ?? "";
  const typing = typingWords(store);
  line.toggleAttribute("data-typing", Boolean(typing));
  const words = typing || presenceWords(person && store.company?.sightings.get(person.id), store.now()) || line.dataset.about;
  if (line.textContent !== words) line.textContent = words;
}

/** Who is writing in the open conversation. @param {Store} store */
function typingWords(store) {
  const room = store.room;
  const typists = room ? (store.company?.typists(room.log.id) ?? []) : [];
  if (!room || !typists.length) return "";
  if (room.head.kind === "direct") return t("typing.direct");
  const names = typists.slice(0, NAMED).map((user) => nameOf(user, store));
  if (typists.length > NAMED || names.includes("")) return t("typing.several");
  return t(names.length === 1 ? "typing.one" : "typing.two", { one: names[0], two: names[1] ?? "" });
}

/** A member's name, as far as the page has met them. @param {number} user @param {Store} store */
function nameOf(user, store) {
  const room = store.room;
  const members = store.members.get(room?.log.id ?? 0) ?? [];
  const senders = [...(room?.log.messages.values() ?? [])].map(({ sender }) => sender);
  return [...members, ...senders].find(({ id }) => id === user)?.display_name ?? "";
}

/**
 * Show in a list of people who is there, without making it anew: someone may be at one of its buttons.
 *
 * @param {Element} panel
 * @param {Store} store
 */
export function showPresence(panel, store) {
  for (const row of panel.querySelectorAll("[data-friend]")) {
    const contact = store.contacts.get(row.getAttribute("data-username") ?? "");
    const sighting = contact && store.company?.sightings.get(contact.user.id);
    const about = row.querySelector(".person-about");
    row.toggleAttribute("data-present", sighting?.online === true);
    if (about && contact) about.textContent = presenceWords(sighting, store.now()) || `@${contact.user.username}`;
  }
}
