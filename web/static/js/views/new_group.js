import { h } from "../dom.js";
import { t } from "../i18n.js";
import { actionButton, errorLine, openDialog } from "./dialog.js";
import { choice, textField } from "./field.js";
import { withFriends } from "./friends.js";
import { picker } from "./person.js";

/**
 * Make a group.
 *
 * @import { Api } from "../api.js"
 * @import { Store } from "../store.js"
 * @import { Head, Person } from "../protocol/types.js"
 */

/**
 * @param {Api} api
 * @param {Store} store
 * @param {(head: Head) => void} onMade
 */
export function newGroup(api, store, onMade) {
  withFriends(store, t("group.new"), (friends) => make(api, friends, onMade));
}

/** @param {Api} api @param {Person[]} friends @param {(head: Head) => void} onMade */
function make(api, friends, onMade) {
  /** @type {string[]} */
  let members = [];
  const title = textField(t("group.title"), { maxlength: 80, autofocus: true, required: true });
  const open = choice(t("group.public"), t("group.public_hint"), false);
  const error = errorLine();
  const create = async () => {
    const group = { title: title.input.value.trim(), members, public: open.input.checked };
    const { conversation } = await api.createGroup(group);
    dialog.close();
    onMade(conversation);
  };
  const button = actionButton({ label: t("group.create"), look: "primary", run: create }, error);
  const list = friends.length
    ? [h("h3", { class: "section-title" }, t("group.add_friends")), picker(friends, (names) => (members = names), t("group.add_friends"))]
    : [];
  const dialog = openDialog(t("group.new"), [title.field, open.field, ...list, error], [button]);
  title.input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) button.click();
  });
}
