-- Files that people upload. What is in them lies on the disk, under the name `place`.

-- purpose is 'upload' until it is sent, then 'message', or 'person' or 'group' for a picture of one.
-- conversation_id and seq are of the message; a group's picture has the conversation alone.
CREATE TABLE files (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id        INTEGER NOT NULL,
    place           TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    size            INTEGER NOT NULL,
    type            TEXT NOT NULL,
    width           INTEGER NULL,
    height          INTEGER NULL,
    thumbnail       INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    purpose         TEXT NOT NULL DEFAULT 'upload',
    conversation_id INTEGER NULL,
    seq             INTEGER NULL,
    position        INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX files_by_owner ON files (owner_id, size);
CREATE INDEX files_by_message ON files (conversation_id, seq);
CREATE INDEX files_by_purpose ON files (purpose, created_at);

-- How many rows files has for it.
ALTER TABLE messages ADD COLUMN filed INTEGER NOT NULL DEFAULT 0;

ALTER TABLE users ADD COLUMN picture_id INTEGER NULL;

ALTER TABLE conversations ADD COLUMN picture_id INTEGER NULL;
