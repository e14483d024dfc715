-- What people settle about themselves, and accounts that are deleted.

-- '' was never chosen, '*' is the language of each browser.
ALTER TABLE users ADD COLUMN language VARCHAR(16) NOT NULL DEFAULT '';

-- Of a deleted account the row stays, without anything that tells whose it was.
ALTER TABLE users ADD COLUMN deleted_at BIGINT NULL;

-- Accounts that are to be deleted, until everything of them is.
CREATE TABLE deletions (
    user_id    BIGINT NOT NULL PRIMARY KEY,
    ordered_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The names of deleted accounts, as SHA-256 of their key: nobody else may have them.
CREATE TABLE reserved_names (
    name_hash BINARY(32) NOT NULL PRIMARY KEY
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
