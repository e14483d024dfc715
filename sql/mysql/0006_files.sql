-- Files that people upload. What is in them lies on the disk, under the name `place`.

-- purpose is 'upload' until it is sent, then 'message', or 'person' or 'group' for a picture of one.
-- conversation_id and seq are of the message; a group's picture has the conversation alone.
CREATE TABLE files (
    id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    owner_id        BIGINT NOT NULL,
    place           VARCHAR(64) NOT NULL UNIQUE,
    name            VARCHAR(255) NOT NULL,
    size            BIGINT NOT NULL,
    type            VARCHAR(64) NOT NULL,
    width           INT NULL,
    height          INT NULL,
    thumbnail       TINYINT NOT NULL DEFAULT 0,
    created_at      BIGINT NOT NULL,
    purpose         VARCHAR(8) NOT NULL DEFAULT 'upload',
    conversation_id BIGINT NULL,
    seq             BIGINT NULL,
    position        INT NOT NULL DEFAULT 0,
    INDEX files_by_owner (owner_id, size),
    INDEX files_by_message (conversation_id, seq),
    INDEX files_by_purpose (purpose, created_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- How many rows files has for it.
ALTER TABLE messages ADD COLUMN filed INT NOT NULL DEFAULT 0;

ALTER TABLE users ADD COLUMN picture_id BIGINT NULL;

ALTER TABLE conversations ADD COLUMN picture_id BIGINT NULL;
