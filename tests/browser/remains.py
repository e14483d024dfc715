"""What of a text a browser still has: in the page, and in all that outlives it."""

from __future__ import annotations

from tests.browser.windows import Window

# Everything the browser keeps for the page.
_KEPT = """
    async () => {
        const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
        for (const { name } of await indexedDB.databases()) {
            const database = await new Promise((done) => {
                const opening = indexedDB.open(name);
                opening.onsuccess = () => done(opening.result);
            });
            for (const store of database.objectStoreNames) {
                const all = await new Promise((done) => {
                    const asking = database.transaction(store).objectStore(store).getAll();
                    asking.onsuccess = () => done(asking.result);
                });
                found.push(JSON.stringify(all));
            }
            database.close();
        }
        return found.join("\\n");
    }
"""


def everything(window: Window) -> str:
    """The page, and what outlives it."""
    kept: str = window.page.evaluate(_KEPT)
    return window.page.content() + kept
