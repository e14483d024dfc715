import { byId, h, icon } from "../dom.js";

/**
 * What someone without conversations can begin with, where the list would be.
 *
 * @import { Store } from "../store.js"
 *
 * @typedef {{icon: string, label: string, run: () => void}} Step
 */

/** @param {Store} store @param {Step[]} steps */
export function firstSteps(store, steps) {
  const place = byId("first-steps");
  place.append(...steps.map(({ icon: picture, label, run }) => h("button", { type: "button", class: "button", onclick: run }, icon(picture), label)));
  const render = () => (place.hidden = !store.filled || store.rooms.size > 0);
  store.subscribe(["rooms"], render);
  render();
}
