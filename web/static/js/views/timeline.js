import { byId } from "../dom.js";
import { t } from "../i18n.js";
import { go } from "../router.js";
import { FloatingDay } from "./floating_day.js";
import { LatestButton } from "./latest_button.js";
import { LineWindow } from "./line_window.js";
import { lineOf, seqOf, signatureOf } from "./line.js";
import { linesOf } from "./lines.js";
import { longPress } from "./press.js";
import { ReadSoFar } from "./read_so_far.js";
import { Roving } from "./roving.js";
import { Scroll } from "./scroll.js";
import { Seeking } from "./seeking.js";
import { TimelineEnds } from "./timeline_ends.js";
import { toast } from "./toasts.js";

/**
 * The timeline of the open conversation.
 *
 * @import { Client } from "../protocol/client.js"
 * @import { Shown } from "./lines.js"
 * @import { Hands } from "./message.js"
 */

/** How long a message that one was led to stands out. */
const STANDS_OUT = 2_000;
/** How often it is looked at what is far from the reader. */
const SETTLES = 300;

export class Timeline {
  #frame = byId("timeline");
  #list = byId("messages");
  /** Whether the open conversation's first page has been shown. */
  #begun = false;
  #opened = "";
  /** @type {Shown[]} */
  #lines = [];
  /** @type {number | undefined} The message that stands out. */
  #led;
  #settling = 0;

  /** @param {Client} client @param {Omit<Hands, "jump">} hands */
  constructor(client, hands) {
    this.client = client;
    this.store = client.store;
    /** @type {Hands} */
    this.hands = { ...hands, jump: (seq) => client.reader.seek(seq) };
    this.scroll = new Scroll(this.#frame, this.#list, () => (this.#moved(), this.day.moved()));
    this.soFar = new ReadSoFar(this.scroll, () => this.#see());
    this.day = new FloatingDay(this.scroll, (seq) => this.#when(seq), () => this.store.now());
    this.window = new LineWindow(this.scroll, {
      signature: (shown) => signatureOf(shown, this.store.now()),
      make: (shown) => lineOf(shown, this.store.now(), this.hands),
      dress: (element, shown) => this.#dress(element, shown),
    });
    this.roving = new Roving(this.#list, ".tool-more", () => this.scroll.lastInSight()?.querySelector(".tool-more"));
    this.ends = new TimelineEnds(client);
    this.seeking = new Seeking(client);
    this.latest = new LatestButton(() => this.#toLatest());
    longPress(this.#frame, ".bubble", (bubble) => this.#pressed(bubble));
    this.#frame.addEventListener("keydown", (event) => this.#key(event), true);
    this.store.subscribe(["pane", "timeline", "place", "pending", "connection"], () => this.render());
    for (const event of ["focus", "visibilitychange"]) window.addEventListener(event, () => this.#see(), true);
    for (const event of ["blur", "visibilitychange", "pagehide"]) window.addEventListener(event, () => this.#rest());
  }

  /** One has just said something: the end is what one wants to see. */
  said() {
    this.client.reader.said();
    this.#toLatest();
  }

  /** Open a conversation at one of its messages, however far back. @param {number} conversation @param {number} seq */
  openAt(conversation, seq) {
    if (this.store.room?.log.id !== conversation) return go({ conversation }, { seq });
    this.store.show("conversation"); // first: what is hidden takes no focus
    this.client.reader.seek(seq);
  }

  render() {
    this.#begin();
    if (this.#begun && !document.hasFocus()) this.client.reader.away();
    const { part } = this.client.reader;
    this.#lines = linesOf(this.store);
    this.scroll.newest = part?.newest ?? true;
    if (!this.scroll.newest) this.scroll.atEnd = false;
    this.scroll.keeping(() => this.ends.render(this.#lines.length));
    this.window.set(this.#lines);
    this.#show();
    this.#lead();
    this.seeking.render();
    this.roving.settle();
    this.#moved();
  }

  /** Another conversation has been opened. */
  #begin() {
    const opened = JSON.stringify(this.store.place);
    if (opened === this.#opened) return;
    this.#rest();
    this.#opened = opened;
    this.#begun = false;
    this.day.hide();
    this.window.clear();
  }

  /** Once its first page is there: at what is new, or at the end. */
  #show() {
    const { reader } = this.client;
    if (this.#begun || !this.#lines.length || (this.store.room && !reader.isThere)) return;
    this.#begun = true;
    this.soFar.begin(this.store.room?.head.read_seq ?? 0);
    if (reader.part?.newest === false || this.window.isAbove("divider")) this.window.lead("divider");
  }

  /** Lead the reader to the message that is sought, once it is there. */
  #lead() {
    const { sought, room } = this.store;
    if (!room || sought?.conversation !== room.log.id || (sought.state !== "here" && sought.state !== "missing")) return;
    const shown = this.#lines.find((one) => seqOf(one) === sought.seq);
    this.client.reader.arrived();
    if (!shown || sought.state === "missing") return toast(t("quote.gone"));
    this.#led = sought.seq;
    const line = this.window.lead(shown.key);
    line?.setAttribute("tabindex", "-1");
    line?.focus({ preventScroll: true });
    setTimeout(() => this.#fade(sought.seq), STANDS_OUT);
  }

  /** @param {number} seq */
  #fade(seq) {
    if (this.#led !== seq) return;
    this.#led = undefined;
    this.#list.querySelector(".stands-out")?.classList.remove("stands-out");
  }

  /** Where a message stands among all, of which only some are in the page. @param {HTMLElement} element @param {Shown} shown */
  #dress(element, shown) {
    const { room } = this.store;
    const seq = seqOf(shown);
    if (!room || seq === undefined) return;
    element.classList.toggle("stands-out", seq === this.#led);
    const { floor } = room.log;
    put(element, "aria-posinset", seq - floor);
    put(element, "aria-setsize", Math.max(seq, room.head.last_seq) - floor);
    if (shown.what === "message" && shown.line.quoted && !shown.line.quoted.message) this.#wantQuoted(shown.line.quoted.seq);
  }

  /** What is answered, and too old to be loaded. @param {number} seq */
  #wantQuoted(seq) {
    const { room, connection } = this.store;
    if (room && connection.phase === "live") this.client.quotes.want(room, seq);
  }

  /** @param {HTMLElement} bubble */
  #pressed(bubble) {
    const button = /** @type {HTMLElement | null | undefined} */ (bubble.closest(".message")?.querySelector(".tool-more"));
    button?.click();
  }

  /** Home and End lead to the ends of the conversation, not of what is loaded. @param {KeyboardEvent} event */
  #key(event) {
    const { room } = this.store;
    const { part } = this.client.reader;
    if (!room || !part || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Home" && (room.log.hasOlder(part) || !this.window.has("first"))) this.client.reader.seek(room.log.floor + 1);
    else if (event.key === "End" && (!part.newest || !this.window.has("last"))) this.#toLatest();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #toLatest() {
    this.client.reader.latest();
    this.scroll.newest = this.scroll.atEnd = true;
    this.render();
    this.scroll.toEnd();
  }

  /** The reader moved, or what is there changed. */
  #moved() {
    this.window.follow();
    const { room } = this.store;
    if (room && this.#begun && room.paging !== "failed") {
      if (this.scroll.wantsOlder) this.client.reader.older();
      if (this.scroll.wantsNewer) this.client.reader.newer();
    }
    this.latest.render(this.scroll.atEnd || !room, room?.head.unread ?? 0);
    this.#see();
    this.#settling ||= window.setTimeout(() => this.#settle(), SETTLES);
  }

  /** @param {number} seq */
  #when(seq) {
    const shown = this.#lines.find((one) => seqOf(one) === seq);
    if (shown?.what === "system") return shown.message.at;
    return shown?.what === "message" ? shown.line.at : undefined;
  }

  /** What is far from the reader is let go. */
  #settle() {
    this.#settling = 0;
    // not before it stands where it opens: what is in sight until then is not what one looks at
    if (!this.#begun) return;
    const from = Number(this.scroll.firstInSight()?.dataset.seq);
    const to = Number(this.scroll.lastInSight()?.dataset.seq);
    if (from <= to) this.client.reader.sees({ from, to });
  }

  /** Messages count as read when they were in sight of someone who is looking; the newest as soon as it is. */
  #see() {
    const { room } = this.store;
    if (!room || !this.#begun || document.visibilityState !== "visible" || !document.hasFocus()) return;
    const seq = this.scroll.atEnd ? this.#newest() : this.soFar.told(room.head.read_seq);
    if (seq !== undefined) this.client.read(seq);
  }

  /** One goes away: what was read of the conversation that is shown is told now or never. */
  #rest() {
    const { conversation } = /** @type {{conversation?: number} | null} */ (JSON.parse(this.#opened || "null")) ?? {};
    const seq = this.soFar.rest();
    if (seq !== undefined && conversation !== undefined) this.client.read(seq, this.store.rooms.get(conversation));
  }

  #newest() {
    const newest = this.#lines.findLast((shown) => seqOf(shown) !== undefined);
    return newest && seqOf(newest);
  }
}

/** @param {Element} element @param {string} name @param {number} value */
function put(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}
