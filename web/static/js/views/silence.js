import { h } from "../dom.js";
import { t } from "../i18n.js";
import { actionButton, errorLine, openDialog } from "./dialog.js";
import { selectField } from "./field.js";

/**
 * For how long somebody is to write no more.
 *
 * @import { Person } from "../protocol/types.js"
 */

const TIMES = ["600", "3600", "86400", "604800", "ever"];
const COMMON = "3600";

/** @param {Person} user @param {(seconds: number | undefined) => Promise<unknown>} run */
export function silenceDialog(user, run) {
  const times = selectField(t("group.silence_for"), TIMES.map((value) => ({ value, label: t(`group.silence.${value}`) })), COMMON);
  const error = errorLine();
  const silence = async () => {
    await run(times.input.value === "ever" ? undefined : Number(times.input.value));
    dialog.close();
  };
  const button = actionButton({ label: t("group.silence_do"), look: "primary", run: silence }, error);
  const dialog = openDialog(t("group.silence_title", { name: user.display_name }), [h("p", { class: "dialog-lead" }, t("group.silence_text")), times.field, error], [button]);
}
