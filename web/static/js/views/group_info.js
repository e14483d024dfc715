import { h } from "../dom.js";
import { t, tn } from "../i18n.js";
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
  const leads = head.role === "owner" || head.role === "moderator";
  const members = memberList(api, client.store, people, head, error, () => dialog.close());
  const card = h("div", {}, about(head, leads));
  const dialog = openDialog(head.title, [leads && faceField(api, client, head), card, leads && tools(), mute, error, members], waysOut());

  whileShown(client.store, ["rooms"], card, () => {
    const now = client.store.rooms.get(head.conversation)?.head;
    if (!now || about(now, leads).isEqualNode(card.firstElementChild)) return;
    card.replaceChildren(about(now, leads));
    dialog.querySelector("h2")?.replaceChildren(now.title);
  });

  function tools() {
    const settings = () => groupSettings(api, client, head, (now) => (dialog.close(), groupInfo(api, client, people, now, mute, error)));
    const tool = (/** @type {string} */ key, /** @type {() => void} */ onclick) => h("button", { type: "button", class: "button small", onclick }, t(key));
    const links = () => inviteLinks(api, client.store, head);
    return h("div", { class: "group-tools" }, tool("group.settings", settings), tool("invites.title", links), tool("group.banned", () => bannedPeople(api, head)));
  }

  function waysOut() {
    const leave = () => sure("leave", () => api.leave(head.conversation));
    const dissolve = () => sure("dissolve", () => api.dissolve(head.conversation));
    const label = (/** @type {string} */ key) => t(`group.${key}`);
    return [
      h("button", { type: "button", class: "button danger", onclick: leave }, label("leave")),
      head.role === "owner" && h("button", { type: "button", class: "button danger", onclick: dissolve }, label("dissolve")),
    ];
  }

  /** @param {"leave" | "dissolve"} what @param {() => Promise<unknown>} run */
  function sure(what, run) {
    dialog.close();
    const { title } = head;
    const done = async () => {
      await run();
      client.rooms.drop(head.conversation);
    };
    confirm(t(`group.${what}_title`, { title }), t(`group.${what}_text`), { label: t(`group.${what}`), run: done });
  }
}

/** The picture, for those who may change it. @param {Api} api @param {Client} client @param {Head} head */
function faceField(api, client, { title, conversation, picture }) {
  const work = groupPicture(api, conversation, (head) => client.rooms.told(head));
  return pictureField({ current: { name: title, id: conversation, picture, look: "group" }, ...work });
}

/** @param {Head} head @param {boolean} leads  The picture stands above it. */
function about({ title, conversation, picture, members, public: open, announcement_only, description }, leads) {
  const kinds = [t(open ? "group.public" : "group.private"), announcement_only ? t("group.announcement_only") : ""];
  const words = h("div", {}, tn("group.members", members ?? 0), h("br"), kinds.filter(Boolean).join(" · "));
  const card = h("div", { class: "about" }, !leads && avatar(title, conversation, "group", picture), words);
  return description ? h("div", {}, card, h("p", { class: "group-description", dir: "auto" }, description)) : card;
}
