import { refusal } from "../i18n.js";

/** Ask while someone types: when they pause, and only for the latest words. */

const PAUSE = 250;

/**
 * @param {HTMLInputElement} input
 * @param {(words: string) => Promise<void>} ask
 * @param {HTMLElement} error  Where a refusal is told.
 */
export function typedInto(input, ask, error) {
  let timer = 0;
  const run = () => {
    error.textContent = "";
    ask(input.value.trim()).catch((problem) => (error.textContent = refusal(problem)));
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(run, PAUSE);
  });
  return run;
}
