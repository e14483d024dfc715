import { h } from "../dom.js";
import { t, tn } from "../i18n.js";
import { avatar } from "./avatar.js";
import { actionButton, confirm, openDialog } from "./dialog.js";
import { choice, textField } from "./field.js";
import { memberList } from "./member_list.js";
import { toast } from "./toasts.js";

/**
 * A group: its name, who may join, its members, and the ways out of it.
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
  const about = h("div", { class: "about" }, avatar(head.title, head.conversation, "group"), h("div", {}, tn("group.members", head.members ?? 0), h("br"), t(head.public ? "group.public" : "group.private")));
  const settings = leads ? settingsOf(api, client, head, error, () => dialog.close()) : [];
  const members = memberList(api, client.store, people, head, error, () => dialog.close());
  const dialog = openDialog(head.title, [about, mute, ...settings, error, members], waysOut());

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

/**
 * What its leaders may change.
 *
 * @param {Api} api
 * @param {Client} client
 * @param {Head} head
 * @param {HTMLElement} error
 * @param {() => void} onSaved
 */
function settingsOf(api, client, head, error, onSaved) {
  const title = textField(t("group.title"), { value: head.title, maxlength: 80 });
  const open = choice(t("group.public"), t("group.public_hint"), head.public ?? false);
  const save = async () => {
    const change = { title: title.input.value.trim(), public: open.input.checked };
    const { conversation } = await api.changeGroup(head.conversation, change);
    client.rooms.told(conversation);
    onSaved();
    toast(t("group.saved"));
  };
  const button = actionButton({ label: t("group.save"), look: "", run: save }, error);
  return [h("div", { class: "inline-form" }, title.field), open.field, button];
}
