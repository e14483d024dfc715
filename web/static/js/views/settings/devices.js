import { h } from "../../dom.js";
import { refusal, t } from "../../i18n.js";
import { fullTime } from "../../time.js";
import { actionButton, errorLine } from "../dialog.js";
import { section } from "./section.js";

/**
 * Where one is signed in, with a way to end each but this one.
 *
 * @import { Api, Device } from "../../api.js"
 */

/** A browser calls itself by several names; the first of these that it has is its own. */
const BROWSERS = ["Edg", "OPR", "SamsungBrowser", "Firefox", "Chrome", "Safari"];
const SYSTEMS = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"];

/** @param {Api} api */
export function devicesSection(api) {
  const devices = new Devices(api);
  const part = section("devices", h("p", { class: "field-hint" }, t("settings.devices_hint")), devices.list, devices.error);
  devices.title = /** @type {HTMLElement} */ (part.querySelector("h2"));
  devices.load();
  return { part, load: () => devices.load() };
}

/** The list of them. */
class Devices {
  error = errorLine();
  list = h("ul", { "aria-live": "polite" }, h("li", { class: "note" }, t("timeline.loading")));
  /** @type {HTMLElement | undefined} Takes the focus of a button that goes. */
  title;
  #again = h("button", { type: "button", class: "button quiet small", onclick: () => this.#reload() }, t("timeline.again"));

  /** @param {Api} api */
  constructor(api) {
    this.api = api;
  }

  load() {
    this.error.textContent = "";
    this.api.sessions().then(
      (all) => this.list.replaceChildren(...all.map((device) => this.#row(device))),
      (problem) => {
        this.error.textContent = refusal(problem);
        this.list.replaceChildren(h("li", {}, this.#again));
      },
    );
  }

  /** The button goes, and would take the focus along. */
  #reload() {
    this.title?.focus();
    this.load();
  }

  /** @param {Device} device @returns {HTMLElement} */
  #row(device) {
    const { agent, address, last_used_at, current } = device;
    const about = `${address} · ${current ? t("devices.this") : fullTime(last_used_at)}`;
    const words = [h("span", { class: "person-name" }, nameOf(agent)), h("span", { class: "person-about" }, about)];
    const actions = current ? null : h("div", { class: "person-actions" }, this.#ending(device, () => line.remove()));
    const line = h("li", { class: "person" }, h("span", { class: "person-words" }, ...words), actions);
    return line;
  }

  /** The button that signs out there. @param {Device} device @param {() => void} gone */
  #ending({ id, agent }, gone) {
    const end = async () => {
      await this.api.endSession(id);
      gone();
      this.title?.focus();
    };
    const button = actionButton({ label: t("devices.end"), look: "small danger", run: end }, this.error);
    button.ariaLabel = t("devices.end_name", { name: nameOf(agent) });
    return button;
  }
}

/** What people call a program that calls itself `agent`. @param {string} agent */
function nameOf(agent) {
  const browser = BROWSERS.find((name) => agent.includes(name));
  const system = SYSTEMS.find((name) => agent.includes(name));
  if (!browser) return agent.slice(0, 60) || t("devices.unknown");
  return [browser.replace("Edg", "Edge").replace("OPR", "Opera"), system].filter(Boolean).join(", ");
}
