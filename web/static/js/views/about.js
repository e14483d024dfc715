/**
 * Dialogs about a message, which close when it is taken back.
 *
 * @import { Store } from "../store.js"
 *
 * @typedef {{conversation: number, seq?: number}} About  Without a number while it is on its way.
 */

/** Say what a dialog is about. @param {HTMLDialogElement} dialog @param {About} about */
export function mark(dialog, { conversation, seq }) {
  if (seq !== undefined) Object.assign(dialog.dataset, { conversation, seq });
}

/** @param {Store} store */
export function closeWhatIsGone(store) {
  store.retelling.listen(({ conversation, seq, text, unsure }) => {
    if (text !== undefined || unsure) return;
    const about = `[data-conversation="${conversation}"]${seq === undefined ? "" : `[data-seq="${seq}"]`}`;
    for (const dialog of document.querySelectorAll("dialog[open]")) if (dialog.matches(about)) /** @type {HTMLDialogElement} */ (dialog).close();
  });
}
