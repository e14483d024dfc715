import { byId, h } from "../dom.js";
import { t } from "../i18n.js";

/**
 * The plain line that says when the connection is lost, and when it is back.
 *
 * @import { Store } from "../store.js"
 */

/** A first connection this quick needs no line. */
const QUIETLY = 1_500;
const BACK_STAYS = 3_000;
const SIGNED_OUT = 4004;
const REASONS = /** @type {Record<number, string>} */ ({
  4005: "banned",
  4007: "protocol",
  4009: "flood",
  4010: "too_many",
});

/** Nothing stays on the screen of a device that was signed out, perhaps because it was lost; what is to be sent waits for its owner. */
function leave() {
  document.body.hidden = true;
  location.replace("/login?next=/chat&ended=1");
}

/**
 * @param {Store} store
 * @param {() => void} connect
 */
export function connectionLine(store, connect) {
  const line = byId("connection-line");
  const began = Date.now();
  let missed = false;
  let ticking = 0;
  let hiding = 0;

  function render() {
    clearInterval(ticking);
    clearTimeout(hiding);
    const { phase } = store.connection;
    if (phase === "live") return back();
    if (phase === "stopped") return stopped();
    if (!missed && Date.now() - began < QUIETLY && phase === "connecting") {
      hiding = window.setTimeout(render, QUIETLY);
      return;
    }
    missed = true;
    away();
  }

  function back() {
    if (!missed) return void (line.hidden = true);
    missed = false;
    show("good", t("connection.back"));
    hiding = window.setTimeout(() => (line.hidden = true), BACK_STAYS);
  }

  function away() {
    const retry = h("button", { type: "button", class: "button small", onclick: connect }, t("connection.try_now"));
    const when = h("span", { "aria-hidden": "true" });
    const tick = () => {
      const seconds = Math.ceil(((store.connection.retryAt ?? 0) - Date.now()) / 1000);
      when.textContent = seconds > 1 ? t("connection.retry_in", { seconds }) : t("connection.connecting");
      retry.hidden = seconds <= 1;
    };
    tick();
    ticking = window.setInterval(tick, 1000);
    show("", t("connection.lost"), when, retry);
  }

  function stopped() {
    missed = true;
    const code = store.connection.code ?? 0;
    if (code === SIGNED_OUT) return leave();
    const again = h("button", { type: "button", class: "button small", onclick: connect }, t("connection.try_now"));
    show("", t(`connection.${REASONS[code] ?? "lost"}`), again);
  }

  /** @param {string} look @param {...(Node | string)} content */
  function show(look, ...content) {
    line.className = `connection-line ${look}`;
    line.dataset.phase = store.connection.phase;
    line.hidden = false;
    line.replaceChildren(...content);
  }

  store.subscribe(["connection"], render);
  render();
}
