/**
 * What is in a text: links, code, names; pure, and in linear time whatever the text.
 *
 * @typedef {{kind: "text" | "code" | "block" | "mention", text: string} | {kind: "link", text: string, href: string}} Token
 */

const BLOCK = /```(?:[\w+#.-]*\n)?([^]*?)```/g;
const CODE = /(?<!`)`([^`\n]+)`(?!`)/g;
/** An address ends at space, quotes, what turns the direction of writing, and where Chinese or Japanese goes on. */
const LINK = /\bhttps?:\/\/[^\s<>"`|\\^{}\p{C}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef\u2018-\u201d\u2026]+/giu;
/** What ends a sentence and seldom an address. */
const TRAILING = /[.,;:!?'*_~)\]]/;
const PAIRS = new Map([[")", "("], ["]", "["]]);

/**
 * The text in pieces; put together again they are all of it, but for the marks of code.
 *
 * @param {string} text
 * @param {string[]} [names]  Whose mention, as `@name`, is one.
 * @returns {Token[]}
 */
export function tokens(text, names = []) {
  const blocks = split(text, BLOCK, ([, inner]) => (inner.trim() ? { kind: "block", text: inner.replace(/\n$/, "") } : null));
  const codes = within(blocks, CODE, ([, inner]) => ({ kind: "code", text: inner }));
  const links = within(codes, LINK, ([found]) => link(found));
  return names.length ? within(links, mention(names), ([found]) => ({ kind: "mention", text: found })) : links;
}

/**
 * @typedef {(match: RegExpExecArray) => Token | null} Make  Null where it is only text after all.
 *
 * @param {Token[]} all
 * @param {RegExp} pattern
 * @param {Make} make
 */
function within(all, pattern, make) {
  return all.flatMap((token) => (token.kind === "text" ? split(token.text, pattern, make) : [token]));
}

/** @param {string} text @param {RegExp} pattern @param {Make} make @returns {Token[]} */
function split(text, pattern, make) {
  /** @type {Token[]} */
  const found = [];
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    const token = make(match);
    if (!token) continue;
    if (match.index > done) found.push({ kind: "text", text: text.slice(done, match.index) });
    found.push(token);
    // a link may end before its match does
    done = match.index + (token.kind === "link" ? token.text.length : match[0].length);
  }
  if (done < text.length) found.push({ kind: "text", text: text.slice(done) });
  return found;
}

/** @param {string} found @returns {Token | null} */
function link(found) {
  const text = withoutTrailing(found);
  const url = URL.canParse(text) ? new URL(text) : null;
  // who is named before an @ is not the host, and is there to deceive
  if (!url?.hostname || url.username || url.password || !/^https?:$/.test(url.protocol)) return null;
  return { kind: "link", text, href: url.href };
}

/** Without the full stop after it; a bracket stays that was opened in it. @param {string} found */
function withoutTrailing(found) {
  const open = new Map([...PAIRS].map(([close, open]) => [close, count(found, close) - count(found, open)]));
  let end = found.length;
  for (; end > 0 && TRAILING.test(found[end - 1]); end -= 1) {
    const surplus = open.get(found[end - 1]);
    if (surplus === undefined) continue;
    if (surplus <= 0) break;
    open.set(found[end - 1], surplus - 1);
  }
  return found.slice(0, end);
}

/** @param {string} text @param {string} character */
function count(text, character) {
  return text.split(character).length - 1;
}

/** @param {string[]} names */
function mention(names) {
  const longest = [...names].sort((a, b) => b.length - a.length).map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`(?<![A-Za-z0-9_.-])@(?:${longest.join("|")})(?![A-Za-z0-9_])`, "giu");
}
