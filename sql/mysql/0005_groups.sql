-- Groups that say what they are for, keep order, and let people in by a link.

ALTER TABLE conversations ADD COLUMN description VARCHAR(300) NOT NULL DEFAULT '';

-- 1: only who keeps the group in order writes there.
ALTER TABLE conversations ADD COLUMN announcement_only TINYINT NOT NULL DEFAULT 0;

-- Until when a member may not write; 0: may, 9007199254740991: until it is lifted.
ALTER TABLE members ADD COLUMN silenced_until BIGINT NOT NULL DEFAULT 0;

-- code is part of a link that leaders look up again, so it is kept as it is.
-- expires_at null: never; uses null: any number. used is counted under the conversation's lock.
CREATE TABLE invites (
    id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    conversation_id BIGINT NOT NULL,
    code            VARCHAR(32) NOT NULL UNIQUE,
    made_by         BIGINT NOT NULL,
    made_at         BIGINT NOT NULL,
    expires_at      BIGINT NULL,
    uses            BIGINT NULL,
    used            BIGINT NOT NULL DEFAULT 0,
    revoked_at      BIGINT NULL,
    INDEX invites_by_conversation (conversation_id, revoked_at),
    INDEX invites_by_maker (made_by),
    FOREIGN KEY (conversation_id) REFERENCES conversations (id),
    FOREIGN KEY (made_by) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who has registered by a link and is not in its group yet: counted already.
CREATE TABLE invite_admissions (
    invite_id BIGINT NOT NULL,
    user_id   BIGINT NOT NULL,
    PRIMARY KEY (invite_id, user_id),
    FOREIGN KEY (invite_id) REFERENCES invites (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
