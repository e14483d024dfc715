import { byId } from "../dom.js";
import { t } from "../i18n.js";
import { MOST } from "../uploads.js";
import { toast } from "./toasts.js";

/**
 * The ways a file comes to the conversation that is open: a button, the mouse, the clipboard.
 *
 * @import { Tray } from "./tray.js"
 */

/** @param {Tray} tray */
export function attachments(tray) {
  const input = /** @type {HTMLInputElement} */ (byId("composer-file"));
  const text = byId("composer-text");

  /** @param {File[]} files */
  function take(files) {
    if (!files.length) return;
    if (!tray.add(files)) toast(t("reason.too_many_files", { most: MOST }));
    text.focus();
  }

  byId("composer-attach").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take([...(input.files ?? [])]);
    input.value = ""; // the same file may be chosen again
  });
  text.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData ?? new DataTransfer();
    // an office program gives its words and a picture of them: the words are meant
    if (!files.length || types.includes("text/plain")) return;
    event.preventDefault();
    take([...files]);
  });
  dropping(byId("open-conversation"), take);
}

/**
 * Files dropped on a conversation are taken; dropped beside it they do not take the page away.
 *
 * @param {HTMLElement} target
 * @param {(files: File[]) => void} take
 */
function dropping(target, take) {
  window.addEventListener("dragover", (event) => bringsFiles(event) && event.preventDefault());
  window.addEventListener("drop", (event) => bringsFiles(event) && event.preventDefault());
  window.addEventListener("dragover", (event) => {
    target.classList.toggle("dropping", bringsFiles(event) && event.target instanceof Node && target.contains(event.target));
  });
  window.addEventListener("dragleave", (event) => event.relatedTarget === null && target.classList.remove("dropping"));
  target.addEventListener("drop", (event) => {
    target.classList.remove("dropping");
    if (bringsFiles(event)) take(filesOf(/** @type {DataTransfer} */ (event.dataTransfer)));
  });
}

/** @param {DragEvent} event */
function bringsFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** The files, without folders, which cannot be sent. @param {DataTransfer} brought */
function filesOf({ items, files }) {
  const folders = new Set([...items].flatMap((item) => (item.webkitGetAsEntry?.()?.isDirectory ? [item.getAsFile()?.name] : [])));
  if (folders.size) toast(t("file.no_folders"));
  return [...files].filter(({ name }) => !folders.has(name));
}
