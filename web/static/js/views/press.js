/** A finger that stays on something for a while. */

const LONG = 450;
/** Further than this, it scrolls or selects. */
const STILL = 10;

/**
 * @param {HTMLElement} within
 * @param {string} selector  What may be pressed.
 * @param {(pressed: HTMLElement) => void} onPress
 */
export function longPress(within, selector, onPress) {
  let timer = 0;
  let from = { x: 0, y: 0 };
  const give = () => clearTimeout(timer);

  within.addEventListener("pointerdown", (event) => {
    give();
    const target = /** @type {Element} */ (event.target);
    const pressed = target.closest("a, button") ? null : target.closest(selector);
    if (event.pointerType !== "touch" || !(pressed instanceof HTMLElement)) return;
    from = { x: event.clientX, y: event.clientY };
    timer = window.setTimeout(() => onPress(pressed), LONG);
  });
  within.addEventListener("pointermove", ({ clientX, clientY }) => Math.hypot(clientX - from.x, clientY - from.y) > STILL && give());
  for (const end of ["pointerup", "pointercancel"]) within.addEventListener(end, give);
  within.addEventListener("scroll", give, { passive: true });
}
