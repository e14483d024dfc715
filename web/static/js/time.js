import { language, t, tn } from "./i18n.js";

/** Times as people read them. */

const DAY = 86_400_000;
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const weekday = new Intl.DateTimeFormat(language, { weekday: "short" });
const monthDay = new Intl.DateTimeFormat(language, { month: "short", day: "numeric" });
const numeric = new Intl.DateTimeFormat(language, { year: "numeric", month: "numeric", day: "numeric" });
const dayOfYear = new Intl.DateTimeFormat(language, { weekday: "long", month: "long", day: "numeric" });
const fullDay = new Intl.DateTimeFormat(language, { year: "numeric", month: "long", day: "numeric" });
const complete = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });

/** Midnight before. @param {number} at */
export function startOfDay(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** How many midnights lie between. @param {number} at @param {number} now */
function daysAgo(at, now) {
  return Math.round((startOfDay(now) - startOfDay(at)) / DAY);
}

/** @param {number} at */
export function timeOfDay(at) {
  return clock.format(at);
}

/** @param {number} at */
export function fullTime(at) {
  return complete.format(at);
}

/** For a line of a list: as short as it can be. @param {number} at @param {number} now */
export function briefTime(at, now) {
  const days = daysAgo(at, now);
  if (days <= 0) return clock.format(at);
  if (days === 1) return t("time.yesterday");
  if (days < 7) return weekday.format(at);
  return sameYear(at, now) ? monthDay.format(at) : numeric.format(at);
}

/** When someone was last there. @param {number} at @param {number} now */
export function lastSeen(at, now) {
  const minutes = Math.max(0, Math.floor((now - at) / 60_000));
  if (minutes < 1) return t("presence.just_now");
  if (minutes < 60) return tn("presence.minutes", minutes);
  const days = daysAgo(at, now);
  if (days <= 0) return t("presence.today", { time: clock.format(at) });
  if (days === 1) return t("presence.yesterday", { time: clock.format(at) });
  return t("presence.on", { day: sameYear(at, now) ? monthDay.format(at) : numeric.format(at) });
}

/** For the line above a day's messages. @param {number} at @param {number} now */
export function dayName(at, now) {
  const days = daysAgo(at, now);
  if (days === 0) return t("time.today");
  if (days === 1) return t("time.yesterday");
  return sameYear(at, now) ? dayOfYear.format(at) : fullDay.format(at);
}

/** @param {number} at @param {number} now */
function sameYear(at, now) {
  return new Date(at).getFullYear() === new Date(now).getFullYear();
}

/** A moment that may be days away: the time alone when it is today. @param {number} at @param {number} now */
export function momentOf(at, now) {
  const time = clock.format(at);
  if (startOfDay(at) === startOfDay(now)) return time;
  return `${sameYear(at, now) ? monthDay.format(at) : numeric.format(at)} ${time}`;
}
