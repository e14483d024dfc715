import { newsOf, saidAfter } from "./group_news.js";

/**
 * Keeps a list of members true to what the group's own messages tell.
 *
 * @import { Head } from "../protocol/types.js"
 * @import { Room } from "../store.js"
 * @import { News } from "./group_news.js"
 * @import { MemberPages } from "./member_pages.js"
 * @import { MemberRows } from "./member_rows.js"
 */

export class MemberNews {
  #heardUpTo;
  #mine;

  /** @param {Head} head @param {MemberRows} rows @param {MemberPages} pages */
  constructor(head, rows, pages) {
    this.rows = rows;
    this.pages = pages;
    this.#heardUpTo = head.last_seq;
    this.#mine = head.role;
  }

  /** Take over what was said since; where that is not known, the list is fetched again. @param {Room} room */
  follow(room) {
    const said = saidAfter(room, this.#heardUpTo);
    this.#heardUpTo = room.head.last_seq;
    const news = said?.map((message) => newsOf(message, (user) => this.rows.member(user)));
    if (!news || this.#ownerLeft(news)) return this.pages.begin();
    news.forEach((one) => this.#apply(one));
    if (room.head.role !== this.#mine) this.rows.drawAll();
    this.#mine = room.head.role;
  }

  /** Whose the group becomes then, no message says. @param {News[]} news */
  #ownerLeft(news) {
    return news.some(({ gone }) => gone.some((user) => this.rows.member(user)?.role === "owner"));
  }

  /** @param {News} news */
  #apply({ changed, gone }) {
    for (const member of changed) {
      if (this.rows.has(member)) this.rows.draw(member);
      else if (!this.pages.query) this.rows.add(member);
    }
    gone.forEach((user) => this.rows.drop(user));
  }
}
