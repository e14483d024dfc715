-- One-time links that an operator prints for who has lost a password; only a hash of each.

CREATE TABLE password_resets (
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    user_id    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    INDEX password_resets_by_user (user_id),
    FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
