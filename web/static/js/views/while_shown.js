/**
 * Views that come and go, such as what stands in a dialog.
 *
 * @import { Store, Topic } from "../store.js"
 */

/**
 * Run `view` after changes of the topics for as long as `element` is in the page, which it has to be by the end of this turn.
 *
 * @param {Store} store
 * @param {Topic[]} topics
 * @param {Element} element
 * @param {() => void} view
 */
export function whileShown(store, topics, element, view) {
  const stop = store.subscribe(topics, () => (element.isConnected ? view() : stop()));
}
