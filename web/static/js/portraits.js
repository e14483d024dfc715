import { uploadWire } from "./upload_wire.js";

/**
 * Pictures of oneself and of groups: uploaded, then shown.
 *
 * @import { Api } from "./api.js"
 * @import { Head } from "./protocol/types.js"
 */

/**
 * What a `pictureField` of one's own asks.
 *
 * @param {Api} api
 */
export function ownPicture(api) {
  return {
    set: (/** @type {File} */ file, /** @type {(share: number) => void} */ onProgress) => shown(api, "/me/picture", file, onProgress).then(({ user }) => user.picture),
    clear: () => api.call("DELETE", "/me/picture").then(() => undefined),
  };
}

/**
 * What a `pictureField` of a group asks.
 *
 * @param {Api} api
 * @param {number} id
 * @param {(head: Head) => void} onChange
 */
export function groupPicture(api, id, onChange) {
  const path = `/conversations/${id}/picture`;
  /** @param {{conversation: Head}} answer */
  const told = ({ conversation }) => (onChange(conversation), conversation.picture);
  return {
    set: (/** @type {File} */ file, /** @type {(share: number) => void} */ onProgress) => shown(api, path, file, onProgress).then(told),
    clear: () => api.call("DELETE", path).then(told),
  };
}

/** @param {Api} api @param {string} path @param {File} file @param {(share: number) => void} onProgress */
async function shown(api, path, file, onProgress) {
  const wire = uploadWire(api);
  const { id } = await wire.send(file, onProgress).done;
  try {
    return await api.call("PUT", path, { file: id });
  } catch (error) {
    wire.remove(id).catch(() => undefined); // the server sweeps it in a day
    throw error;
  }
}
