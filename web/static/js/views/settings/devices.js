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
  const error = errorLine();
  const list = h("ul", { "aria-live": "polite" }, h("li", { class: "note" }, t("timeline.loading")));

  /** @param {Device} device */
  function row({ id, agent, address, last_used_at, current }) {
    const name = nameOf(agent);
    const end = async () => {
      await api.endSession(id);
      line.remove();
      title.focus();
    };
    const button = actionButton({ label: t("devices.end"), look: "small danger", run: end }, error);
    button.ariaLabel = t("devices.end_name", { name });
    const about = `${address} · ${current ? t("devices.this") : fullTime(last_used_at)}`;
    const words = [h("span", { class: "person-name" }, name), h("span", { class: "person-about" }, about)];
    const actions = current ? null : h("div", { class: "person-actions" }, button);
    const line = h("li", { class: "person" }, h("span", { class: "person-words" }, ...words), actions);
    return line;
  }

  const again = h("button", { type: "button", class: "button quiet small", onclick: () => reload() }, t("timeline.again"));

  function load() {
    error.textContent = "";
    api.sessions().then(
      (all) => list.replaceChildren(...all.map(row)),
      (problem) => {
        error.textContent = refusal(problem);
        list.replaceChildren(h("li", {}, again));
      },
    );
  }

  /** The button goes, and would take the focus along. */
  function reload() {
    title.focus();
    load();
  }

  const part = section("devices", h("p", { class: "field-hint" }, t("settings.devices_hint")), list, error);
  const title = /** @type {HTMLElement} */ (part.querySelector("h2"));
  load();
  return { part, load };
}

/** What people call a program that calls itself `agent`. @param {string} agent */
function nameOf(agent) {
  const browser = BROWSERS.find((name) => agent.includes(name));
  const system = SYSTEMS.find((name) => agent.includes(name));
  if (!browser) return agent.slice(0, 60) || t("devices.unknown");
  return [browser.replace("Edg", "Edge").replace("OPR", "Opera"), system].filter(Boolean).join(", ");
}
