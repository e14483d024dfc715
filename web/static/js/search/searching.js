/**
 * What is being searched for, and what has been found so far. Knows no DOM.
 *
 * @import { Api, Found } from "../api.js"
 * @import { Retold } from "../protocol/retold.js"
 * @import { Message, Person } from "../protocol/types.js"
 *
 * @typedef {{message: Message, highlights: [number, number][], file_highlights?: [number, number][][], title: string, peer?: Person}} Hit
 * @typedef {{conversation: number, title: string, member: boolean, members: number, peer?: Person, picture?: number}} Called
 * @typedef {{items: Hit[], more: boolean, next?: string}} Page
 * @typedef {{words: string, conversation?: number, from?: string, since?: number, until?: number}} Question
 */

/** Pages without a hit that are turned before someone is asked whether to go on. */
const EMPTY_PAGES = 20;
/** Names alone are looked for when only a conversation, a person or a time is not asked for. */
const NAMES = 5;

export class Searching {
  /** @type {Question} */
  question = { words: "" };
  /** @type {Found[]} */
  people = [];
  /** @type {Called[]} */
  conversations = [];
  /** @type {Hit[]} */
  hits = [];
  more = false;
  busy = false;
  /** @type {unknown} */
  problem = null;
  /** @type {string | undefined} */
  #next;
  /** Whether the names that belong to the question are there. */
  #named = false;
  /** Answers to earlier questions are nobody's any more. */
  #round = 0;

  /** @type {Retold[]} What was heard while an answer was on its way. */
  #news = [];

  /** @param {Api} api @param {() => void} onChange */
  constructor(api, onChange) {
    this.api = api;
    this.onChange = onChange;
  }

  /** Whether there is something to look for. */
  get asked() {
    return this.question.words.trim() !== "";
  }

  /** Ask anew; what was found for another question goes at once. @param {Question} question */
  async ask(question) {
    const round = ++this.#round;
    this.question = question;
    this.people = [];
    this.conversations = [];
    this.hits = [];
    this.more = false;
    this.problem = null;
    this.#next = undefined;
    this.#named = false;
    this.#news = [];
    this.busy = this.asked;
    this.onChange();
    if (this.asked) await this.#settle(round, Promise.all([this.#names(round), this.#page(round)]));
  }

  /** The same again, after a refusal: on from where it stopped, if the question itself was answered. */
  again() {
    return this.#named && this.more ? this.older() : this.ask(this.question);
  }

  /** What was said before the last hit. */
  async older() {
    if (this.busy || !this.more) return;
    this.busy = true;
    this.problem = null;
    this.onChange();
    await this.#settle(this.#round, this.#page(this.#round));
  }

  /** Something that was perhaps found is different by now. @param {Retold} news */
  retold(news) {
    const { conversation, seq, text, unsure } = news;
    if (unsure) return void (this.hits.some(({ message }) => message.conversation === conversation) && this.ask(this.question));
    if (this.busy) this.#news.push(news);
    if (seq === undefined) this.conversations = this.conversations.filter((called) => called.conversation !== conversation);
    const hits = this.hits.flatMap((hit) => (isOf(hit, news) ? said(hit, text) : [hit]));
    if (seq !== undefined && hits.every((hit, i) => hit === this.hits[i]) && hits.length === this.hits.length) return;
    this.hits = hits;
    this.onChange();
    for (const hit of this.hits) if (text !== undefined && isOf(hit, news)) this.#mark(hit);
  }

  /** A conversation may have another name by now. @param {(conversation: number) => string | undefined} nameOf */
  renamed(nameOf) {
    const hits = this.hits.map((hit) => titled(hit, nameOf(hit.message.conversation)));
    const conversations = this.conversations.map((called) => titled(called, nameOf(called.conversation)));
    if (hits.every((hit, i) => hit === this.hits[i]) && conversations.every((called, i) => called === this.conversations[i])) return;
    Object.assign(this, { hits, conversations });
    this.onChange();
  }

  /** Where the words stand in a text that was changed, which the server knows; nowhere, if it says something else now. @param {Hit} hit */
  async #mark(hit) {
    const round = this.#round;
    const { conversation, seq, at, text } = hit.message;
    const query = new URLSearchParams({ q: this.question.words, conversation: String(conversation), since: String(at), until: String(at + 1) });
    /** @type {Page | null} */
    const page = await this.api.call("GET", `/search?${query}`).catch(() => null);
    const now = page?.items.find(({ message }) => message.seq === seq && message.text === text);
    if (!now || round !== this.#round || !this.hits.includes(hit)) return;
    this.hits = this.hits.map((one) => (one === hit ? now : one));
    this.onChange();
  }

  /** @param {number} round @param {Promise<unknown>} work */
  async #settle(round, work) {
    const problem = await work.then(() => null, (error) => error);
    if (round !== this.#round) return;
    this.problem = problem;
    this.busy = false;
    // what was answered may be older than what was heard meanwhile
    this.#news.splice(0).forEach((news) => this.retold(news));
    this.onChange();
  }

  /** People and conversations; not where one looks in one conversation, or at one person. @param {number} round */
  async #names(round) {
    const { words, conversation, from } = this.question;
    if (conversation || from) return void (this.#named = true);
    const found = await this.api.names(words, NAMES);
    if (round !== this.#round) return;
    this.people = found.people;
    this.conversations = found.conversations;
    this.#named = true;
    this.onChange();
  }

  /** The next hits; a search that has to look far answers with empty pages on its way. @param {number} round */
  async #page(round) {
    for (let turned = 0; turned < EMPTY_PAGES && round === this.#round; turned += 1) {
      /** @type {Page} */
      const page = await this.api.call("GET", `/search?${this.#query()}`);
      if (round !== this.#round) return;
      this.hits.push(...page.items);
      this.more = page.more;
      this.#next = page.next;
      if (page.items.length || !page.more) return;
    }
  }

  #query() {
    const { words, conversation, from, since, until } = this.question;
    const query = new URLSearchParams({ q: words });
    const others = { conversation, from, since, until, before: this.#next };
    for (const [name, value] of Object.entries(others)) if (value) query.set(name, String(value));
    return query;
  }
}

/** @param {Hit} hit @param {Retold} news */
function isOf({ message }, { conversation, seq }) {
  return message.conversation === conversation && (seq === undefined || message.seq === seq);
}

/** @template {{title: string}} T @param {T} found @param {string | undefined} title  As far as it is known. @returns {T} */
function titled(found, title) {
  return title === undefined || title === found.title ? found : { ...found, title };
}

/** What is left of a hit whose message says this now; nothing, if it is gone. @param {Hit} hit @param {string} [text] @returns {Hit[]} */
function said(hit, text) {
  return text === undefined ? [] : [{ ...hit, message: { ...hit.message, text }, highlights: [] }];
}
