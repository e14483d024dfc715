import { byId, h } from "../dom.js";
import { t } from "../i18n.js";

/**
 * What is said while a message that one wants to be led to is not there yet: that it is coming, or that it cannot now.
 *
 * @import { Client } from "../protocol/client.js"
 */

/** What comes sooner needs no words. */
const SOON = 300;

export class Seeking {
  #place = byId("seeking");
  /** @type {"" | "coming" | "away" | "refused"} */
  #said = "";
  #waiting = 0;

  /** @param {Client} client */
  constructor(client) {
    this.client = client;
    this.store = client.store;
  }

  render() {
    const words = this.#words();
    if (words && !this.#said) return void (this.#waiting ||= window.setTimeout(() => this.#say(this.#words()), SOON));
    this.#say(words);
  }

  #words() {
    const { sought, room, connection } = this.store;
    if (!room || sought?.conversation !== room.log.id) return "";
    if (sought.state === "coming") return this.client.reader.part ? "coming" : "";
    if (sought.state !== "asked") return "";
    if (connection.phase === "live") return "refused";
    // each try to connect is no news to who has read that there is no connection
    return connection.phase === "connecting" && this.#said !== "away" ? "coming" : "away";
  }

  /** @param {"" | "coming" | "away" | "refused"} words */
  #say(words) {
    clearTimeout(this.#waiting);
    this.#waiting = 0;
    if (words === this.#said) return;
    const leaves = this.#place.contains(document.activeElement);
    this.#said = words;
    this.#place.replaceChildren(...(words ? [this.#note(words)] : []));
    if (leaves) byId("timeline").focus({ preventScroll: true });
  }

  /** @param {"coming" | "away" | "refused"} words */
  #note(words) {
    const again = words === "refused" && button(t("timeline.again"), () => this.client.reader.load());
    const stay = words !== "coming" && button(t("seek.stay"), () => this.#stay());
    return h("div", { class: "seeking-note" }, h("span", {}, t(`seek.${words}`)), again, stay);
  }

  #stay() {
    this.client.reader.arrived();
    this.render();
  }
}

/** @param {string} label @param {() => void} onclick */
function button(label, onclick) {
  return h("button", { type: "button", class: "button quiet small", onclick }, label);
}
