import { refusal, t } from "../i18n.js";
import { choice } from "./field.js";

/**
 * A tick box that leaves one in peace: messages are counted on their own line only.
 *
 * @import { Api } from "../api.js"
 * @import { Client } from "../protocol/client.js"
 * @import { Head } from "../protocol/types.js"
 */

/**
 * @param {Api} api
 * @param {Client} client
 * @param {Head} head
 * @param {HTMLElement} error
 */
export function muteChoice(api, client, head, error) {
  const { input, field } = choice(t("mute.label"), t("mute.hint"), head.muted);
  input.addEventListener("change", async () => {
    error.textContent = "";
    try {
      const { conversation } = await api.changeGroup(head.conversation, { muted: input.checked });
      client.rooms.told(conversation);
    } catch (problem) {
      input.checked = !input.checked;
      error.textContent = refusal(problem);
    }
  });
  return field;
}
