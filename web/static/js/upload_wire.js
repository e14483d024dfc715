import { BASE, Refused } from "./api.js";

/**
 * One file to the server. By XMLHttpRequest, for `fetch` does not tell how far it has come.
 *
 * @import { Api } from "./api.js"
 * @import { Transfer, Wire } from "./uploads.js"
 * @import { FileInfo } from "./protocol/types.js"
 */

/** @param {Api} api @returns {Wire} */
export function uploadWire(api) {
  return {
    send: (file, onProgress) => transfer(api, file, onProgress),
    remove: (id) => api.call("DELETE", `/files/${id}`),
  };
}

/** A file that is on the server, once more as an upload of one's own. @param {Api} api @param {number} id @returns {Promise<FileInfo>} */
export async function copyOf(api, id) {
  return (await api.call("POST", `/files/${id}/copy`, {})).file;
}

/** @param {Api} api @param {File} file @param {(share: number) => void} onProgress @returns {Transfer} */
function transfer(api, file, onProgress) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("file", file, file.name);
  request.open("POST", `${BASE}/files`);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRF-Token", api.csrf);
  request.responseType = "json";
  request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
  /** @type {Promise<FileInfo>} */
  const done = new Promise((resolve, reject) => {
    const fail = () => reject(new Refused(request.status, request.response?.error ?? {}));
    request.addEventListener("load", () => (request.status === 201 ? resolve(request.response.file) : fail()));
    for (const event of ["error", "abort", "timeout"]) request.addEventListener(event, fail);
  });
  request.send(form);
  return { done, abort: () => request.abort() };
}
