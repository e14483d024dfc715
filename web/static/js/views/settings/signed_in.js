/**
 * The page of a device that was signed out, perhaps because it was lost, does not stay on its screen.
 *
 * @import { Api } from "../../api.js"
 */

/** Milliseconds between two questions; who comes back to the window asks at once. */
const ASKS = 30_000;

/** @param {Api} api */
export function leaveWhenSignedOut(api) {
  const ask = async () => {
    if ((await api.signedIn()) !== "out") return;
    document.body.hidden = true;
    location.replace("/login?next=/settings&ended=1");
  };
  window.setInterval(ask, ASKS);
  for (const event of ["focus", "pageshow"]) window.addEventListener(event, ask);
}
