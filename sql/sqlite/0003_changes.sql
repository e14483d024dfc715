-- Messages that change: edits, and reactions. A recall leaves an empty text and its time.

-- The text an edit brought is in the message alone: a recall has one place to empty.
CREATE TABLE message_edits (
    editor_id       INTEGER NOT NULL,
    client_id       BLOB NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    content_hash    BLOB NOT NULL,
    PRIMARY KEY (editor_id, client_id)
) WITHOUT ROWID;

CREATE TABLE reactions (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    emoji           TEXT NOT NULL,
    user_id         INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq, emoji, user_id)
) WITHOUT ROWID;

-- How many rows reactions has for it.
ALTER TABLE messages ADD COLUMN reacted INTEGER NOT NULL DEFAULT 0;
