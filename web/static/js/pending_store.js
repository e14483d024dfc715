/**
 * The drawer of the outbox: IndexedDB, or only this page's memory where a browser has none to give.
 *
 * @import { Drawer, Entry } from "./protocol/outbox.js"
 */

const DATABASE = "imchat";
const TABLE = "pending";

/** @implements {Drawer} */
export class PendingStore {
  /** @type {Promise<IDBDatabase | null>} */
  #database = opened();
  /** @type {Map<string, Entry>} */
  #memory = new Map();

  /** @param {number} user @returns {Promise<Entry[]>} */
  async all(user) {
    const database = await this.#database;
    if (!database) return [...this.#memory.values()].filter((entry) => entry.user === user);
    const range = IDBKeyRange.bound([user], [user, []]);
    return answered(database.transaction(TABLE).objectStore(TABLE).getAll(range));
  }

  /** @param {Entry} entry */
  async put(entry) {
    const database = await this.#database;
    if (database) await done(database, (table) => table.put(entry));
    else this.#memory.set(entry.client_id, entry);
  }

  /** @param {Entry} entry */
  async remove(entry) {
    const database = await this.#database;
    if (database) await done(database, (table) => table.delete([entry.user, entry.client_id]));
    else this.#memory.delete(entry.client_id);
  }
}

/** @returns {Promise<IDBDatabase | null>} */
async function opened() {
  try {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: ["user", "client_id"] });
    return await answered(request);
  } catch {
    return null;
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Write, and wait until it is kept.
 *
 * @param {IDBDatabase} database
 * @param {(table: IDBObjectStore) => void} write
 * @returns {Promise<void>}
 */
function done(database, write) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(TABLE, "readwrite");
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    write(transaction.objectStore(TABLE));
  });
}
