import { h } from "../dom.js";
import { refusal, t } from "../i18n.js";
import { isShared } from "../protocol/arrivals.js";
import { openDialog } from "./dialog.js";
import { personRow } from "./person.js";

/**
 * Who has read a message of a group, by name.
 *
 * @import { Client } from "../protocol/client.js"
 * @import { Member } from "../protocol/company.js"
 * @import { Store } from "../store.js"
 * @import { SentLine } from "./message.js"
 */

/** Whether others show that here, and one shows it oneself. @param {Store} store @param {SentLine} line */
export function mayAskReaders(store, { conversation, own }) {
  const head = store.rooms.get(conversation)?.head;
  return own && head?.kind === "group" && isShared(head) && store.company?.settings.receipts === true;
}

/** @param {Client} client @param {SentLine} line */
export async function showReaders(client, { conversation, seq, sender, at }) {
  const list = h("div", { class: "readers", "aria-live": "polite" }, h("p", { class: "note" }, t("timeline.loading")));
  openDialog(t("readers.title"), [list]);
  try {
    const members = await client.given.directory.members(conversation);
    client.signals.company.members(conversation, members);
    // Whoever came later has "read" everything before it without seeing it.
    const others = members.filter(({ user, read, joined_at }) => user.id !== sender.id && read !== undefined && joined_at <= at);
    list.replaceChildren(...sections(others, seq));
  } catch (error) {
    list.replaceChildren(h("p", { class: "note" }, refusal(error)));
  }
}

/** @param {Member[]} others @param {number} seq */
function sections(others, seq) {
  const read = others.filter((member) => (member.read ?? 0) >= seq);
  const arrived = others.filter((member) => !read.includes(member) && (member.received ?? 0) >= seq);
  const rest = others.filter((member) => !read.includes(member) && !arrived.includes(member));
  const parts = [section("readers.read", read), section("readers.delivered", arrived), section("readers.neither", rest)];
  const shown = parts.filter((part) => part !== null);
  return shown.length ? shown : [h("p", { class: "note" }, t("readers.nobody"))];
}

/** @param {string} key @param {Member[]} members */
function section(key, members) {
  if (!members.length) return null;
  const title = h("h3", { class: "section-title" }, t(key), h("span", {}, String(members.length)));
  return h("section", { "data-readers": key }, title, h("ul", {}, ...members.map(({ user }) => personRow(user))));
}
