-- What of a conversation a search need not read: for each 64 messages a filter of their parts.

-- block is seq / 64; last_seq is how far the block was read, and what comes after it is not in
-- the filter. stale: a message of it changed since, and the filter says "perhaps" to everything.
CREATE TABLE search_terms (
    conversation_id INTEGER NOT NULL,
    block           INTEGER NOT NULL,
    last_seq        INTEGER NOT NULL,
    first_at        INTEGER NOT NULL,
    last_at         INTEGER NOT NULL,
    stale           INTEGER NOT NULL DEFAULT 0,
    filter          BLOB NOT NULL,
    PRIMARY KEY (conversation_id, block)
);

CREATE INDEX search_terms_by_stale ON search_terms (stale, conversation_id, block);
