import { byId, h } from "../dom.js";
import { refusal, t } from "../i18n.js";

/**
 * Messages to several friends that did not reach everyone: above the list, with retry.
 *
 * @import { Client } from "../protocol/client.js"
 * @import { Entry } from "../protocol/outbox.js"
 */

/** @param {Client} client */
export function unsentToSeveral(client) {
  const { store, outbox } = client;
  const place = h("div", { id: "unsent" });
  byId("conversation-list").before(place);

  /** @param {Entry} entry */
  function card({ client_id, to, text, code, state }) {
    const names = [to ?? []].flat().map((name) => store.contacts.get(name)?.user.display_name ?? name).join(t("list.comma"));
    if (state === "pending") return h("div", { class: "unsent waiting" }, t("several.waiting", { names }));
    const retry = h("button", { type: "button", class: "button small", onclick: () => outbox.retry(client_id) }, t("message.retry"));
    const remove = h("button", { type: "button", class: "button small danger", onclick: () => outbox.remove(client_id) }, t("message.remove"));
    const why = h("p", {}, t("several.failed", { names, why: refusal({ code }) }));
    return h("div", { class: "unsent" }, why, h("p", { class: "item-preview" }, text), h("div", { class: "unsent-actions" }, retry, remove));
  }

  store.subscribe(["pending", "contacts"], () => place.replaceChildren(...store.pending.filter(({ to }) => Array.isArray(to)).map(card)));
}
