import { refusal, t } from "../i18n.js";
import { copied } from "../clipboard.js";
import { Forwarding } from "../forwarding.js";
import { hindrance } from "../protocol/rights.js";
import { confirm } from "./dialog.js";
import { GRID, QUICK } from "./emoji.js";
import { forward } from "./forward.js";
import { openMenu } from "./menu.js";
import { mayAskReaders, showReaders } from "./readers.js";
import { toast } from "./toasts.js";
import { hindranceWords } from "./writing_rights.js";

/**
 * What one can do with a message.
 *
 * @import { Client } from "../protocol/client.js"
 * @import { Copy } from "../forwarding.js"
 * @import { Composer } from "./composer.js"
 * @import { Item, Toggle } from "./menu.js"
 * @import { Hands, SentLine } from "./message.js"
 */

export class MessageMenu {
  /** @param {Client} client @param {Composer} composer @param {Copy} copy */
  constructor(client, composer, copy) {
    this.client = client;
    this.copy = copy;
    this.store = client.store;
    this.composer = composer;
  }

  /** What lines of the timeline need of it. @returns {Omit<Hands, "jump">} */
  get hands() {
    const { outbox } = this.client;
    return {
      me: this.store.me,
      retry: (id) => outbox.retry(id),
      remove: (id) => outbox.remove(id),
      menu: (button, line) => this.open(button, line),
      emoji: (button, line) => this.emoji(button, line),
      reply: (line) => this.reply(line),
      readers: (line) => showReaders(this.client, line),
      react: (line, emoji, on) => this.react(line, emoji, on),
    };
  }

  /** Everything. @param {HTMLElement} button @param {SentLine} line */
  open(button, line) {
    openMenu(button, this.#items(button, line), undefined, { label: t("action.react"), rows: [this.#toggles(line, QUICK)] });
  }

  /** All emoji there are to react with. @param {HTMLElement} button @param {SentLine} line */
  emoji(button, line) {
    openMenu(button, [], undefined, { label: t("action.react"), rows: GRID.map((row) => this.#toggles(line, row)) });
  }

  /** @param {SentLine} line */
  reply(line) {
    const found = this.#hindrance(line);
    if (found) toast(hindranceWords(found, this.store.now()));
    else this.composer.reply(line);
  }

  /** Why one may not write where it stands. @param {SentLine} line */
  #hindrance({ conversation }) {
    return hindrance(this.store.rooms.get(conversation)?.head, this.store.now());
  }

  /** @param {SentLine} line @param {string} emoji @param {boolean} on */
  react(line, emoji, on) {
    this.client.alterations.react(line, emoji, on).catch((error) => toast(refusal(error)));
  }

  /** @param {HTMLElement} button @param {SentLine} line @returns {Item[]} */
  #items(button, line) {
    const writes = !this.#hindrance(line);
    /** @type {(Item | false)[]} */
    const items = [
      { icon: "smile", label: t("action.more_emoji"), run: () => this.emoji(still(button, line), line) },
      writes && { icon: "reply", label: t("action.reply"), run: () => this.reply(line) },
      Boolean(line.text) && { icon: "copy", label: t("action.copy"), run: () => this.#unlessGone(line, () => this.#copy(line.text)) },
      { icon: "forward", label: t("action.forward"), run: () => this.#unlessGone(line, () => this.#forward(line)) },
      mayAskReaders(this.store, line) && { icon: "checks", label: t("action.readers"), run: () => showReaders(this.client, line) },
      writes && line.own && { icon: "edit", label: t("action.edit"), run: () => this.composer.edit(line) },
      this.#mayRecall(line) && { icon: "undo", label: t("action.recall"), danger: true, run: () => this.#recall(line) },
    ];
    return items.filter((item) => item !== false);
  }

  /** @param {SentLine} line @param {string[]} emoji @returns {Toggle[]} */
  #toggles(line, emoji) {
    const mine = new Set((line.reactions ?? []).filter(([, , own]) => own).map(([one]) => one));
    return emoji.map((one) => ({ label: one, on: mine.has(one), run: () => this.react(line, one, !mine.has(one)) }));
  }

  /** One's own for some time, and anyone's for who looks after a group. @param {SentLine} line */
  #mayRecall({ own, at, conversation }) {
    const head = this.store.rooms.get(conversation)?.head;
    if (head?.kind === "group" && head.role !== undefined && head.role !== "member") return true;
    const { recall_seconds: within } = this.store.limits;
    return own && (!within || this.store.now() - at < within * 1000);
  }

  /** @param {SentLine} line */
  #recall(line) {
    confirm(t("recall.title"), t("recall.text"), { label: t("action.recall"), run: () => this.client.alterations.recall(line) });
  }

  /** It may have been taken back while its menu was open. @param {SentLine} line @param {() => void} run */
  #unlessGone({ conversation, seq }, run) {
    if (this.store.rooms.get(conversation)?.log.messages.get(seq)?.recalled) toast(t("reason.recalled"));
    else run();
  }

  /** @param {SentLine} line */
  #forward(line) {
    forward(this.client, new Forwarding(this.client.outbox, this.copy, line), line);
  }

  /** @param {string} text */
  async #copy(text) {
    toast(t((await copied(text)) ? "action.copied" : "action.not_copied"));
  }
}

/**
 * The button of a message's menu; the message may have been drawn anew while its menu was open.
 *
 * @param {HTMLElement} button
 * @param {SentLine} line
 * @returns {HTMLElement}
 */
function still(button, { seq }) {
  const now = document.querySelector(`#messages [data-seq="${seq}"] .tool-more`);
  return button.isConnected || !(now instanceof HTMLElement) ? button : now;
}
