/** The scroll position of a timeline: it stays at the newest, or where the reader is. */

/** This close to the end counts as there. */
const NEAR_END = 60;
/** This close to the beginning, older messages are wanted. */
const NEAR_START = 700;

export class Scroll {
  #atEnd = true;

  /**
   * @param {HTMLElement} frame  What scrolls.
   * @param {HTMLElement} list  The lines in it.
   * @param {() => void} onMove
   */
  constructor(frame, list, onMove) {
    this.frame = frame;
    this.list = list;
    frame.addEventListener("scroll", () => {
      this.#look();
      onMove();
    });
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(frame);
  }

  get atEnd() {
    return this.#atEnd;
  }

  get wantsOlder() {
    return this.frame.scrollTop < NEAR_START;
  }

  toEnd() {
    this.#atEnd = true;
    this.frame.scrollTop = this.frame.scrollHeight;
  }

  /** Show this line a third of the way down. @param {HTMLElement} line */
  toLine(line) {
    const { top } = line.getBoundingClientRect();
    this.frame.scrollTop += top - this.frame.getBoundingClientRect().top - this.frame.clientHeight / 3;
    this.#look();
  }

  /**
   * Change the lines; the reader's place stays.
   *
   * @param {() => void} change
   */
  keeping(change) {
    const anchor = this.#anchor();
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (this.#atEnd) this.toEnd();
    else if (anchor?.isConnected) this.frame.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  /** The first message that is in sight. */
  #anchor() {
    const top = this.frame.getBoundingClientRect().top;
    return [...this.list.querySelectorAll("[data-seq]")].find((line) => line.getBoundingClientRect().bottom > top);
  }

  #look() {
    const { scrollHeight, scrollTop, clientHeight } = this.frame;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
  }
}
