-- One-time links that an operator prints for who has lost a password; only a hash of each.

CREATE TABLE password_resets (
    token_hash BLOB NOT NULL PRIMARY KEY,
    user_id    INTEGER NOT NULL REFERENCES users (id),
    expires_at INTEGER NOT NULL
);

CREATE INDEX password_resets_by_user ON password_resets (user_id);
