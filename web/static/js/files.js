import { language } from "./i18n.js";

/**
 * Files as people speak of them, and where the server has them.
 *
 * @import { FileInfo } from "./protocol/types.js"
 */

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** Where the server has a file. @param {Pick<FileInfo, "id">} file */
export function addressOf({ id }) {
  return `/api/v1/files/${id}`;
}

/** How large a file is. @param {number} bytes */
export function sizeOf(bytes) {
  const power = Math.min(UNITS.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  const unit = { style: "unit", unit: UNITS[power], unitDisplay: power ? "short" : "long", maximumFractionDigits: value < 10 && power ? 1 : 0 };
  return new Intl.NumberFormat(language, /** @type {Intl.NumberFormatOptions} */ (unit)).format(value);
}
