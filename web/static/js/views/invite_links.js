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
 *
 * @typedef {{expires_in?: number, uses?: number}} Terms  Seconds, and people; nothing for no limit.
 */

const TIMES = ["3600", "86400", "604800", "2592000", "never"];
const USES = ["1", "10", "100", "any"];

/** @param {Api} api @param {Store} store @param {Head} head */
export function inviteLinks(api, store, head) {
  const error = errorLine();
  const links = new Links(api, store, head.conversation, error);
  const lead = h("p", { class: "dialog-lead" }, t("invites.lead"));
  openDialog(t("invites.title"), [lead, makingForm((terms) => links.make(terms), error), error, links.list]);
  links.load();
}

/** What a new link is to be. @param {(terms: Terms) => Promise<void>} make @param {HTMLElement} error */
function makingForm(make, error) {
  const times = selectField(t("invites.expires"), TIMES.map((value) => ({ value, label: t(`invites.expires.${value}`) })), "604800");
  const uses = selectField(t("invites.uses"), USES.map((value) => ({ value, label: t(`invites.uses.${value}`) })), "10");
  const run = () => make({ expires_in: numberOf(times.input), uses: numberOf(uses.input) });
  const button = actionButton({ label: t("invites.make"), look: "primary", run }, error);
  return h("div", { class: "invite-form" }, times.field, uses.field, button);
}

/** The links there are, each to be copied or revoked. */
class Links {
  list = h("ul", { class: "invites", "aria-live": "polite" }, h("li", { class: "note" }, t("timeline.loading")));
  #nothing = h("li", { class: "note" }, t("invites.none"));

  /** @param {Api} api @param {Store} store @param {number} conversation @param {HTMLElement} error */
  constructor(api, store, conversation, error) {
    this.api = api;
    this.store = store;
    this.conversation = conversation;
    this.error = error;
  }

  load() {
    invitesOf(this.api, this.conversation)
      .then((invites) => this.list.replaceChildren(...(invites.length ? invites.map((invite) => this.#row(invite)) : [this.#nothing])))
      .catch((problem) => {
        this.list.replaceChildren();
        this.error.textContent = refusal(problem);
      });
  }

  /** @param {Terms} terms */
  async make(terms) {
    const invite = await makeInvite(this.api, this.conversation, terms);
    this.#nothing.remove();
    this.list.prepend(this.#row(invite));
    await copy(invite);
  }

  /** @param {Invite} invite @param {HTMLElement} line */
  async #revoke(invite, line) {
    await revokeInvite(this.api, this.conversation, invite.id);
    line.remove();
    if (!this.list.children.length) this.list.append(this.#nothing);
  }

  /** @param {Invite} invite @returns {HTMLElement} */
  #row(invite) {
    const now = this.store.now();
    const named = { name: invite.by.display_name, terms: termsOf(invite, now) };
    const over = isOver(invite, now);
    const copying = this.#button("copy", "small", named, () => copy(invite));
    const revoking = this.#button("revoke", "small quiet danger", named, () => this.#revoke(invite, line));
    const line = h(
      "li",
      { class: over ? "invite over" : "invite" },
      h("span", { class: "invite-url", dir: "ltr" }, invite.url),
      h("span", { class: "invite-terms" }, `${t("invites.by", named)} · ${named.terms}`),
      h("div", { class: "person-actions" }, !over && copying, revoking),
    );
    return line;
  }

  /** @param {"copy" | "revoke"} what @param {string} look @param {{name: string, terms: string}} named  The link it is for. @param {() => Promise<void>} run */
  #button(what, look, named, run) {
    const button = actionButton({ label: t(`invites.${what}`), look, run }, this.error);
    button.ariaLabel = t(`invites.${what}_link`, named);
    return button;
  }
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
