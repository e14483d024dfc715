import { h } from "../../dom.js";
import { Drafts } from "../../drafts.js";
import { t } from "../../i18n.js";
import { PendingStore } from "../../pending_store.js";
import { openDialog } from "../dialog.js";
import { settingsForm, submit } from "./form.js";
import { secret, whose } from "./password.js";
import { section } from "./section.js";

/**
 * What one may take along, and the end of an account.
 *
 * @import { Api, Me } from "../../api.js"
 */

export function dataSection() {
  const link = h("a", { class: "button", href: "/api/v1/me/data", download: "imtwisted-data.json" }, t("settings.download"));
  return section("data", h("p", {}, t("settings.data_hint")), link);
}

/** @param {Api} api @param {Me} me */
export function deletionSection(api, me) {
  const begin = h("button", { type: "button", class: "button danger", onclick: () => ask(api, me) }, t("settings.delete"));
  return section("deletion", h("p", {}, t("settings.deletion_hint")), begin);
}

/** Sure, and with the password. @param {Api} api @param {Me} me */
function ask(api, { user }) {
  const password = secret("field.password", "current-password");
  const consequences = ["messages", "files", "groups", "name"].map((key) => h("li", {}, t(`settings.deletion.${key}`)));
  const form = settingsForm({
    fields: { password },
    button: submit(t("settings.delete_now"), "danger"),
    about: [whose(user.username)],
    run: async () => {
      await api.deleteMe(password.input.value);
      await forget(user.id);
      location.assign("/login?deleted=1");
    },
  });
  const list = h("ul", { class: "consequences" }, ...consequences);
  openDialog(t("settings.deletion.title"), [h("p", {}, t("settings.deletion.sure")), list, form]);
  password.input.focus();
}

/** What this browser kept of the account. @param {number} user */
async function forget(user) {
  new Drafts(user).clear();
  const pending = new PendingStore();
  const entries = await pending.all(user).catch(() => []);
  await Promise.all(entries.map((entry) => pending.remove(entry))).catch(() => undefined);
}
