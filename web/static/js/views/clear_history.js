import { h } from "../dom.js";
import { t } from "../i18n.js";
import { confirm } from "./dialog.js";
import { toast } from "./toasts.js";

/**
 * A button that empties a conversation for oneself, on every device.
 *
 * @import { Api } from "../api.js"
 * @import { Client } from "../protocol/client.js"
 * @import { Head } from "../protocol/types.js"
 */

/** @param {Api} api @param {Client} client @param {Head} head */
export function clearHistory(api, client, head) {
  const run = async () => {
    const { conversation } = await api.changeGroup(head.conversation, { hidden_seq: head.last_seq });
    client.rooms.told(conversation);
    toast(t("clear.done"));
  };
  /** @param {MouseEvent} event */
  const ask = (event) => {
    /** @type {HTMLButtonElement} */ (event.currentTarget).closest("dialog")?.close();
    confirm(t("clear.title"), t("clear.text"), { label: t("clear.action"), run });
  };
  return h("button", { type: "button", class: "button small clear-history", onclick: ask, disabled: !head.last_seq }, t("clear.action"));
}
