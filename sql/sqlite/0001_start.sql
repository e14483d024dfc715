-- The first schema. Times are milliseconds since the epoch; positions start at 1, 0 is "nothing yet".

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    username      TEXT NOT NULL,
    name_key      TEXT NOT NULL UNIQUE,
    display_name  TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    last_version  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    token_hash   BLOB NOT NULL UNIQUE,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    address      TEXT NOT NULL,
    agent        TEXT NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id);

-- One row a pair; asker_id is who asked, friends_at is null until the other accepts.
CREATE TABLE friendships (
    low_id     INTEGER NOT NULL REFERENCES users (id),
    high_id    INTEGER NOT NULL REFERENCES users (id),
    asker_id   INTEGER NOT NULL,
    note       TEXT NOT NULL,
    asked_at   INTEGER NOT NULL,
    friends_at INTEGER NULL,
    PRIMARY KEY (low_id, high_id)
);

CREATE INDEX friendships_by_high ON friendships (high_id);

CREATE TABLE blocks (
    blocker_id INTEGER NOT NULL REFERENCES users (id),
    blocked_id INTEGER NOT NULL REFERENCES users (id),
    at         INTEGER NOT NULL,
    PRIMARY KEY (blocker_id, blocked_id)
);

CREATE INDEX blocks_by_blocked ON blocks (blocked_id);

-- direct_key is "<low id>:<high id>" of a direct conversation, null of a group.
CREATE TABLE conversations (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT NOT NULL,
    direct_key   TEXT NULL UNIQUE,
    title        TEXT NOT NULL,
    public       INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    last_seq     INTEGER NOT NULL DEFAULT 0,
    last_rev     INTEGER NOT NULL DEFAULT 0,
    last_at      INTEGER NOT NULL DEFAULT 0,
    members_rev  INTEGER NOT NULL DEFAULT 0,
    member_count INTEGER NOT NULL DEFAULT 0
);

-- state is 'active', 'left', 'removed' or 'banned'; only the first may read or write.
CREATE TABLE members (
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    user_id         INTEGER NOT NULL REFERENCES users (id),
    role            TEXT NOT NULL,
    state           TEXT NOT NULL,
    joined_at       INTEGER NOT NULL,
    read_seq        INTEGER NOT NULL DEFAULT 0,
    received_seq    INTEGER NOT NULL DEFAULT 0,
    hidden_seq      INTEGER NOT NULL DEFAULT 0,
    muted           INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, user_id)
);

CREATE INDEX members_by_user ON members (user_id, state, conversation_id);

-- No foreign keys: who may write was checked under the conversation's lock.
-- text of a system message is JSON; mentioned is how many rows mentions has for it.
CREATE TABLE messages (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    rev             INTEGER NOT NULL,
    sender_id       INTEGER NOT NULL,
    client_id       BLOB NOT NULL,
    content_hash    BLOB NOT NULL,
    at              INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    text            TEXT NOT NULL,
    reply_to        INTEGER NULL,
    mentioned       INTEGER NOT NULL DEFAULT 0,
    edited_at       INTEGER NULL,
    recalled_at     INTEGER NULL,
    PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;

CREATE UNIQUE INDEX messages_by_rev ON messages (conversation_id, rev);

CREATE UNIQUE INDEX messages_by_client ON messages (sender_id, client_id);

CREATE TABLE mentions (
    user_id         INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    PRIMARY KEY (user_id, conversation_id, seq)
) WITHOUT ROWID;

CREATE INDEX mentions_by_message ON mentions (conversation_id, seq);
