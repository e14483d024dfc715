import { byId } from "../dom.js";
import { dayName } from "../time.js";

/**
 * The day of what stands at the top, shown over the timeline while one scrolls through it.
 *
 * Only for the eye: the days are lines of the timeline, and a screen reader meets those.
 *
 * @import { Scroll } from "./scroll.js"
 */

/** How long after the last move it stays. */
const RESTS = 1_500;
/** A line of a day this far below the top says the same. */
const SAYS = 48;

export class FloatingDay {
  #chip = byId("floating-day");
  #resting = 0;

  /**
   * @param {Scroll} scroll
   * @param {(seq: number) => number | undefined} at  When the message with this place was said.
   * @param {() => number} now
   */
  constructor(scroll, at, now) {
    this.scroll = scroll;
    this.at = at;
    this.now = now;
  }

  /** The reader has scrolled. */
  moved() {
    const first = this.scroll.atEnd ? undefined : this.scroll.firstInSight();
    const at = first && this.at(Number(first.dataset.seq));
    if (!first || at === undefined || this.#isSaid(first)) return this.hide();
    this.#chip.textContent = dayName(at, this.now());
    this.#chip.hidden = false;
    clearTimeout(this.#resting);
    this.#resting = window.setTimeout(() => this.hide(), RESTS);
  }

  hide() {
    clearTimeout(this.#resting);
    this.#chip.hidden = true;
  }

  /** Whether the line of that day is in sight, or another line stands where the chip would. @param {Element} first */
  #isSaid(first) {
    const { top } = this.scroll.frame.getBoundingClientRect();
    const begins = first.getBoundingClientRect().top;
    return [...this.scroll.list.querySelectorAll(":scope > :is(.day, .divider)")].some((line) => {
      const there = line.getBoundingClientRect();
      return there.bottom > top && (there.top < begins || there.top < top + SAYS);
    });
  }
}
