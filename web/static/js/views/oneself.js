import { byId } from "../dom.js";
import { avatar } from "./avatar.js";

/**
 * Oneself at the top of the sidebar, as one is called now.
 *
 * @import { Store } from "../store.js"
 */

/** @param {Store} store */
export function oneself(store) {
  const name = /** @type {HTMLElement} */ (byId("me-button").querySelector(".me-name"));

  function render() {
    const { display_name, id, picture } = store.me;
    name.textContent = display_name;
    const face = avatar(display_name, id, "small", picture);
    face.id = "me-avatar";
    byId("me-avatar").replaceWith(face);
  }

  store.subscribe(["me"], render);
  render();
}
