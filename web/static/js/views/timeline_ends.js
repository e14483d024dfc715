import { byId, h } from "../dom.js";
import { t } from "../i18n.js";

/**
 * What stands above the first line of a timeline and below the last one: that more is coming, that there is nothing
 * more, or that it could not be loaded.
 *
 * @import { Client } from "../protocol/client.js"
 */

export class TimelineEnds {
  #top = byId("timeline-top");
  #bottom = byId("timeline-bottom");
  #shown = "";

  /** @param {Client} client */
  constructor(client) {
    this.client = client;
    this.store = client.store;
  }

  /** @param {number} lines  How many lines stand between. */
  render(lines) {
    const { room, place } = this.store;
    const open = Boolean(room || (place && "to" in place));
    const part = this.client.reader.part;
    const top = this.#words(lines, open);
    const bottom = !part || part.newest ? "" : this.#failed(() => this.client.reader.newer()) || t("timeline.loading");
    const signature = JSON.stringify([!lines && open, top && String(top), bottom && String(bottom), Boolean(part?.newest ?? true)]);
    if (signature === this.#shown) return;
    this.#shown = signature;
    this.#top.classList.toggle("empty", !lines && open);
    this.#top.replaceChildren(...[top].flat());
    this.#bottom.hidden = part?.newest ?? true;
    this.#bottom.replaceChildren(...[bottom].flat());
  }

  /** @param {number} lines @param {boolean} open */
  #words(lines, open) {
    const { room } = this.store;
    const part = this.client.reader.part;
    const again = () => (this.client.reader.load(), this.client.reader.older());
    const failed = this.#failed(again);
    if (failed) return failed;
    if (room && (!part || room.paging === "older")) return t("timeline.loading");
    if (!lines) return open ? t("timeline.empty") : "";
    return room && part && !room.log.hasOlder(part) ? t("timeline.beginning") : "";
  }

  /** @param {() => void} again @returns {(string | HTMLElement)[] | undefined} */
  #failed(again) {
    if (this.store.room?.paging !== "failed") return undefined;
    return [t("timeline.failed"), h("button", { type: "button", class: "button quiet small", onclick: again }, t("timeline.again"))];
  }
}
