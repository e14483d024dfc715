import { arrange, byId, h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { dayName } from "../time.js";
import { linesOf } from "./lines.js";
import { messageLine, systemLine } from "./message.js";
import { longPress } from "./press.js";
import { signatureOfQuote } from "./quote.js";
import { Roving } from "./roving.js";
import { Scroll } from "./scroll.js";
import { toast } from "./toasts.js";
import { upTo99 } from "./words.js";

/**
 * The timeline of the open conversation.
 *
 * @import { Client } from "../protocol/client.js"
 * @import { Shown } from "./lines.js"
 * @import { Hands } from "./message.js"
 */

/** How long a message that one was led to stands out. */
const STANDS_OUT = 2_000;

export class Timeline {
  #list = byId("messages");
  #top = byId("timeline-top");
  #latest = byId("to-latest");
  /** @type {Map<string, {element: HTMLElement, signature: string}>} */
  #known = new Map();
  /** @type {number | null} */
  #divider = null;
  /** Whether the open conversation's first page has been shown. */
  #begun = false;
  #opened = "";

  #roving = new Roving(this.#list, ".tool-more");

  /** @param {Client} client @param {Omit<Hands, "jump">} hands */
  constructor(client, hands) {
    this.client = client;
    this.store = client.store;
    /** @type {Hands} */
    this.hands = { ...hands, jump: (seq) => this.jump(seq) };
    this.scroll = new Scroll(byId("timeline"), this.#list, () => this.#moved());
    longPress(byId("timeline"), ".bubble", (bubble) => this.#pressed(bubble));
    this.#latest.addEventListener("click", () => this.scroll.toEnd());
    this.store.subscribe(["timeline", "place", "pending", "connection"], () => this.render());
    for (const event of ["focus", "visibilitychange"]) window.addEventListener(event, () => this.#see(), true);
  }

  /** One has just said something: the end is what one wants to see. */
  said() {
    this.#divider = null;
    this.scroll.toEnd();
  }

  /** Lead the reader to a message, however far back. @param {number} seq */
  async jump(seq) {
    const room = this.store.room;
    const there = room && (await this.client.history.backTo(room, seq));
    if (room !== this.store.room) return;
    this.render();
    const line = /** @type {HTMLElement | null} */ (this.#list.querySelector(`[data-seq="${seq}"]`));
    if (!there || !line) return toast(t("quote.gone"));
    this.scroll.toLine(line);
    line.setAttribute("tabindex", "-1");
    line.focus({ preventScroll: true });
    line.classList.add("stands-out");
    setTimeout(() => line.classList.remove("stands-out"), STANDS_OUT);
  }

  /** @param {HTMLElement} bubble */
  #pressed(bubble) {
    const button = /** @type {HTMLElement | null | undefined} */ (bubble.closest(".message")?.querySelector(".tool-more"));
    button?.click();
  }

  render() {
    this.#begin();
    const away = !document.hasFocus() && this.#begun && this.#divider === null;
    if (away && this.store.room?.head.unread) this.#divider = this.store.room.head.read_seq;
    const lines = linesOf(this.store, this.#divider);
    this.scroll.keeping(() => {
      arrange(this.#list, lines.map((shown) => this.#element(shown)));
      this.#renderTop(lines.length);
    });
    this.#forget(lines);
    this.#roving.settle();
    this.#wantQuoted(lines);
    this.#show(lines.length);
    this.#moved();
  }

  /** Another conversation has been opened. */
  #begin() {
    const opened = JSON.stringify(this.store.place);
    if (opened === this.#opened) return;
    this.#opened = opened;
    this.#begun = false;
    this.#known.clear();
    this.#list.replaceChildren();
    const head = this.store.room?.head;
    this.#divider = head?.unread ? head.read_seq : null;
    this.scroll.toEnd();
  }

  /** Once its first page is there: at what is new, or at the end. @param {number} lines */
  #show(lines) {
    if (this.#begun || !lines || this.store.room?.log.start === null) return;
    this.#begun = true;
    this.scroll.toEnd();
    const divider = this.#known.get("divider")?.element;
    if (divider && divider.getBoundingClientRect().top < byId("timeline").getBoundingClientRect().top) this.scroll.toLine(divider);
  }

  /** @param {Shown} shown */
  #element(shown) {
    const signature = signatureOf(shown, this.store.now());
    const known = this.#known.get(shown.key);
    if (known?.signature === signature) return known.element;
    const element = this.#made(shown);
    this.#known.set(shown.key, { element, signature });
    if (known) focusAgain(known.element, element);
    return element;
  }

  /** What is answered, and too old to be loaded. @param {Shown[]} lines */
  #wantQuoted(lines) {
    const room = this.store.room;
    if (!room || this.store.connection.phase !== "live") return;
    for (const shown of lines) if (shown.what === "message" && shown.line.quoted && !shown.line.quoted.message) this.client.quotes.want(room, shown.line.quoted.seq);
  }

  /** @param {Shown} shown */
  #made(shown) {
    if (shown.what === "day") return h("li", { class: "day" }, h("span", {}, dayName(shown.at, this.store.now())));
    if (shown.what === "divider") return h("li", { class: "divider" }, t("timeline.new"));
    if (shown.what === "system") return systemLine(shown.message, this.store.me.id);
    return messageLine(shown.line, this.hands);
  }

  /** @param {Shown[]} lines */
  #forget(lines) {
    const keys = new Set(lines.map((line) => line.key));
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
  }

  /** What stands above the first message. @param {number} lines */
  #renderTop(lines) {
    const room = this.store.room;
    const fresh = this.store.place && "to" in this.store.place && !room;
    const failed = room?.paging === "failed";
    const loading = room && (room.log.start === null || room.paging === "older");
    const words = !lines && (fresh || (room && !loading)) ? t("timeline.empty") : loading ? t("timeline.loading") : "";
    this.#top.classList.toggle("empty", !lines && Boolean(room || fresh));
    if (failed) this.#top.replaceChildren(t("timeline.failed"), this.#again());
    else this.#top.textContent = words || (room && !room.log.older && lines ? t("timeline.beginning") : "");
  }

  #again() {
    const again = () => (this.client.load(), this.client.loadOlder());
    return h("button", { type: "button", class: "button quiet small", onclick: again }, t("timeline.again"));
  }

  /** The reader moved, or what is there changed. */
  #moved() {
    const room = this.store.room;
    if (room && this.#begun && this.scroll.wantsOlder && room.paging !== "failed") this.client.loadOlder();
    const unread = room?.head.unread ?? 0;
    this.#latest.hidden = this.scroll.atEnd || !room;
    const count = unread ? h("span", { class: "badge" }, upTo99(unread)) : "";
    const words = h("span", { class: unread ? "" : "visually-hidden" }, t("timeline.to_latest"));
    this.#latest.replaceChildren(icon("down"), words, count);
    this.#see();
  }

  /** The newest message counts as read when it is in sight of someone who is looking. */
  #see() {
    const log = this.store.room?.log;
    if (!log || !this.#begun || !this.scroll.atEnd) return;
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const newest = log.shown().at(-1);
    if (newest) this.client.read(newest.seq);
  }
}

/**
 * A line is made anew while someone is at one of its buttons: they are at the same button of the new one.
 *
 * @param {HTMLElement} before
 * @param {HTMLElement} after
 */
function focusAgain(before, after) {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !before.contains(focused) || !focused.dataset.control) return;
  queueMicrotask(() => {
    const control = [...after.querySelectorAll("[data-control]")].find((one) => one instanceof HTMLElement && one.dataset.control === focused.dataset.control);
    if (control instanceof HTMLElement) control.focus({ preventScroll: true });
  });
}

/** What decides how a line looks. @param {Shown} shown @param {number} now */
function signatureOf(shown, now) {
  if (shown.what === "day") return dayName(shown.at, now);
  if (shown.what === "divider") return "";
  if (shown.what === "system") return String(shown.message.seq);
  const { first, state, seq, text, edited, recalled, read, problem, named, conversation, sender, reactions, names, client_id } = shown.line;
  const looks = [first, state, seq, text, edited, recalled, read, problem, named, conversation, sender.display_name];
  return JSON.stringify([...looks, reactions, names, client_id, signatureOfQuote(shown.line.quoted)]);
}
