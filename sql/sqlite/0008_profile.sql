-- What people settle about themselves, and accounts that are deleted.

-- '' was never chosen, '*' is the language of each browser.
ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT '';

-- Of a deleted account the row stays, without anything that tells whose it was.
ALTER TABLE users ADD COLUMN deleted_at INTEGER NULL;

-- Accounts that are to be deleted, until everything of them is.
CREATE TABLE deletions (
    user_id    INTEGER NOT NULL PRIMARY KEY,
    ordered_at INTEGER NOT NULL
);

-- The names of deleted accounts, as SHA-256 of their key: nobody else may have them.
CREATE TABLE reserved_names (
    name_hash BLOB NOT NULL PRIMARY KEY
) WITHOUT ROWID;
