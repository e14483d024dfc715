/** What was typed and not sent, for each conversation, kept on this device until one signs out. */

const NAME = "imchat.drafts";

export class Drafts {
  /** @type {Record<string, string>} What a browser that keeps nothing has. */
  #memory = {};

  /** @param {number} user */
  constructor(user) {
    this.name = `${NAME}.${user}`;
  }

  /** @param {string} slot */
  get(slot) {
    return this.#load()[slot] ?? "";
  }

  /** Read again before it is written: another tab may have a draft of its own. @param {string} slot @param {string} text */
  put(slot, text) {
    const drafts = this.#load();
    if (drafts[slot] === (text || undefined)) return;
    if (text) drafts[slot] = text;
    else delete drafts[slot];
    this.#save(drafts);
  }

  clear() {
    this.#save({});
  }

  /** @returns {Record<string, string>} */
  #load() {
    try {
      return JSON.parse(localStorage.getItem(this.name) ?? "{}");
    } catch {
      return this.#memory;
    }
  }

  /** @param {Record<string, string>} drafts */
  #save(drafts) {
    this.#memory = drafts;
    try {
      localStorage.setItem(this.name, JSON.stringify(drafts));
    } catch {
      // full or forbidden: drafts live as long as the page
    }
  }
}
