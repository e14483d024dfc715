import { h } from "../dom.js";
import { t } from "../i18n.js";
import { actionButton, errorLine, openDialog } from "./dialog.js";
import { choice, textArea, textField } from "./field.js";
import { toast } from "./toasts.js";

/**
 * What those who lead a group may change of it.
 *
 * @import { Api } from "../api.js"
 * @import { Client } from "../protocol/client.js"
 * @import { Head } from "../protocol/types.js"
 */

/** As many as the server takes. */
const DESCRIPTION = 300;

/**
 * @param {Api} api
 * @param {Client} client
 * @param {Head} head
 * @param {(head: Head) => void} onSaved
 */
export function groupSettings(api, client, head, onSaved) {
  const title = textField(t("group.title"), { value: head.title, maxlength: 80 });
  const description = textArea(t("group.description"), { maxlength: DESCRIPTION, rows: 3, "aria-describedby": "description-hint" });
  description.input.value = head.description ?? "";
  description.field.append(h("p", { class: "field-hint", id: "description-hint" }, t("group.description_hint")));
  const open = choice(t("group.public"), t("group.public_hint"), head.public ?? false);
  const announcements = choice(t("group.announcement_only"), t("group.announcement_only_hint"), head.announcement_only ?? false);
  const error = errorLine();
  const save = async () => {
    const change = changed(head, {
      title: title.input.value.trim(),
      public: open.input.checked,
      description: description.input.value.trim(),
      announcement_only: announcements.input.checked,
    });
    if (Object.keys(change).length) {
      const { conversation } = await api.changeGroup(head.conversation, change);
      client.rooms.told(conversation);
      onSaved(conversation);
      toast(t("group.saved"));
    }
    dialog.close();
  };
  const button = actionButton({ label: t("group.save"), look: "primary", run: save }, error);
  const dialog = openDialog(t("group.settings"), [title.field, description.field, open.field, announcements.field, error], [button]);
}

/**
 * Only what differs: each change is told to everyone.
 *
 * @typedef {{title: string, public: boolean, description: string, announcement_only: boolean}} Settings
 *
 * @param {Head} head
 * @param {Settings} wanted
 * @returns {Partial<Settings>}
 */
function changed(head, wanted) {
  const now = { title: head.title, public: head.public ?? false, description: head.description ?? "", announcement_only: head.announcement_only ?? false };
  const names = /** @type {(keyof Settings)[]} */ (Object.keys(wanted));
  return Object.fromEntries(names.filter((name) => wanted[name] !== now[name]).map((name) => [name, wanted[name]]));
}
