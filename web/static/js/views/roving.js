/** Of many alike buttons one takes the Tab; arrows, Home and End lead to the others. */

export class Roving {
  /** @type {HTMLElement | null} */
  #current = null;

  /**
   * @param {HTMLElement} list
   * @param {string} selector
   * @param {() => Element | null | undefined} preferred  The one that takes the Tab while nobody is at any.
   */
  constructor(list, selector, preferred) {
    this.list = list;
    this.preferred = preferred;
    this.selector = selector;
    list.addEventListener("keydown", (event) => this.#pressed(event));
    list.addEventListener("focusin", ({ target }) => target instanceof HTMLElement && target.matches(selector) && this.#turnTo(target));
  }

  /** The buttons are others now: the preferred one takes the Tab, unless someone is at another. */
  settle() {
    if (this.#current?.isConnected && this.#current === document.activeElement) return;
    const preferred = this.preferred() ?? this.#all.at(-1);
    this.#turnTo(preferred instanceof HTMLElement ? preferred : null);
  }

  get #all() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll(this.selector)]);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!target.matches(this.selector)) return;
    const all = this.#all;
    const at = all.indexOf(target);
    const to = { ArrowUp: Math.max(0, at - 1), ArrowDown: Math.min(all.length - 1, at + 1), Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[to].focus();
  }

  /** @param {HTMLElement | null} button */
  #turnTo(button) {
    if (button === this.#current) return;
    this.#current?.setAttribute("tabindex", "-1");
    button?.setAttribute("tabindex", "0");
    this.#current = button;
  }
}
