/**
 * What was said before and is different by now, for whoever has shown it elsewhere than in the timeline.
 *
 * @import { Applied } from "./conversation.js"
 *
 * @typedef {object} Retold
 * @property {number} conversation
 * @property {number} [seq]  None: all that was shown of the conversation.
 * @property {string} [text]  What the message says now; none: it is gone.
 * @property {boolean} [unsure]  Something may have become of it while nobody could tell.
 */

export class Retelling {
  /** @type {Set<(news: Retold) => void>} */
  #listeners = new Set();

  /** @param {(news: Retold) => void} listener */
  listen(listener) {
    this.#listeners.add(listener);
  }

  /** @param {Retold} news */
  tell(news) {
    this.#listeners.forEach((listener) => listener(news));
  }

  /** What took its place in the timeline, or was applied. @param {Applied} item */
  follow(item) {
    const { conversation, seq, text } = item;
    const what = "op" in item ? item.op : item.recalled ? "recall" : item.edited_at !== undefined && "edit";
    if (what === "recall") this.tell({ conversation, seq });
    if (what === "edit") this.tell({ conversation, seq, text: text ?? "" });
  }
}
