import { Api, Refused } from "./api.js";
import { byId, h } from "./dom.js";
import { loadCatalog, refusal, t } from "./i18n.js";
import { followTheme } from "./theme.js";
import { dataSection, deletionSection } from "./views/settings/account.js";
import { appearanceSection } from "./views/settings/appearance.js";
import { askBeforeDownloads } from "./views/downloads.js";
import { devicesSection } from "./views/settings/devices.js";
import { passwordSection } from "./views/settings/password.js";
import { privacySection } from "./views/settings/privacy.js";
import { profileSection } from "./views/settings/profile.js";
import { sectionLinks } from "./views/settings/section_links.js";
import { leaveWhenSignedOut } from "./views/settings/signed_in.js";

/** Builds the settings page: the one place that knows every section of it. */

const main = byId("settings");
const api = new Api(document.querySelector("meta[name=csrf-token]")?.getAttribute("content") ?? "");
/** @type {ReturnType<typeof sectionLinks>} */
let mark = () => undefined;

async function load() {
  try {
    build(await api.me());
  } catch (problem) {
    if (problem instanceof Refused && problem.status === 401) return location.assign("/login?next=/settings");
    const again = h("button", { type: "button", class: "button", onclick: load }, t("settings.again"));
    main.replaceChildren(h("p", { class: "field-error", role: "alert" }, refusal(problem)), again);
  }
}

/** @param {import("./api.js").Me} me */
function build(me) {
  const { part: devices, load: loadDevices } = devicesSection(api);
  const sections = [
    profileSection(api, me),
    appearanceSection(api, me),
    privacySection(api, me),
    passwordSection(api, me, loadDevices),
    devices,
    dataSection(),
    deletionSection(api, me),
  ].filter((section) => section !== null);
  main.replaceChildren(...sections);
  main.ariaBusy = "false";
  mark = sectionLinks(byId("settings-nav"), sections);
  find();
}

/** To the part that the address names, or back to the choice that loaded the page again. */
function find() {
  const name = location.hash.slice(1);
  const chosen = name === "language" ? main.querySelector("input[name=language]:checked") : null;
  const target = chosen ?? main.querySelector(`[id="${CSS.escape(name)}-title"]`);
  if (!(target instanceof HTMLElement)) return mark();
  const section = target.closest("section");
  section?.scrollIntoView();
  target.focus({ preventScroll: true });
  mark(section);
}

await loadCatalog(/** @type {HTMLLinkElement} */ (document.getElementById("catalog")).href);
followTheme();
window.addEventListener("hashchange", find);
askBeforeDownloads();
leaveWhenSignedOut(api);
await load();
