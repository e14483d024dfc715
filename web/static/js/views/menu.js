import { h, icon } from "../dom.js";

/**
 * A menu under its button: arrows move, Escape and a click elsewhere close.
 *
 * @typedef {{icon?: string, label: string, danger?: boolean, href?: string, lang?: string, run?: () => void}} Item
 */

/** @type {(() => void) | null} */
let closeOpen = null;

/**
 * @param {HTMLElement} button
 * @param {Item[]} items
 * @param {string} [title]
 */
export function openMenu(button, items, title) {
  if (button.getAttribute("aria-expanded") === "true") return closeOpen?.();
  closeOpen?.();
  const entries = items.map((item) => entry(item, close));
  const menu = h("div", { class: "menu", role: "menu", "aria-label": button.ariaLabel ?? button.textContent?.trim() }, ...entries);
  if (title) menu.prepend(h("div", { class: "menu-title", role: "presentation" }, title));
  (button.closest("dialog, main") ?? document.body).append(menu);
  place(menu, button);
  button.setAttribute("aria-expanded", "true");
  entries[0]?.focus();

  /** @param {Event} event */
  function elsewhere(event) {
    const target = /** @type {Node} */ (event.target);
    if (!menu.contains(target) && !button.contains(target)) close();
  }
  function close() {
    document.removeEventListener("pointerdown", elsewhere);
    window.removeEventListener("resize", close);
    const inside = menu.contains(document.activeElement);
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    if (inside) button.focus();
    closeOpen = null;
  }
  menu.addEventListener("keydown", (event) => steer(event, entries, close));
  document.addEventListener("pointerdown", elsewhere);
  window.addEventListener("resize", close);
  closeOpen = close;
}

/** @param {Item} item @param {() => void} close */
function entry(item, close) {
  const content = [item.icon ? icon(item.icon) : null, item.label];
  const common = { class: item.danger ? "menu-item danger" : "menu-item", role: "menuitem", tabindex: "-1", lang: item.lang };
  if (item.href) return h("a", { ...common, href: item.href }, ...content);
  const run = () => {
    close();
    item.run?.();
  };
  return h("button", { ...common, type: "button", onclick: run }, ...content);
}

/** @param {KeyboardEvent} event @param {HTMLElement[]} entries @param {() => void} close */
function steer(event, entries, close) {
  const at = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) entries.at(to % entries.length)?.focus();
  else if (event.key === "Escape" || event.key === "Tab") close();
  else return;
  if (event.key !== "Tab") event.preventDefault();
  event.stopPropagation();
}

/** @param {HTMLElement} menu @param {HTMLElement} button */
function place(menu, button) {
  const box = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = box.bottom + 4 + height <= window.innerHeight;
  menu.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - 4 - height)}px`;
  menu.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - width - 8))}px`;
}
