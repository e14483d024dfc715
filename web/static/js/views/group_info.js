import { h } from "../dom.js";
import { t, tn } from "../i18n.js";
import { go } from "../router.js";
import { groupPicture } from "../portraits.js";
import { avatar } from "./avatar.js";
import { bannedPeople } from "./banned_people.js";
import { confirm, openDialog } from "./dialog.js";
import { groupSettings } from "./group_settings.js";
import { inviteLinks } from "./invite_links.js";
import { memberList } from "./member_list.js";
import { pictureField } from "./picture_field.js";
import { whileShown } from "./while_shown.js";

/**
 * A group: its name, what it is for, who may join, its members, and the ways out of it.
 *
 * @import { Api } from "../api.js"
 * @import { Client } from "../protocol/client.js"
 * @import { Head } from "../protocol/types.js"
 * @import { People } from "./people.js"
 */

/**
 * @param {Api} api
 * @param {Client} client
 * @param {People} people
 * @param {Head} head
 * @param {HTMLElement} mute
 * @param {HTMLElement} error
 */
export function groupInfo(api, client, people, head, mute, error) {
  const [card, face, tools] = [h("div"), h("div"), h("div", { class: "group-tools" })];
  const members = memberList(api, client.store, people, head, error, () => dialog.close());
  const dialog = openDialog(head.title, [face, card, tools, mute, error, members], waysOut(api, client, head, () => dialog.close()));
  const again = (/** @type {Head} */ now) => (dialog.close(), groupInfo(api, client, people, now, mute, error));
  /** @type {Head["role"] | null} Whose tools are shown. */
  let role = null;

  /** @param {Head} now */
  function show(now) {
    const about = aboutGroup(now);
    if (!card.firstElementChild?.isEqualNode(about)) card.replaceChildren(about);
    dialog.querySelector("h2")?.replaceChildren(now.title);
    if (role !== now.role) become(now);
  }

  /** What one may do here is different by now. @param {Head} now */
  function become(now) {
    const inside = dialog.contains(document.activeElement);
    role = now.role;
    face.replaceChildren(...(leads(now) ? [faceField(api, client, now)] : []));
    tools.replaceChildren(...(leads(now) ? toolsOf(api, client, now, again) : []));
    tools.hidden = !leads(now);
    dialog.querySelector(".dialog-actions")?.replaceChildren(...waysOut(api, client, now, () => dialog.close()));
    if (inside && !dialog.contains(document.activeElement)) dialog.querySelector("button")?.focus();
  }

  show(head);
  whileShown(client.store, ["rooms"], card, () => show(client.store.rooms.get(head.conversation)?.head ?? head));
}

/** @param {Head} head */
function leads({ role }) {
  return role === "owner" || role === "moderator";
}

/** What those who lead may open. @param {Api} api @param {Client} client @param {Head} head @param {(now: Head) => void} again */
function toolsOf(api, client, head, again) {
  const now = () => client.store.rooms.get(head.conversation)?.head ?? head;
  const tool = (/** @type {string} */ key, /** @type {() => void} */ onclick) => h("button", { type: "button", class: "button small", onclick }, t(key));
  return [
    tool("group.settings", () => groupSettings(api, client, now(), again)),
    tool("invites.title", () => inviteLinks(api, client.store, head)),
    tool("group.banned", () => bannedPeople(api, head)),
  ];
}

/**
 * The ways out: anybody may leave, the owner may end it for all.
 *
 * @param {Api} api
 * @param {Client} client
 * @param {Head} head
 * @param {() => void} close
 */
function waysOut(api, client, head, close) {
  const { conversation } = head;
  const way = (/** @type {"leave" | "dissolve"} */ what, /** @type {() => Promise<unknown>} */ run) => {
    const done = () => run().then(() => depart(client, conversation));
    return h("button", { type: "button", class: "button danger", onclick: () => (close(), sure(what, client.store.rooms.get(conversation)?.head ?? head, done)) }, t(`group.${what}`));
  };
  const leave = way("leave", () => api.leave(conversation));
  return head.role === "owner" ? [leave, way("dissolve", () => api.dissolve(conversation))] : [leave];
}

/** Nobody has to be told of what one did oneself. @param {Client} client @param {number} conversation */
function depart({ rooms, store }, conversation) {
  const { place } = store;
  rooms.drop(conversation);
  if (place && "conversation" in place && place.conversation === conversation) go(null);
}

/** @param {"leave" | "dissolve"} what @param {Head} head @param {() => Promise<unknown>} run */
function sure(what, { title }, run) {
  confirm(t(`group.${what}_title`, { title }), t(`group.${what}_text`), { label: t(`group.${what}`), run });
}

/** The picture, for those who may change it. @param {Api} api @param {Client} client @param {Head} head */
function faceField(api, client, { title, conversation, picture }) {
  const work = groupPicture(api, conversation, (head) => client.rooms.told(head));
  return pictureField({ current: { name: title, id: conversation, picture, look: "group" }, ...work });
}

/** @param {Head} head */
function aboutGroup(head) {
  const { title, conversation, picture, members, public: open, announcement_only, description } = head;
  const kinds = [t(open ? "group.public" : "group.private"), announcement_only ? t("group.announcement_only") : ""];
  const words = h("div", {}, tn("group.members", members ?? 0), h("br"), kinds.filter(Boolean).join(" · "));
  const card = h("div", { class: "about" }, !leads(head) && avatar(title, conversation, "group", picture), words);
  return description ? h("div", {}, card, h("p", { class: "group-description", dir: "auto" }, description)) : card;
}
