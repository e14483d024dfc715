import { byId, h } from "../dom.js";
import { Drafts } from "../drafts.js";
import { t } from "../i18n.js";
import { composerBar } from "./composer_bar.js";
import { attempt, errorLine } from "./dialog.js";
import { toast } from "./toasts.js";

/**
 * Where a message is written: Enter sends, Shift+Enter breaks the line, a draft is kept for each conversation.
 *
 * @import { Client } from "../protocol/client.js"
 * @import { Message } from "../protocol/types.js"
 * @import { Place } from "../store.js"
 * @import { About } from "./composer_bar.js"
 * @import { Tray } from "./tray.js"
 */

/** From this share of the limit on, what is left is counted. */
const NEARLY = 0.9;

export class Composer {
  #form = /** @type {HTMLFormElement} */ (byId("composer"));
  #text = /** @type {HTMLTextAreaElement} */ (byId("composer-text"));
  #button = /** @type {HTMLButtonElement} */ (byId("composer-send"));
  #count = byId("composer-count");
  #note = byId("composer-note");
  #bar = byId("composer-about");
  #place = "";
  /** Which conversation the composer was last shown for. */
  #shown = "";
  /** @type {Map<string, About>} Which message is answered or edited, by place. */
  #abouts = new Map();
  /** @type {Map<string, string>} Edits that were begun, by place and message. */
  #edits = new Map();

  /**
   * @param {Client} client
   * @param {{unblock: (username: string) => Promise<unknown>, said: () => void, tray: Tray}} actions
   */
  constructor(client, actions) {
    this.client = client;
    this.store = client.store;
    this.actions = actions;
    this.drafts = new Drafts(this.store.me.id);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#pressed(event));
    this.store.subscribe(["place", "rooms", "contacts"], () => this.#opened());
    this.store.subscribe(["timeline"], () => this.#renderBar());
  }

  /** Answer this message. @param {Pick<Message, "conversation" | "seq">} message */
  reply({ conversation, seq }) {
    this.#turnTo({ what: "reply", conversation, seq });
  }

  /** Give this message, one's own, another text. @param {Pick<Message, "conversation" | "seq" | "text">} message */
  edit({ conversation, seq, text }) {
    if (this.#about?.what === "edit" && this.#about.seq === seq) return this.#text.focus();
    const slot = `${this.#place} ${seq}`;
    if (!this.#edits.get(slot)) this.#edits.set(slot, text);
    this.#turnTo({ what: "edit", conversation, seq });
  }

  get #about() {
    return this.#abouts.get(this.#place);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) this.#send();
    else if (event.key === "Escape" && this.#about) this.#turnTo(null);
    else if (event.key !== "ArrowUp" || this.#text.value || this.#about || !this.#editLast()) return;
    event.preventDefault();
  }

  /** The last message of one's own, if there is one. */
  #editLast() {
    const me = this.store.me.id;
    const own = this.store.room?.log.shown().filter(({ sender, kind, recalled }) => sender.id === me && kind !== "system" && !recalled);
    const last = own?.at(-1);
    if (last) this.edit(last);
    return last !== undefined;
  }

  #send() {
    const place = this.store.place;
    const text = clean(this.#text.value);
    const about = this.#about;
    const files = about?.what === "edit" ? [] : this.actions.tray.files;
    if (place && !files) return toast(t(this.actions.tray.obstacle));
    if (!place || !files || !this.#says(text, files.length) || !this.#fits(text)) return;
    this.#text.value = "";
    this.#typed();
    this.#turnTo(null);
    if (about?.what === "edit") return this.#alter(about, text);
    this.client.outbox.add(place, text, { reply_to: about?.seq, files: files.length ? files : undefined });
    this.actions.tray.sent();
    this.actions.said();
  }

  /** @param {About} about @param {string} text */
  #alter({ conversation, seq }, text) {
    if (text !== this.store.rooms.get(conversation)?.log.messages.get(seq)?.text) this.client.alterations.edit({ conversation, seq }, text);
  }

  /** Whether it is a message: of one with files the words may go. @param {string} text @param {number} files */
  #says(text, files) {
    const about = this.#about;
    return text !== "" || files > 0 || (about?.what === "edit" && Boolean(this.store.room?.log.messages.get(about.seq)?.files?.length));
  }

  /** @param {string} text */
  #fits(text) {
    return [...text].length <= this.store.limits.text_characters;
  }

  /** What is to be said, or goes with it, has changed. */
  changed() {
    this.#measure();
  }

  #typed() {
    this.#measure();
    this.#grow();
    this.#keep();
  }

  #measure() {
    const text = clean(this.#text.value);
    const { text_characters: most } = this.store.limits;
    const length = text.length < most * NEARLY ? 0 : [...text].length;
    const files = this.#about?.what === "edit" ? [] : this.actions.tray.files;
    this.#button.disabled = !files || !this.#says(text, files.length) || length > most;
    this.#count.hidden = length < most * NEARLY;
    this.#count.classList.toggle("over", length > most);
    if (!this.#count.hidden) this.#count.textContent = t("composer.count", { count: length, most });
  }

  #grow() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
  }

  #keep() {
    const about = this.#about;
    if (about?.what === "edit") this.#edits.set(`${this.#place} ${about.seq}`, this.#text.value);
    else this.drafts.put(this.#place, this.#text.value);
  }

  /** Begin to answer or edit, or with null no longer; what was typed before comes back then. @param {About | null} about */
  #turnTo(about) {
    const before = this.#about;
    if (before?.what === "edit") this.#edits.delete(`${this.#place} ${before.seq}`);
    if (about) this.#abouts.set(this.#place, about);
    else this.#abouts.delete(this.#place);
    this.#fill();
    this.#text.focus();
  }

  /** What was typed here before. */
  #fill() {
    const about = this.#about;
    const text = about?.what === "edit" ? this.#edits.get(`${this.#place} ${about.seq}`) : this.drafts.get(this.#place);
    if (this.#text.value !== (text ?? "")) this.#text.value = text ?? "";
    this.#renderBar();
    this.#typed();
  }

  /** Another conversation may be open, or its other side blocked. */
  #opened() {
    const { place, room } = this.store;
    const key = keyOf(place, room?.head.peer?.username);
    if (key !== this.#place) {
      this.#place = key;
      this.actions.tray.turnTo(key);
      this.#fill();
    }
    const shown = room || (place && "to" in place) ? key : "";
    // A conversation that a list has yet to tell of is not there to be written in.
    if (shown !== this.#shown && shown && window.matchMedia("(hover: hover)").matches) this.#text.focus();
    this.#shown = shown;
    this.#renderNote();
  }

  #renderBar() {
    const about = this.#about;
    const message = about && this.store.room?.log.messages.get(about.seq);
    if (about?.what === "edit" && message?.recalled) {
      toast(t("reason.recalled"));
      return this.#turnTo(null);
    }
    this.#bar.hidden = !about;
    const signature = about ? JSON.stringify([about, message?.text, message?.recalled]) : "";
    if (signature === this.#bar.dataset.shown) return;
    this.#bar.dataset.shown = signature;
    this.#bar.replaceChildren(...(about ? composerBar(about, message, this.store.me.id, () => this.#turnTo(null)) : []));
  }

  #renderNote() {
    const { place, room } = this.store;
    const username = room?.head.peer?.username ?? (place && "to" in place ? place.to : "");
    const blocked = this.store.contacts.get(username)?.state === "blocked";
    const deleted = Boolean(room?.head.peer?.deleted);
    this.#form.toggleAttribute("data-closed", deleted);
    this.#note.hidden = !blocked && !deleted;
    if (deleted) return this.#note.replaceChildren(t("composer.deleted"));
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
