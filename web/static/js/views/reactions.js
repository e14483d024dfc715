import { h } from "../dom.js";
import { t, tn } from "../i18n.js";

/**
 * The reactions under a message: one's own are pressed, a click adds or takes away.
 *
 * @import { Reaction } from "../protocol/types.js"
 */

/**
 * @param {Reaction[]} reactions
 * @param {(emoji: string, on: boolean) => void} react
 */
export function reactionChips(reactions, react) {
  const chips = reactions.map(([emoji, count, mine = false]) =>
    h(
      "button",
      {
        type: "button",
        class: "reaction",
        "aria-pressed": String(mine),
        "aria-label": tn("reaction.count", count, { emoji }),
        "data-control": `reaction ${emoji}`,
        onclick: () => react(emoji, !mine),
      },
      h("span", { class: "reaction-emoji" }, emoji),
      h("span", { class: "reaction-count" }, String(count)),
    ),
  );
  return h("div", { class: "reactions", role: "group", "aria-label": t("reaction.list") }, ...chips);
}
