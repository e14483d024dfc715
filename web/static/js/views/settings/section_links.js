import { h } from "../../dom.js";
import { t } from "../../i18n.js";

/**
 * The way to each section of the settings, the one in view marked.
 */

/** So far one may scroll, and is still where a link has led. */
const STAYS = 40;

/**
 * @param {HTMLElement} nav
 * @param {HTMLElement[]} sections
 * @returns {(led?: HTMLElement | null) => void}  Marks the section in view; or one that was led to, which may be too low on the page to get to the top.
 */
export function sectionLinks(nav, sections) {
  const links = sections.map(({ id }) => h("a", { href: `#${id}` }, t(`settings.${id}`)));
  nav.replaceChildren(...links);
  /** @type {{section: HTMLElement, at: number} | null} */
  let goal = null;

  function mark() {
    if (goal && Math.abs(window.scrollY - goal.at) > STAYS) goal = null;
    const current = sections.indexOf(goal?.section ?? inView(sections));
    links.forEach((link, i) => i === current || link.removeAttribute("aria-current"));
    if (links[current].hasAttribute("aria-current")) return;
    links[current].setAttribute("aria-current", "location");
    intoSight(nav, links[current]);
  }

  for (const event of ["scroll", "resize"]) window.addEventListener(event, mark, { passive: true });
  return (led) => {
    if (led) goal = { section: led, at: window.scrollY };
    mark();
  };
}

/**
 * The section that is read: the line where one reads moves down the window as the page moves up, so that each has its
 * turn, the last ones too.
 *
 * @param {HTMLElement[]} sections
 */
function inView(sections) {
  const { scrollHeight, clientHeight } = document.documentElement;
  const above = parseFloat(getComputedStyle(sections[0]).scrollMarginTop) || 0;
  const share = Math.min(1, Math.max(0, window.scrollY / Math.max(1, scrollHeight - clientHeight)));
  const line = above + share * (clientHeight - above);
  return sections.findLast((section) => section.getBoundingClientRect().top <= line + 1) ?? sections[0];
}

/** Only the row of links moves, not the page. @param {HTMLElement} nav @param {HTMLElement} link */
function intoSight(nav, link) {
  nav.scrollLeft = link.offsetLeft - nav.offsetLeft - (nav.clientWidth - link.offsetWidth) / 2;
}
