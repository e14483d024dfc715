import { Refused } from "../api.js";
import { h } from "../dom.js";
import { refusal, t } from "../i18n.js";
import { openDialog } from "./dialog.js";
import { toast } from "./toasts.js";

/**
 * Links that save something: the server is asked first whether it gives it.
 *
 * A browser says nothing of a download that was refused, or shows the answer as it
 * is. What is given is still the browser's own download: it goes to the disk as it
 * comes, however large it is.
 */

/** Links that are being asked for, and those to follow without asking again. */
const asking = new WeakSet();
const granted = new WeakSet();

/** For every link of the page, wherever it is made. */
export function askBeforeDownloads() {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[download]") : null;
    if (!(link instanceof HTMLAnchorElement) || granted.has(link) || !isPlain(event)) return;
    event.preventDefault();
    ask(link);
  });
}

/** Whether it is for the page to decide what happens. @param {MouseEvent} event */
function isPlain(event) {
  return !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

/** Once at a time. @param {HTMLAnchorElement} link */
async function ask(link) {
  if (asking.has(link)) return;
  asking.add(link);
  const problem = await problemWith(link.href);
  asking.delete(link);
  if (problem) tell(link, refusal(problem));
  else follow(link);
}

/** The answer to a `HEAD` has no body: its headers say why. @param {string} address */
async function problemWith(address) {
  const response = await fetch(address, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (response?.ok) return null;
  const said = (/** @type {string} */ name) => response?.headers.get(name) ?? undefined;
  return new Refused(response?.status ?? 0, { code: said("X-Error-Code"), reason: said("X-Error-Reason") });
}

/** @param {HTMLAnchorElement} link */
function follow(link) {
  granted.add(link);
  link.click();
  granted.delete(link);
}

/** A note at the bottom; over a dialog, which would cover it, in another one. @param {Element} link @param {string} words */
function tell(link, words) {
  if (link.closest("dialog")) openDialog(t("file.refused"), [h("p", { role: "alert" }, words)]);
  else toast(words);
}
