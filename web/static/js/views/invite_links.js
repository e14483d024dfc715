import { invitesOf, makeInvite, revokeInvite } from "../api_groups.js";
import { copied } from "../clipboard.js";
import { h } from "../dom.js";
import { refusal, t } from "../i18n.js";
import { momentOf } from "../time.js";
import { actionButton, errorLine, openDialog } from "./dialog.js";
import { selectField } from "./field.js";
import { toast } from "./toasts.js";

/**
 * The links that let people into a group: made, copied, revoked.
 *
 * @import { Api } from "../api.js"
 * @import { Invite } from "../api_groups.js"
 * @import { Store } from "../store.js"
 * @import { Head } from "../protocol/types.js"
 */

const TIMES = ["3600", "86400", "604800", "2592000", "never"];
const USES = ["1", "10", "100", "any"];

/** @param {Api} api @param {Store} store @param {Head} head */
export function inviteLinks(api, store, head) {
  const error = errorLine();
  const list = h("ul", { class: "invites", "aria-live": "polite" }, h("li", { class: "note" }, t("timeline.loading")));
  const nothing = h("li", { class: "note" }, t("invites.none"));
  const times = selectField(t("invites.expires"), TIMES.map((value) => ({ value, label: t(`invites.expires.${value}`) })), "604800");
  const uses = selectField(t("invites.uses"), USES.map((value) => ({ value, label: t(`invites.uses.${value}`) })), "10");

  const make = async () => {
    const invite = await makeInvite(api, head.conversation, { expires_in: numberOf(times.input), uses: numberOf(uses.input) });
    nothing.remove();
    list.prepend(row(invite));
    await copy(invite);
  };

  /** @param {Invite} invite */
  function row(invite) {
    const terms = termsOf(invite, store.now());
    const named = { name: invite.by.display_name, terms };
    const revoke = actionButton({ label: t("invites.revoke"), look: "small quiet danger", run: () => revoked() }, error);
    const copying = actionButton({ label: t("invites.copy"), look: "small", run: () => copy(invite) }, error);
    revoke.ariaLabel = t("invites.revoke_link", named);
    copying.ariaLabel = t("invites.copy_link", named);
    const over = isOver(invite, store.now());
    const line = h(
      "li",
      { class: over ? "invite over" : "invite" },
      h("span", { class: "invite-url", dir: "ltr" }, invite.url),
      h("span", { class: "invite-terms" }, `${t("invites.by", named)} · ${terms}`),
      h("div", { class: "person-actions" }, !over && copying, revoke),
    );
    const revoked = async () => {
      await revokeInvite(api, head.conversation, invite.id);
      line.remove();
      if (!list.children.length) list.append(nothing);
    };
    return line;
  }

  const button = actionButton({ label: t("invites.make"), look: "primary", run: make }, error);
  const form = h("div", { class: "invite-form" }, times.field, uses.field, button);
  openDialog(t("invites.title"), [h("p", { class: "dialog-lead" }, t("invites.lead")), form, error, list]);
  invitesOf(api, head.conversation)
    .then((invites) => list.replaceChildren(...(invites.length ? invites.map(row) : [nothing])))
    .catch((problem) => {
      list.replaceChildren();
      error.textContent = refusal(problem);
    });
}

/** What was chosen; nothing for no limit. @param {HTMLSelectElement} select */
function numberOf({ value }) {
  return Number(value) || undefined;
}

/** @param {Invite} invite */
async function copy({ url }) {
  toast(t((await copied(url)) ? "invites.copied" : "action.not_copied"));
}

/** @param {Invite} invite @param {number} now */
function isOver({ expires_at, uses, used }, now) {
  return (expires_at !== undefined && expires_at <= now) || (uses !== undefined && used >= uses);
}

/** @param {Invite} invite @param {number} now */
function termsOf({ expires_at, uses, used }, now) {
  const count = uses === undefined ? t("invites.used", { used }) : t("invites.used_of", { used, uses });
  if (uses !== undefined && used >= uses) return `${count} · ${t("invites.used_up")}`;
  if (expires_at === undefined) return `${count} · ${t("invites.endless")}`;
  return `${count} · ${expires_at <= now ? t("invites.expired") : t("invites.until", { time: momentOf(expires_at, now) })}`;
}
