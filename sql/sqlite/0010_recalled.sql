-- Of a message that was taken back nothing stays that its text could be guessed by.

CREATE INDEX message_edits_by_message ON message_edits (conversation_id, seq);

UPDATE messages SET content_hash = zeroblob(32) WHERE recalled_at IS NOT NULL;

UPDATE message_edits SET content_hash = zeroblob(32)
 WHERE EXISTS (SELECT 1 FROM messages AS g
                WHERE g.conversation_id = message_edits.conversation_id
                  AND g.seq = message_edits.seq AND g.recalled_at IS NOT NULL);
