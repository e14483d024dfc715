import { arrange } from "../dom.js";
import { Heights } from "./heights.js";

/**
 * Of all lines of a timeline, only those near the ones in sight are in the page; empty space stands for the others.
 *
 * @import { Shown } from "./lines.js"
 * @import { Scroll } from "./scroll.js"
 *
 * @typedef {object} Drawing
 * @property {(shown: Shown) => string} signature  What decides how a line looks.
 * @property {(shown: Shown) => HTMLElement} make
 * @property {(element: HTMLElement, shown: Shown) => void} dress  What may change without the line being made anew.
 */

/** What is drawn before and after what is in sight: in screens, and at least in pixels. */
const SCREENS = 1.5;
const AT_LEAST = 1_000;
/** Heights are guessed at first: this often the place is looked at again. */
const TRIES = 4;
/** Lines drawn on each side of the one that has the focus, wherever that is. */
const BESIDE = 3;

export class LineWindow {
  /** @type {Shown[]} */
  #lines = [];
  #heights = new Heights();
  /** @type {Map<string, {element: HTMLElement, signature: string}>} What is in the page, by key. */
  #drawn = new Map();
  /** @type {WeakMap<Element, string>} */
  #keys = new WeakMap();
  #first = 0;
  #end = 0;
  #width = 0;
  #sizes = new ResizeObserver((entries) => this.#resized(entries));

  /** @param {Scroll} scroll @param {Drawing} drawing */
  constructor(scroll, drawing) {
    this.frame = scroll.frame;
    this.list = scroll.list;
    this.scroll = scroll;
    this.drawing = drawing;
    this.#sizes.observe(this.frame);
    this.list.addEventListener("focusin", () => this.follow()); // keys may be quicker than frames
  }

  /** Another timeline begins. */
  clear() {
    this.set([]);
    this.#heights.forget();
    this.scroll.toEnd();
  }

  /** These are the lines from now on; the reader's place stays. @param {Shown[]} lines */
  set(lines) {
    const held = this.#held();
    this.#lines = lines;
    this.#heights.set(lines);
    const i = held ? lines.findIndex(({ key }) => key === held.key) : -1;
    this.#draw(held && i >= 0 ? this.#heights.top(i) + held.below : undefined);
  }

  /** The reader moved. */
  follow() {
    if (!this.#isEnough()) this.#draw();
  }

  /** Lead the reader to a line. @param {string} key @returns {HTMLElement | undefined} */
  lead(key) {
    const i = this.#lines.findIndex((shown) => shown.key === key);
    if (i < 0) return undefined;
    this.scroll.atEnd = false;
    for (let tries = 0; tries < 2; tries += 1) {
      this.#put(this.#around(this.#heights.top(i) - this.frame.clientHeight / 3));
      const drawn = this.#drawn.get(key);
      if (drawn) this.scroll.toLine(drawn.element);
    }
    this.follow();
    return this.#drawn.get(key)?.element;
  }

  /** Whether a line is above what is in sight. @param {string} key */
  isAbove(key) {
    const i = this.#lines.findIndex((shown) => shown.key === key);
    return i >= 0 && this.#heights.top(i) < this.#place;
  }

  /** Whether the first or the last line is in the page. @param {"first" | "last"} which */
  has(which) {
    return which === "first" ? this.#first === 0 : this.#end === this.#lines.length;
  }

  /** The line that is looked at, and how far below its beginning the sight begins. */
  #held() {
    const { top, bottom } = this.frame.getBoundingClientRect();
    for (const element of this.list.children) {
      const there = element.getBoundingClientRect();
      if (there.top >= bottom) return null;
      const key = this.#keys.get(element);
      if (there.bottom > top && key !== undefined && element.hasAttribute("data-seq")) return { key, below: top - there.top };
    }
    return null;
  }

  /** Where the sight begins, from where the first line does. */
  get #place() {
    if (this.scroll.atEnd && this.scroll.newest) return this.#heights.total - this.frame.clientHeight;
    const held = this.#held();
    const i = held ? this.#lines.findIndex(({ key }) => key === held.key) : -1;
    if (held && i >= 0) return this.#heights.top(i) + held.below;
    return this.frame.getBoundingClientRect().top - this.list.getBoundingClientRect().top;
  }

  get #margin() {
    return Math.max(AT_LEAST, SCREENS * this.frame.clientHeight);
  }

  /** @param {number} [place]  Where the sight begins, if the page does not show it. */
  #draw(place) {
    const atEnd = this.scroll.atEnd && this.scroll.newest;
    this.#put(this.#around(atEnd || place === undefined ? this.#place : place));
    for (let tries = 1; tries < TRIES && !this.#isEnough(); tries += 1) this.#put(this.#around(this.#place));
  }

  /** The lines to draw when the sight begins here. @param {number} place */
  #around(place) {
    const first = this.#heights.at(place - this.#margin);
    const end = Math.min(this.#lines.length, this.#heights.at(place + this.frame.clientHeight + this.#margin) + 1);
    return { first, end };
  }

  /** Whether what is drawn reaches half as far as it should, or to the ends. */
  #isEnough() {
    const place = this.#place;
    const half = this.#margin / 2;
    const from = Math.max(0, place - half);
    const to = Math.min(this.#heights.total, place + this.frame.clientHeight + half);
    return this.#end <= this.#lines.length && this.#heights.top(this.#first) <= from && this.#heights.top(this.#end) >= to;
  }

  /** Draw these lines, and the one that has the focus with those beside it: arrows lead there. @param {{first: number, end: number}} range */
  #put({ first, end }) {
    const focused = this.#focused();
    const near = focused < 0 ? [] : span(Math.max(0, focused - BESIDE), Math.min(this.#lines.length, focused + BESIDE + 1));
    const indices = [...new Set([...span(first, end), ...near])].sort((a, b) => a - b);
    [this.#first, this.#end] = [first, end];
    this.scroll.keeping(
      () => this.#fill(indices),
      (line) => this.#drawn.get(this.#keys.get(line) ?? "")?.element,
    );
    for (const [key, { element }] of this.#drawn) this.#heights.measure(key, element.getBoundingClientRect().height);
  }

  /** @param {number[]} indices */
  #fill(indices) {
    const before = this.#drawn;
    this.#drawn = new Map(indices.map((i) => [this.#lines[i].key, this.#line(this.#lines[i], before)]));
    for (const { element } of before.values()) if (this.#drawn.get(this.#keys.get(element) ?? "")?.element !== element) this.#sizes.unobserve(element);
    const inside = this.list.contains(document.activeElement);
    arrange(this.list, [...this.#drawn.values()].map(({ element }) => element));
    // what had the focus was let go of: keys still scroll the timeline
    if (inside && !this.list.contains(document.activeElement)) this.frame.focus({ preventScroll: true });
    this.#space(indices);
    indices.forEach((i) => this.drawing.dress(this.#element(i), this.#lines[i]));
  }

  /** @param {Shown} shown @param {Map<string, {element: HTMLElement, signature: string}>} before */
  #line(shown, before) {
    const signature = this.drawing.signature(shown);
    const known = before.get(shown.key);
    if (known?.signature === signature) return known;
    const element = this.drawing.make(shown);
    this.#keys.set(element, shown.key);
    this.#sizes.observe(element);
    if (known) focusAgain(known.element, element);
    return { element, signature };
  }

  /** Leave room for what is not drawn. @param {number[]} indices */
  #space(indices) {
    let reached = 0;
    for (const i of indices) {
      const { style } = this.#element(i);
      style.marginTop = `${this.#heights.top(i) - this.#heights.top(reached)}px`;
      reached = i + 1;
      style.marginBottom = i === indices.at(-1) ? `${this.#heights.total - this.#heights.top(reached)}px` : "";
    }
  }

  /** @param {number} i */
  #element(i) {
    return /** @type {HTMLElement} */ (this.#drawn.get(this.#lines[i].key)?.element);
  }

  /** The line in which the focus is, or -1. */
  #focused() {
    const line = [...this.list.children].find((element) => element.contains(document.activeElement));
    const key = line && this.#keys.get(line);
    return key === undefined ? -1 : this.#lines.findIndex((shown) => shown.key === key);
  }

  /** @param {ResizeObserverEntry[]} entries */
  #resized(entries) {
    const width = this.frame.clientWidth;
    if (width !== this.#width) this.#heights.forget();
    this.#width = width;
    for (const { target } of entries) {
      const key = this.#keys.get(target);
      if (key !== undefined) this.#heights.measure(key, target.getBoundingClientRect().height);
    }
    this.scroll.hold();
    requestAnimationFrame(() => this.follow());
  }
}

/** The numbers from the first to the one before the end. @param {number} first @param {number} end */
function span(first, end) {
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
}

/**
 * A line is made anew while someone is at it: they are at the same place of the new one.
 *
 * @param {HTMLElement} before
 * @param {HTMLElement} after
 */
function focusAgain(before, after) {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !before.contains(focused)) return;
  const { control } = focused.dataset;
  queueMicrotask(() => {
    if (focused === before) after.setAttribute("tabindex", "-1");
    const again = focused === before ? after : [...after.querySelectorAll("[data-control]")].find((one) => one instanceof HTMLElement && one.dataset.control === control);
    if (again instanceof HTMLElement) again.focus({ preventScroll: true });
  });
}
