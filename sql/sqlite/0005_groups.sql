-- Groups that say what they are for, keep order, and let people in by a link.

ALTER TABLE conversations ADD COLUMN description TEXT NOT NULL DEFAULT '';

-- 1: only who keeps the group in order writes there.
ALTER TABLE conversations ADD COLUMN announcement_only INTEGER NOT NULL DEFAULT 0;

-- Until when a member may not write; 0: may, 9007199254740991: until it is lifted.
ALTER TABLE members ADD COLUMN silenced_until INTEGER NOT NULL DEFAULT 0;

-- code is part of a link that leaders look up again, so it is kept as it is.
-- expires_at null: never; uses null: any number. used is counted under the conversation's lock.
CREATE TABLE invites (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    code            TEXT NOT NULL UNIQUE,
    made_by         INTEGER NOT NULL REFERENCES users (id),
    made_at         INTEGER NOT NULL,
    expires_at      INTEGER NULL,
    uses            INTEGER NULL,
    used            INTEGER NOT NULL DEFAULT 0,
    revoked_at      INTEGER NULL
);

CREATE INDEX invites_by_conversation ON invites (conversation_id, revoked_at);

CREATE INDEX invites_by_maker ON invites (made_by);

-- Who has registered by a link and is not in its group yet: counted already.
CREATE TABLE invite_admissions (
    invite_id INTEGER NOT NULL REFERENCES invites (id),
    user_id   INTEGER NOT NULL,
    PRIMARY KEY (invite_id, user_id)
) WITHOUT ROWID;
