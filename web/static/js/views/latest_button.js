import { byId, h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { upTo99 } from "./words.js";

/** The button that leads back to the newest message, with how many are unread. */
export class LatestButton {
  #button = byId("to-latest");
  /** @type {number | null} */
  #unread = null;

  /** @param {() => void} run */
  constructor(run) {
    this.#button.addEventListener("click", run);
  }

  /** @param {boolean} hidden @param {number} unread */
  render(hidden, unread) {
    this.#button.hidden = hidden;
    if (unread === this.#unread) return;
    this.#unread = unread;
    const count = unread ? h("span", { class: "badge" }, upTo99(unread)) : "";
    const words = h("span", { class: unread ? "" : "visually-hidden" }, t("timeline.to_latest"));
    this.#button.replaceChildren(icon("down"), words, count);
  }
}
