/**
 * The nouns of the wire, as types only: every frame and record of `imchat.v1` that the page reads.
 *
 * @typedef {{id: number, username: string, display_name: string, deleted?: true, picture?: number}} Person
 * @typedef {Person & {read?: number, received?: number}} Peer
 * @typedef {{until?: number}} Silence  One may not write until then.
 * @typedef {{what: string, user?: Person, title?: string, description?: string, until?: number, link_of?: Person, picture?: number, members?: number}} SystemNote  `members`: how many there are now.
 * @typedef {{id: number, name: string, size: number, type: string, width?: number, height?: number, thumbnail?: boolean}} FileInfo  Size in pixels: a picture that can be shown.
 * @typedef {{seq: number, at: number, sender: Person, kind: string, text: string, recalled?: boolean, system?: SystemNote, files?: FileInfo[]}} Preview
 *
 * @typedef {object} Head  One line of the list of conversations.
 * @property {number} conversation
 * @property {"direct" | "group"} kind
 * @property {string} title
 * @property {Peer} [peer]
 * @property {number} last_rev
 * @property {number} last_seq
 * @property {number} read_seq
 * @property {number} unread  100 means "100 or more".
 * @property {number} mentions
 * @property {Preview} [preview]
 * @property {number} [hidden_seq]  Everything up to here was cleared for oneself.
 * @property {boolean} muted
 * @property {number} members
 * @property {"owner" | "moderator" | "member"} role
 * @property {boolean} public
 * @property {string} [description]
 * @property {boolean} [announcement_only]  Only who leads the group writes there.
 * @property {Silence} [silenced]  One may not write until then; without a time, until it is lifted.
 * @property {number} [picture]  Of a group.
 *
 * @typedef {[string, number, boolean?]} Reaction  emoji, how many, mine
 *
 * @typedef {object} Message
 * @property {"message"} [type]
 * @property {number} conversation
 * @property {number} seq
 * @property {number} rev
 * @property {string} client_id
 * @property {Person} sender
 * @property {number} at
 * @property {string} kind  text, file, system
 * @property {string} text
 * @property {SystemNote} [system]
 * @property {number} [reply_to]
 * @property {number[]} [mentions]
 * @property {number} [edited_at]
 * @property {boolean} [recalled]
 * @property {Reaction[]} [reactions]
 * @property {FileInfo[]} [files]
 *
 * @typedef {object} Change
 * @property {"change"} type
 * @property {number} conversation
 * @property {number} rev
 * @property {number} seq
 * @property {"edit" | "recall" | "react"} op
 * @property {number} by
 * @property {number} at
 * @property {string} [text]
 * @property {number} [edited_at]
 * @property {number[]} [mentions]  Of an edit, where they are others than before.
 * @property {string} [emoji]
 * @property {boolean} [on]
 * @property {number} [count]
 *
 * @typedef {(Message & {type: "message"}) | Change} LiveEvent
 * @typedef {{type: "delta", id?: number, conversation: number, from: number, to: number, items: Message[], more: boolean}} Delta
 * @typedef {{type: "reset", id?: number, conversation: number, rev: number, why: "too_far" | "epoch" | "cleared" | "gone"}} Reset
 * @typedef {{type: "ack", id?: number, client_id?: string, conversation: number, seq: number, rev: number, at: number, duplicate?: boolean}} Ack
 * @typedef {{type: "ack", id?: number, client_id: string, results: (Ack | Refusal)[]}} Acks  To a list of people, in its order.
 * @typedef {{type: "error", id?: number, code: string, message: string, temporary: boolean, retry_after?: number, reason?: string, field?: string, until?: number}} Refusal
 * @typedef {{type: "ok", id?: number, conversation: number, items: Message[], more: boolean}} Page
 * @typedef {Ack | Acks | Refusal} Reply
 *
 * @typedef {object} Ready
 * @property {"ready"} type
 * @property {number} id
 * @property {Person} user
 * @property {string} epoch
 * @property {number} now
 * @property {number} heartbeat
 * @property {Record<string, number>} limits
 * @property {number} version
 * @property {Head[]} conversations
 * @property {boolean} more
 *
 * @typedef {"friend" | "incoming" | "outgoing" | "blocked" | "none"} ContactState
 * @typedef {{online: boolean, last_seen?: number}} Sighting
 * @typedef {{receipts: boolean, presence: boolean, typing: boolean}} Settings
 * @typedef {{user: Person, state: ContactState, note?: string, at: number}} Contact
 * @typedef {Contact & {presence?: Sighting}} Friend  As the list of contacts has it.
 * @typedef {{type: "update", version: number, kind: "contacts", contact: Contact}} ContactsUpdate
 * @typedef {{type: "update", version: number, kind: "membership", conversation: number, member: boolean, head?: Head}} MembershipUpdate
 * @typedef {{type: "update", version: number, kind: "session"}} SessionUpdate
 * @typedef {{type: "update", version: number, kind: "settings", settings: Settings}} SettingsUpdate
 * @typedef {{type: "update", version: number, kind: "profile", user: Person}} ProfileUpdate  `version` 0: it counts in no list.
 * @typedef {ContactsUpdate | MembershipUpdate | SessionUpdate | SettingsUpdate | ProfileUpdate} Update
 * @typedef {{type: "presence", user: number, online: boolean, last_seen?: number}} PresenceEvent
 * @typedef {{type: "typing", conversation: number, user: number}} TypingEvent
 * @typedef {{type: "cursor", conversation: number, user: number, read: number, received: number, unread?: number, mentions?: number, last_seq?: number}} CursorEvent  `last_seq`: as of the counts.
 * @typedef {{type: "lag", conversations: [number, number][], version: number}} Lag
 * @typedef {{type: "bye", code: number, retry_after: [number, number], why: string}} Bye
 * @typedef {{type: "pong", now: number}} Pong
 *
 * What the page asks and says; the connection adds the `id` of those that are answered.
 *
 * @typedef {{type: "hello", epoch?: string, cursors: [number, number][]}} HelloRequest
 * @typedef {{type: "send", client_id: string, conversation?: number, to?: string | string[], text: string, reply_to?: number, mentions?: number[], files?: number[]}} SendRequest
 * @typedef {{type: "edit", client_id: string, conversation: number, seq: number, text: string, mentions?: number[]}} EditRequest
 * @typedef {{type: "recall", conversation: number, seq: number}} RecallRequest
 * @typedef {{type: "react", conversation: number, seq: number, emoji: string, on: boolean}} ReactRequest
 * @typedef {{type: "read", conversation: number, seq: number}} ReadRequest
 * @typedef {{type: "received", cursors: [number, number][]}} ReceivedRequest
 * @typedef {{type: "typing", conversation: number}} TypingRequest
 * @typedef {{type: "history", conversation: number, before?: number, after?: number, around?: number, limit: number}} HistoryRequest
 * @typedef {{type: "changes", conversation: number, after: number}} ChangesRequest
 * @typedef {{type: "ping"}} PingRequest
 * @typedef {SendRequest | EditRequest | RecallRequest | ReactRequest} Writing
 * @typedef {Writing | HelloRequest | HistoryRequest | ChangesRequest} Question  Answered by one reply.
 * @typedef {ReadRequest | ReceivedRequest | TypingRequest | PingRequest} Saying
 *
 * @typedef {LiveEvent | Delta | Reset | Reply | Page | Ready | Update | CursorEvent | PresenceEvent | TypingEvent | Lag | Bye | Pong} Frame
 */

export {};
