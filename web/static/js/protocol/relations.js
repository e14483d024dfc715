/**
 * How people stand to oneself, as the server tells it.
 *
 * @import { Store } from "../store.js"
 * @import { Company } from "./company.js"
 * @import { Contacts } from "./lists.js"
 * @import { Contact } from "./types.js"
 */

/** All of them. @param {Store} store @param {Company} company @param {Contacts} contacts */
export function hearContacts(store, company, { friends, incoming, outgoing, blocked }) {
  const all = [...friends, ...incoming, ...outgoing, ...blocked];
  store.contacts = new Map(all.map((contact) => [contact.user.username, contact]));
  store.acquainted = true;
  company.friends(friends);
  store.changed("contacts");
}

/** One that changed. @param {Store} store @param {Company} company @param {Contact} contact */
export function hearContact(store, company, contact) {
  if (contact.state === "none") store.contacts.delete(contact.user.username);
  else store.contacts.set(contact.user.username, contact);
  store.changed("contacts");
  if (contact.state !== "friend") company.sightings.delete(contact.user.id);
}
