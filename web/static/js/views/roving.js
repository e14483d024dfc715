/** Of many alike links or buttons, made with a tabindex of -1, one takes the Tab; arrows, Home and End lead to the others. */

export class Roving {
  /** @type {HTMLElement | null} */
  #current = null;
  /** Where the current one stands among all. */
  #at = -1;
  /** Whether someone is at the current one. */
  #held = false;

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
    list.addEventListener("focusin", ({ target }) => target instanceof HTMLElement && target.matches(selector) && this.#turnTo(target, true));
    list.addEventListener("focusout", () => setTimeout(() => this.#left()));
  }

  /** They are others now: the preferred one takes the Tab, unless someone is at another; who was at one that is gone is at its neighbour. */
  settle() {
    const all = this.#all;
    if (this.#current?.isConnected && this.#current === document.activeElement) return void (this.#at = all.indexOf(this.#current));
    if (this.#held && all.length && document.activeElement === document.body) return all[Math.min(this.#at, all.length - 1)].focus({ preventScroll: true });
    const preferred = this.preferred() ?? all.at(-1);
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

  /** A browser says so, too, just before one is taken out of the page. */
  #left() {
    if (this.#current !== document.activeElement) this.#held = false;
  }

  /** @param {HTMLElement | null} button @param {boolean} [held]  Someone is at it. */
  #turnTo(button, held = false) {
    this.#held = held;
    this.#at = button ? this.#all.indexOf(button) : -1;
    if (button === this.#current) return;
    this.#current?.setAttribute("tabindex", "-1");
    button?.setAttribute("tabindex", "0");
    this.#current = button;
  }
}
