import { byId } from "../dom.js";
import { t } from "../i18n.js";
import { hindrance } from "../protocol/rights.js";
import { momentOf } from "../time.js";

/**
 * Where the composer would be, why one may not write here; it comes back by itself when a silence ends.
 *
 * @import { Store } from "../store.js"
 * @import { Hindrance } from "../protocol/rights.js"
 */

/** Timers cannot wait longer than this. */
const LONGEST = 2 ** 31 - 1;

/** @param {Store} store */
export function writingRights(store) {
  const note = byId("composer-rights");
  const form = byId("composer");
  const text = /** @type {HTMLTextAreaElement} */ (byId("composer-text"));
  /** @type {number | undefined} */
  let timer;

  function render() {
    const found = hindrance(store.room?.head, store.now());
    const words = found ? hindranceWords(found, store.now()) : "";
    if (note.textContent !== words) note.textContent = words;
    note.hidden = !words;
    form.classList.toggle("closed", found !== null);
    text.disabled = found !== null;
    window.clearTimeout(timer);
    if (found?.why === "silenced" && found.until) timer = window.setTimeout(render, Math.min(LONGEST, found.until - store.now() + 50));
  }

  store.subscribe(["place", "rooms"], render);
}

/** @param {Hindrance} found @param {number} now */
export function hindranceWords(found, now) {
  if (found.why === "announcement_only") return t("composer.announcement_only");
  return found.until ? t("composer.silenced_until", { time: momentOf(found.until, now) }) : t("composer.silenced");
}
