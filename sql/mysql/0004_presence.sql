-- What a person lets others see of them, and when they were last connected.

ALTER TABLE users ADD COLUMN share_receipts TINYINT NOT NULL DEFAULT 1;

ALTER TABLE users ADD COLUMN share_presence TINYINT NOT NULL DEFAULT 1;

ALTER TABLE users ADD COLUMN share_typing TINYINT NOT NULL DEFAULT 1;

-- Apart from users, whose rows are locked by all that raises a version. No foreign key:
-- its check would lock them too.
CREATE TABLE sightings (
    user_id   BIGINT NOT NULL PRIMARY KEY,
    last_seen BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
