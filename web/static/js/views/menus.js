import { byId } from "../dom.js";
import { t, tn } from "../i18n.js";
import { confirm } from "./dialog.js";
import { findPeople } from "./find_people.js";
import { firstSteps } from "./first_steps.js";
import { openMenu } from "./menu.js";
import { newGroup } from "./new_group.js";
import { publicGroups } from "./public_groups.js";
import { messageSeveral } from "./several.js";

/**
 * The two menus of the sidebar: oneself, and what can be begun.
 *
 * @import { Api } from "../api.js"
 * @import { Client } from "../protocol/client.js"
 * @import { Head } from "../protocol/types.js"
 * @import { People } from "./people.js"
 */

/**
 * @param {Api} api
 * @param {Client} client
 * @param {People} people
 * @param {(head: Head) => void} onMade
 * @param {() => void} onLeave  This device is left to whoever comes next.
 */
export function menus(api, client, people, onMade, onLeave) {
  const { store } = client;
  const me = byId("me-button");
  const begin = byId("new-button");

  me.addEventListener("click", () =>
    openMenu(
      me,
      [
        { icon: "gear", label: t("settings.title"), href: "/settings" },
        { icon: "out", label: t("menu.sign_out"), run: () => signOut(client, onLeave) },
      ],
      t("menu.signed_in_as", { username: store.me.username }),
    ),
  );
  const ways = [
    { icon: "person-add", label: t("contacts.add"), run: () => findPeople(api, people) },
    { icon: "people", label: t("group.new"), run: () => newGroup(api, store, onMade) },
    { icon: "search", label: t("public.title"), run: () => publicGroups(api, onMade) },
  ];
  const several = { icon: "megaphone", label: t("several.title"), run: () => messageSeveral(client) };
  begin.addEventListener("click", () => openMenu(begin, [...ways, several]));
  firstSteps(store, ways);
}

/** Leave this device; what could not be sent would stay on it, so it is asked about. @param {Client} client @param {() => void} onLeave */
function signOut(client, onLeave) {
  const form = /** @type {HTMLFormElement} */ (byId("sign-out-form"));
  const waiting = client.outbox.entries;
  const leave = () => (onLeave(), form.submit());
  if (!waiting.length) return leave();
  const run = async () => {
    await Promise.all(waiting.map(({ client_id }) => client.outbox.remove(client_id)));
    leave();
  };
  confirm(t("menu.sign_out_title"), tn("menu.sign_out_text", waiting.length), { label: t("menu.sign_out"), run });
}
