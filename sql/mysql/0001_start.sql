-- The first schema. Times are milliseconds since the epoch; positions start at 1, 0 is "nothing yet".

CREATE TABLE meta (
    name  VARCHAR(64) NOT NULL PRIMARY KEY,
    value VARCHAR(255) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE users (
    id            BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    username      VARCHAR(64) NOT NULL,
    name_key      VARCHAR(191) NOT NULL UNIQUE,
    display_name  VARCHAR(128) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    created_at    BIGINT NOT NULL,
    last_version  BIGINT NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE sessions (
    id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id      BIGINT NOT NULL,
    token_hash   BINARY(32) NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    address      VARCHAR(64) NOT NULL,
    agent        VARCHAR(255) NOT NULL,
    INDEX sessions_by_user (user_id),
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row a pair; asker_id is who asked, friends_at is null until the other accepts.
CREATE TABLE friendships (
    low_id     BIGINT NOT NULL,
    high_id    BIGINT NOT NULL,
    asker_id   BIGINT NOT NULL,
    note       VARCHAR(255) NOT NULL,
    asked_at   BIGINT NOT NULL,
    friends_at BIGINT NULL,
    PRIMARY KEY (low_id, high_id),
    INDEX friendships_by_high (high_id),
    FOREIGN KEY (low_id) REFERENCES users (id),
    FOREIGN KEY (high_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE blocks (
    blocker_id BIGINT NOT NULL,
    blocked_id BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (blocker_id, blocked_id),
    INDEX blocks_by_blocked (blocked_id),
    FOREIGN KEY (blocker_id) REFERENCES users (id),
    FOREIGN KEY (blocked_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- direct_key is "<low id>:<high id>" of a direct conversation, null of a group.
CREATE TABLE conversations (
    id           BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind         VARCHAR(8) NOT NULL,
    direct_key   VARCHAR(41) NULL UNIQUE,
    title        VARCHAR(255) NOT NULL,
    public       TINYINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    last_seq     BIGINT NOT NULL DEFAULT 0,
    last_rev     BIGINT NOT NULL DEFAULT 0,
    last_at      BIGINT NOT NULL DEFAULT 0,
    members_rev  BIGINT NOT NULL DEFAULT 0,
    member_count BIGINT NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- state is 'active', 'left', 'removed' or 'banned'; only the first may read or write.
CREATE TABLE members (
    conversation_id BIGINT NOT NULL,
    user_id         BIGINT NOT NULL,
    role            VARCHAR(16) NOT NULL,
    state           VARCHAR(16) NOT NULL,
    joined_at       BIGINT NOT NULL,
    read_seq        BIGINT NOT NULL DEFAULT 0,
    received_seq    BIGINT NOT NULL DEFAULT 0,
    hidden_seq      BIGINT NOT NULL DEFAULT 0,
    muted           TINYINT NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, user_id),
    INDEX members_by_user (user_id, state, conversation_id),
    FOREIGN KEY (conversation_id) REFERENCES conversations (id),
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- No foreign keys: who may write was checked under the conversation's lock.
-- text of a system message is JSON; mentioned is how many rows mentions has for it.
CREATE TABLE messages (
    conversation_id BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    rev             BIGINT NOT NULL,
    sender_id       BIGINT NOT NULL,
    client_id       BINARY(16) NOT NULL,
    content_hash    BINARY(32) NOT NULL,
    at              BIGINT NOT NULL,
    kind            VARCHAR(8) NOT NULL,
    text            MEDIUMTEXT NOT NULL,
    reply_to        BIGINT NULL,
    mentioned       INT NOT NULL DEFAULT 0,
    edited_at       BIGINT NULL,
    recalled_at     BIGINT NULL,
    PRIMARY KEY (conversation_id, seq),
    UNIQUE INDEX messages_by_rev (conversation_id, rev),
    UNIQUE INDEX messages_by_client (sender_id, client_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE mentions (
    user_id         BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq),
    INDEX mentions_by_message (conversation_id, seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
