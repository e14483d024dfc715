import { byId, h } from "../dom.js";
import { t } from "../i18n.js";
import { attempt, errorLine } from "./dialog.js";

/**
 * Where a message is written: Enter sends, Shift+Enter breaks the line, a draft is kept for each conversation.
 *
 * @import { Client } from "../protocol/client.js"
 * @import { Place } from "../store.js"
 */

/** From this share of the limit on, what is left is counted. */
const NEARLY = 0.9;
const DRAFTS = "imchat.drafts";

export class Composer {
  #form = /** @type {HTMLFormElement} */ (byId("composer"));
  #text = /** @type {HTMLTextAreaElement} */ (byId("composer-text"));
  #button = /** @type {HTMLButtonElement} */ (byId("composer-send"));
  #count = byId("composer-count");
  #note = byId("composer-note");
  #drafts = loadDrafts();
  #place = "";
  /** Which conversation the composer was last shown for. */
  #shown = "";

  /**
   * @param {Client} client
   * @param {{unblock: (username: string) => Promise<unknown>, said: () => void}} actions
   */
  constructor(client, actions) {
    this.client = client;
    this.store = client.store;
    this.actions = actions;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#pressed(event));
    this.store.subscribe(["place", "rooms", "contacts"], () => this.#opened());
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const place = this.store.place;
    const text = clean(this.#text.value);
    if (!place || !text || !this.#fits(text)) return;
    this.client.outbox.add(place, text);
    this.#text.value = "";
    this.#typed();
    this.#text.focus();
    this.actions.said();
  }

  /** @param {string} text */
  #fits(text) {
    return [...text].length <= this.store.limits.text_characters;
  }

  #typed() {
    const text = clean(this.#text.value);
    const { text_characters: most } = this.store.limits;
    const length = text.length < most * NEARLY ? 0 : [...text].length;
    this.#button.disabled = !text || length > most;
    this.#count.hidden = length < most * NEARLY;
    this.#count.classList.toggle("over", length > most);
    if (!this.#count.hidden) this.#count.textContent = t("composer.count", { count: length, most });
    this.#grow();
    this.#keep();
  }

  #grow() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
  }

  #keep() {
    if (this.#text.value) this.#drafts[this.#place] = this.#text.value;
    else delete this.#drafts[this.#place];
    saveDrafts(this.#drafts);
  }

  /** Another conversation may be open, or its other side blocked. */
  #opened() {
    const { place, room } = this.store;
    const key = keyOf(place, room?.head.peer?.username);
    if (key !== this.#place) {
      this.#place = key;
      this.#text.value = this.#drafts[key] ?? "";
      this.#typed();
    }
    const shown = room || (place && "to" in place) ? key : "";
    // A conversation that a list has yet to tell of is not there to be written in.
    if (shown !== this.#shown && shown && window.matchMedia("(hover: hover)").matches) this.#text.focus();
    this.#shown = shown;
    this.#renderNote();
  }

  #renderNote() {
    const { place, room } = this.store;
    const username = room?.head.peer?.username ?? (place && "to" in place ? place.to : "");
    const blocked = this.store.contacts.get(username)?.state === "blocked";
    this.#note.hidden = !blocked;
    if (!blocked) return;
    const error = errorLine();
    const button = h("button", { type: "button", class: "button small" }, t("contacts.unblock"));
    button.addEventListener("click", () => attempt(button, error, () => this.actions.unblock(username)));
    this.#note.replaceChildren(t("composer.blocked"), button, error);
  }
}

/** What is sent of what was typed: no half characters, no control characters, no space around. @param {string} text */
function clean(text) {
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
  return whole.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "").trim();
}

/** @param {Place | null} place @param {string} [peer] */
function keyOf(place, peer) {
  if (!place) return "";
  if ("to" in place) return `to ${place.to}`;
  return peer ? `to ${peer}` : `in ${place.conversation}`;
}

/** @returns {Record<string, string>} */
function loadDrafts() {
  try {
    return JSON.parse(sessionStorage.getItem(DRAFTS) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {Record<string, string>} drafts */
function saveDrafts(drafts) {
  try {
    sessionStorage.setItem(DRAFTS, JSON.stringify(drafts));
  } catch {
    // full or forbidden: drafts live as long as the page
  }
}
