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

export class ConnectionLine {
  #line = byId("connection-line");
  #began = Date.now();
  /** Whether the connection was missed: only then is its return news. */
  #missed = false;
  #ticking = 0;
  #hiding = 0;

  /**
   * @param {Store} store
   * @param {() => void} connect
   * @param {() => void} onEnded  This device was signed out; nobody may be asked whether to stay.
   */
  constructor(store, connect, onEnded) {
    this.store = store;
    this.connect = connect;
    this.onEnded = onEnded;
    store.subscribe(["connection"], () => this.render());
    this.render();
  }

  render() {
    clearInterval(this.#ticking);
    clearTimeout(this.#hiding);
    const { phase } = this.store.connection;
    if (phase === "live") return this.#back();
    if (phase === "stopped") return this.#stopped();
    if (!this.#missed && Date.now() - this.#began < QUIETLY && phase === "connecting") {
      this.#hiding = window.setTimeout(() => this.render(), QUIETLY);
      return;
    }
    this.#missed = true;
    this.#away();
  }

  #back() {
    if (!this.#missed) return void (this.#line.hidden = true);
    this.#missed = false;
    this.#show("good", t("connection.back"));
    this.#hiding = window.setTimeout(() => (this.#line.hidden = true), BACK_STAYS);
  }

  #away() {
    const retry = this.#tryNow();
    const when = h("span", { "aria-hidden": "true" });
    const tick = () => {
      const seconds = Math.ceil(((this.store.connection.retryAt ?? 0) - Date.now()) / 1000);
      when.textContent = seconds > 1 ? t("connection.retry_in", { seconds }) : t("connection.connecting");
      retry.hidden = seconds <= 1;
    };
    tick();
    this.#ticking = window.setInterval(tick, 1000);
    this.#show("", t("connection.lost"), when, retry);
  }

  #stopped() {
    this.#missed = true;
    const code = this.store.connection.code ?? 0;
    if (code === SIGNED_OUT) return this.#leave();
    this.#show("", t(`connection.${REASONS[code] ?? "lost"}`), this.#tryNow());
  }

  /** Nothing stays on the screen of a device that was signed out, perhaps because it was lost; what is to be sent waits for its owner. */
  #leave() {
    document.body.hidden = true;
    this.onEnded();
    location.replace("/login?next=/chat&ended=1");
  }

  #tryNow() {
    return h("button", { type: "button", class: "button small", onclick: this.connect }, t("connection.try_now"));
  }

  /** @param {string} look @param {...(Node | string)} content */
  #show(look, ...content) {
    this.#line.className = `connection-line ${look}`;
    this.#line.dataset.phase = this.store.connection.phase;
    this.#line.hidden = false;
    this.#line.replaceChildren(...content);
  }
}
