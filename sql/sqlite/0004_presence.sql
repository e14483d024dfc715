-- What a person lets others see of them, and when they were last connected.

ALTER TABLE users ADD COLUMN share_receipts INTEGER NOT NULL DEFAULT 1;

ALTER TABLE users ADD COLUMN share_presence INTEGER NOT NULL DEFAULT 1;

ALTER TABLE users ADD COLUMN share_typing INTEGER NOT NULL DEFAULT 1;

-- Apart from users, whose rows are locked by all that raises a version. No foreign key:
-- its check would lock them too.
CREATE TABLE sightings (
    user_id   INTEGER NOT NULL PRIMARY KEY,
    last_seen INTEGER NOT NULL
);
