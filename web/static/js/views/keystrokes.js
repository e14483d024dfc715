/**
 * That one is writing, told to the others while there is something to send.
 *
 * @import { Client } from "../protocol/client.js"
 */

/** @param {Client} client @param {HTMLTextAreaElement} text */
export function keystrokes(client, text) {
  text.addEventListener("input", () => text.value.trim() && client.signals.typed());
}
