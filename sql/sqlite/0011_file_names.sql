-- Searches look through the names of files too: filters that know only texts are built again.

UPDATE search_terms
   SET filter = X'FF', stale = 1
 WHERE EXISTS (
       SELECT 1 FROM files
        WHERE files.conversation_id = search_terms.conversation_id
          AND files.seq BETWEEN search_terms.block * 64 AND search_terms.block * 64 + 63);
