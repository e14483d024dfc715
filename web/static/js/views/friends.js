import { h } from "../dom.js";
import { t } from "../i18n.js";
import { openDialog } from "./dialog.js";

/**
 * Dialogs that begin with one's friends, and must not take "not told yet" for "none".
 *
 * @import { Store } from "../store.js"
 * @import { Person } from "../protocol/types.js"
 */

/**
 * Go on with one's friends; until the contacts were told, a dialog says that they are on their way.
 *
 * @param {Store} store
 * @param {string} title  Of the dialog.
 * @param {(friends: Person[]) => void} go  Not called when the dialog was closed meanwhile.
 */
export function withFriends(store, title, go) {
  if (store.acquainted) return go(friendsOf(store));
  const dialog = openDialog(title, [h("p", { class: "note", role: "status" }, t("timeline.loading"))]);
  store.subscribe(["contacts"], () => {
    if (!dialog.open || !store.acquainted) return;
    dialog.close();
    go(friendsOf(store));
  });
}

/** @param {Store} store */
function friendsOf(store) {
  return [...store.contacts.values()].filter(({ state }) => state === "friend").map(({ user }) => user);
}
