import { h } from "../dom.js";
import { t } from "../i18n.js";
import { openDialog } from "./dialog.js";
import { textArea } from "./field.js";
import { withFriends } from "./friends.js";
import { picker } from "./person.js";

/**
 * One text to several friends, to each as a direct message.
 *
 * @import { Client } from "../protocol/client.js"
 * @import { Person } from "../protocol/types.js"
 */

/** What the protocol takes in one frame. */
const MOST = 50;

/** @param {Client} client */
export function messageSeveral(client) {
  withFriends(client.store, t("several.title"), (friends) => write(client, friends));
}

/** @param {Client} client @param {Person[]} friends */
function write(client, friends) {
  const { store } = client;
  if (!friends.length) return void openDialog(t("several.title"), [h("p", { class: "note" }, t("several.no_friends"))]);
  /** @type {string[]} */
  let chosen = [];
  const { input, field } = textArea(t("several.text"));
  const send = h("button", { type: "button", class: "button primary", disabled: true, onclick: () => say() }, t("several.send"));
  const note = h("p", { class: "field-hint", role: "status" });
  const list = picker(friends, (names) => ((chosen = names), look()), t("several.friends"));
  const dialog = openDialog(t("several.title"), [h("p", { class: "field-hint" }, t("several.hint")), list, field, note], [send]);
  input.addEventListener("input", () => look());

  function look() {
    const text = input.value.trim();
    const long = [...text].length > store.limits.text_characters;
    send.disabled = !text || long || !chosen.length || chosen.length > MOST;
    note.textContent = long ? t("reason.text_too_long") : chosen.length > MOST ? t("several.too_many", { most: MOST }) : chosen.length ? t("several.chosen", { count: chosen.length }) : "";
  }

  function say() {
    client.outbox.add({ to: chosen }, input.value.trim());
    dialog.close();
  }
}
