-- What of a conversation a search need not read: for each 64 messages a filter of their parts.

-- block is seq / 64; last_seq is how far the block was read, and what comes after it is not in
-- the filter. stale: a message of it changed since, and the filter says "perhaps" to everything.
CREATE TABLE search_terms (
    conversation_id BIGINT NOT NULL,
    block           BIGINT NOT NULL,
    last_seq        BIGINT NOT NULL,
    first_at        BIGINT NOT NULL,
    last_at         BIGINT NOT NULL,
    stale           TINYINT NOT NULL DEFAULT 0,
    filter          BLOB NOT NULL,
    PRIMARY KEY (conversation_id, block),
    INDEX search_terms_by_stale (stale, conversation_id, block)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
