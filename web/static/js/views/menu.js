import { h, icon } from "../dom.js";

/**
 * A menu under its button: arrows move, Escape and a click elsewhere close.
 *
 * @typedef {{icon?: string, label: string, danger?: boolean, href?: string, lang?: string, run?: () => void}} Item
 * @typedef {{label: string, on: boolean, run: () => void}} Toggle
 * @typedef {{label: string, rows: Toggle[][]}} Grid  Rows of small things to turn on and off, above the items.
 */

/** @type {OpenMenu | null} */
let current = null;

/**
 * @param {HTMLElement} button  A second press of it closes.
 * @param {Item[]} items
 * @param {string} [title]
 * @param {Grid} [grid]
 */
export function openMenu(button, items, title, grid) {
  const again = button.getAttribute("aria-expanded") === "true";
  current?.close();
  if (again) return;
  current = new OpenMenu(button, items, title, grid);
  current.open();
}

/** There is one at most. */
class OpenMenu {
  /** @param {HTMLElement} button @param {Item[]} items @param {string} [title] @param {Grid} [grid] */
  constructor(button, items, title, grid) {
    this.button = button;
    const toggles = (grid?.rows ?? []).map((row) => row.map((one) => toggle(one, this.close)));
    const entries = items.map((item) => entry(item, this.close));
    this.rows = [...toggles, ...entries.map((one) => [one])];
    this.menu = h(
      "div",
      { class: "menu", role: "menu", "aria-label": button.ariaLabel ?? button.textContent?.trim() },
      title ? h("div", { class: "menu-title", role: "presentation" }, title) : null,
      grid && h("div", { class: "menu-grid", role: "group", "aria-label": grid.label }, ...toggles.flat()),
      ...entries,
    );
  }

  open() {
    (this.button.closest("dialog, main") ?? document.body).append(this.menu);
    place(this.menu, this.button);
    this.button.setAttribute("aria-expanded", "true");
    this.rows[0]?.[0]?.focus();
    this.menu.addEventListener("keydown", (event) => steer(event, this.rows, this.close));
    document.addEventListener("pointerdown", this.#elsewhere);
    window.addEventListener("resize", this.close);
  }

  close = () => {
    document.removeEventListener("pointerdown", this.#elsewhere);
    window.removeEventListener("resize", this.close);
    const inside = this.menu.contains(document.activeElement);
    this.menu.remove();
    this.button.setAttribute("aria-expanded", "false");
    if (inside) this.button.focus();
    current = null;
  };

  /** @param {Event} event */
  #elsewhere = (event) => {
    const target = /** @type {Node} */ (event.target);
    if (!this.menu.contains(target) && !this.button.contains(target)) this.close();
  };
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

/** @param {Toggle} toggle @param {() => void} close */
function toggle({ label, on, run }, close) {
  const onclick = () => {
    close();
    run();
  };
  return h("button", { type: "button", class: "menu-toggle", role: "menuitemcheckbox", tabindex: "-1", "aria-checked": String(on), onclick }, label);
}

/** @param {KeyboardEvent} event @param {HTMLElement[][]} rows @param {() => void} close */
function steer(event, rows, close) {
  const to = target(event.key, rows);
  if (to) to.focus();
  else if (event.key === "Escape" || event.key === "Tab") close();
  else return;
  if (event.key !== "Tab") event.preventDefault();
  event.stopPropagation();
}

/** Where a key leads: up and down from row to row, left and right within all. @param {string} key @param {HTMLElement[][]} rows */
function target(key, rows) {
  const here = /** @type {HTMLElement} */ (document.activeElement);
  const all = rows.flat();
  const row = rows.findIndex((some) => some.includes(here));
  const column = rows[row]?.indexOf(here) ?? 0;
  const next = { ArrowDown: row + 1, ArrowUp: Math.max(row, 0) - 1 }[key];
  const other = next === undefined ? undefined : rows.at(next % rows.length);
  if (other) return other[Math.min(column, other.length - 1)];
  const step = { ArrowRight: all.indexOf(here) + 1, ArrowLeft: all.indexOf(here) - 1, Home: 0, End: -1 }[key];
  return step === undefined ? undefined : all.at(step % all.length);
}

/** @param {HTMLElement} menu @param {HTMLElement} button */
function place(menu, button) {
  const box = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = box.bottom + 4 + height <= window.innerHeight;
  menu.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - 4 - height)}px`;
  menu.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - width - 8))}px`;
}
