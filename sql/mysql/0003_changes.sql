-- Messages that change: edits, and reactions. A recall leaves an empty text and its time.

-- The text an edit brought is in the message alone: a recall has one place to empty.
CREATE TABLE message_edits (
    editor_id       BIGINT NOT NULL,
    client_id       BINARY(16) NOT NULL,
    conversation_id BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    content_hash    BINARY(32) NOT NULL,
    PRIMARY KEY (editor_id, client_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE reactions (
    conversation_id BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    emoji           VARCHAR(32) NOT NULL,
    user_id         BIGINT NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, seq, emoji, user_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How many rows reactions has for it.
ALTER TABLE messages ADD COLUMN reacted INT NOT NULL DEFAULT 0;
