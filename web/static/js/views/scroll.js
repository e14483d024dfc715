/**
 * The scroll position of a timeline: at the newest, or where the reader is. There it stays, whatever comes, goes or
 * grows above.
 */

/** This close to the end counts as there. */
const NEAR_END = 60;
/** This close to where what is loaded ends, more is wanted; in screens, and at least in pixels. */
const WANTING = 2;
const WANTING_AT_LEAST = 1_000;

export class Scroll {
  /** Whether the reader is at the end, and stays there when it moves. */
  atEnd = true;
  /** Whether what is shown ends with the newest message. */
  newest = true;
  /** @type {{line: Element, at: number, edge: "top" | "bottom"} | null} */
  #anchor = null;

  /**
   * @param {HTMLElement} frame  What scrolls.
   * @param {HTMLElement} list  The lines in it.
   * @param {() => void} onMove
   */
  constructor(frame, list, onMove) {
    this.frame = frame;
    this.list = list;
    frame.addEventListener("scroll", () => {
      this.look();
      onMove();
    });
  }

  get wantsOlder() {
    return this.frame.scrollTop < this.#near;
  }

  get wantsNewer() {
    return this.#below < this.#near;
  }

  toEnd() {
    this.atEnd = true;
    this.frame.scrollTop = this.frame.scrollHeight;
  }

  /** Show this line a third of the way down. @param {HTMLElement} line */
  toLine(line) {
    this.frame.scrollTop = this.#place(line, "top") - Math.max(0, this.frame.clientHeight / 3);
    this.look();
  }

  /** Change what is there; the reader's place stays. @param {() => void} change @param {(line: Element) => Element | undefined} [again]  The line that replaced one. */
  keeping(change, again = (line) => line) {
    this.note();
    change();
    const anchor = this.#anchor;
    const line = anchor && again(anchor.line);
    this.#anchor = anchor && line ? { ...anchor, line } : null;
    this.hold();
  }

  /** What is there has changed by itself: the reader's place stays. */
  hold() {
    if (this.atEnd && this.newest) return this.toEnd();
    const anchor = this.#anchor;
    if (!anchor?.line.isConnected) return this.note();
    const moved = this.#place(anchor.line, anchor.edge) - anchor.at;
    if (Math.abs(moved) >= 0.5) this.frame.scrollTop += moved;
    this.note();
  }

  /** Remember what the reader looks at. */
  note() {
    const { top, bottom } = this.frame.getBoundingClientRect();
    const line = this.firstInSight(top);
    /** @type {"top" | "bottom"} What stands below a line stays when the line itself changes; one without end is held by its top. */
    const edge = line && line.getBoundingClientRect().bottom > bottom ? "top" : "bottom";
    this.#anchor = line ? { line, edge, at: this.#place(line, edge) } : null;
  }

  /** The first message in sight. */
  firstInSight(top = this.frame.getBoundingClientRect().top) {
    return this.#messages.find((line) => line.getBoundingClientRect().bottom > top + 1);
  }

  /** The last one. */
  lastInSight() {
    const { bottom } = this.frame.getBoundingClientRect();
    return this.#messages.findLast((line) => line.getBoundingClientRect().top < bottom - 1);
  }

  look() {
    this.atEnd = this.newest && this.#below < NEAR_END;
    this.note();
  }

  get #messages() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll(":scope > [data-seq]")]);
  }

  get #below() {
    const { scrollHeight, scrollTop, clientHeight } = this.frame;
    return scrollHeight - scrollTop - clientHeight;
  }

  get #near() {
    return Math.max(WANTING_AT_LEAST, WANTING * this.frame.clientHeight);
  }

  /** Where an edge of a line is, from the beginning of what scrolls. @param {Element} line @param {"top" | "bottom"} edge */
  #place(line, edge) {
    return line.getBoundingClientRect()[edge] - this.frame.getBoundingClientRect().top + this.frame.scrollTop;
  }
}
