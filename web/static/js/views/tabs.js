import { byId } from "../dom.js";

/** The two sides of the sidebar; arrow keys move between their tabs. */

const NAMES = ["chats", "contacts"];

export function tabs() {
  const all = NAMES.map((name) => ({ tab: byId(`tab-${name}`), panel: byId(`panel-${name}`) }));

  /** @param {number} chosen */
  function choose(chosen) {
    all.forEach(({ tab, panel }, i) => {
      tab.ariaSelected = String(i === chosen);
      tab.tabIndex = i === chosen ? 0 : -1;
      panel.hidden = i !== chosen;
    });
  }

  all.forEach(({ tab }, i) => {
    tab.addEventListener("click", () => choose(i));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      choose(1 - i);
      all[1 - i].tab.focus();
    });
  });
  return { showChats: () => choose(0), showContacts: () => choose(1) };
}
