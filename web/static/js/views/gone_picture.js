import { h } from "../dom.js";

/**
 * Pictures whose file went while they were in a page: words stand there instead of the browser's mark.
 */

/** What the server answers for a file that is not there, or no longer for us. */
const GONE = [403, 404, 410];

/**
 * Run `gone` when the picture cannot be shown because its file went; without a network it is tried again with it.
 *
 * @param {HTMLImageElement} image
 * @param {() => void} gone
 */
export function whenGone(image, gone) {
  image.addEventListener("error", async () => {
    const { src } = image;
    const status = await statusOf(src);
    if (image.src !== src) return;
    if (GONE.includes(status)) gone();
    else if (!status) window.addEventListener("online", () => image.src === src && (image.src = src), { once: true });
  });
}

/** Zero without an answer. @param {string} src */
function statusOf(src) {
  return fetch(src, { cache: "no-store" }).then(({ status, body }) => (body?.cancel(), status), () => 0);
}

/** @param {string} words @param {string} [look] */
export function goneNote(words, look = "") {
  return h("p", { class: `picture-gone ${look}` }, words);
}
