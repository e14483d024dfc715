"""Conversations and who is in them."""

from __future__ import annotations

from dataclasses import replace

from imtwisted.model import ConversationId, Member, UserId
from imtwisted.refusals import NotAMember
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once


class ConversationContract(Contract):
    """What every database does with conversations."""

    async def test_lobby(self) -> None:
        """It is made once, with everyone who is there, and stays."""
        ann, bob = await self.world.people("Ann", "Bob")
        lobby = await self.conversations.lobby("Lobby", 5)
        made = await self.conversations.conversation(lobby)
        assert made is not None
        self.assertEqual((made.kind, made.title, made.public), ("group", "Lobby", True))
        self.assertEqual((made.last_at, made.member_count), (5, 2))
        self.assertEqual(await self.conversations.members(lobby), [ann.id, bob.id])
        self.assertEqual(await self.conversations.lobby("Lobby", 6), lobby)

    async def test_another_lobby_title(self) -> None:
        """The lobby there is gets it; nothing else changes, and no other group does."""
        ann = await self.world.person("Ann")
        lobby = await self.conversations.lobby("Lobby", 5)
        other = await self.world.group(ann, title="Lobby")
        before, _ = await self.conversations.head(ann.id, lobby)
        self.assertEqual(await self.conversations.lobby("大厅", 6), lobby)
        after, _ = await self.conversations.head(ann.id, lobby)
        assert before is not None and after is not None
        renamed = replace(before.conversation, title="大厅")
        self.assertEqual(after, replace(before, conversation=renamed, title="大厅"))
        group = await self.conversations.conversation(other)
        assert group is not None
        self.assertEqual(group.title, "Lobby")

    async def test_lobby_of_many_nodes(self) -> None:
        """Nodes that start at once have one lobby."""
        lobbies = await at_once(*(self.conversations.lobby("Lobby", 5) for _ in range(6)))
        self.assertEqual(len(set(lobbies)), 1)
        self.assertEqual(await self.world.row("SELECT COUNT(*) FROM conversations"), (1,))

    async def test_direct(self) -> None:
        """The two of a direct conversation find the same one."""
        ann, bob = await self.world.people("Ann", "Bob")
        self.assertIsNone(await self.conversations.find_direct(ann.id, bob.id))
        direct = await self.conversations.direct(bob.id, ann.id, 5)
        self.assertEqual((direct.kind, direct.member_count), ("direct", 2))
        self.assertEqual(direct.peer_of(ann.id), bob.id)
        self.assertEqual(await self.conversations.direct(ann.id, bob.id, 6), direct)
        self.assertEqual(await self.conversations.find_direct(bob.id, ann.id), direct)
        self.assertEqual(await self.conversations.conversation(direct.id), direct)
        self.assertEqual(await self.conversations.members(direct.id), [ann.id, bob.id])

    async def test_direct_at_once(self) -> None:
        """Two who write to each other in one moment make one conversation."""
        ann, bob = await self.world.people("Ann", "Bob")
        made = await at_once(
            *(
                self.conversations.direct(*ids, 5)
                for ids in [(ann.id, bob.id), (bob.id, ann.id)] * 4
            )
        )
        self.assertEqual(len({one.id for one in made}), 1)
        self.assertEqual(await self.conversations.members(made[0].id), [ann.id, bob.id])

    async def test_membership(self) -> None:
        """Who has left is not listed, on either side."""
        ann, bob = await self.world.people("Ann", "Bob")
        one, two = await self.world.group(ann, bob), await self.world.group(bob, ann)
        await self.world.leave(one, ann)
        self.assertEqual(await self.conversations.ids_of(ann.id), [two])
        self.assertEqual(await self.conversations.ids_of(bob.id), [one, two])
        self.assertEqual(await self.conversations.members(one), [bob.id])
        self.assertIsNone(await self.conversations.conversation(ConversationId(two + 1000)))

    async def test_member_list(self) -> None:
        """Who leads comes first, then everyone by name, page by page; who left does not."""
        dan, ann, bob, cat = await self.world.people("Dan", "Ann", "Bob", "Cat")
        group = await self.world.group(cat, bob, dan, ann)
        await self.world.leave(group, bob)
        page, more = await self.conversations.member_list(group, 2)
        self.assertEqual(
            (page, more), ([Member(cat, "owner", 1000), Member(ann, "member", 1000)], True)
        )
        page, more = await self.conversations.member_list(group, 2, ann.id)
        self.assertEqual((page, more), ([Member(dan, "member", 1000)], False))
        page, _ = await self.conversations.member_list(group, 2, cat.id)
        self.assertEqual([each.person for each in page], [ann, dan])
        self.assertEqual(
            await self.conversations.member(group, ann.id), Member(ann, "member", 1000)
        )
        self.assertIsNone(await self.conversations.member(group, bob.id))

    async def test_members_by_name(self) -> None:
        """By any part of either name, in any case; user names that begin with it first."""
        names = ("Lena", "Ulla", "ADELE", "李雷", "Zoe")
        people = await self.world.people(*names)
        group = await self.world.group(*people)

        async def found(query: str, limit: int = 10, after: UserId | None = None) -> list[str]:
            page, self.more = await self.conversations.member_list(group, limit, after, query)
            return [each.person.username for each in page]

        self.assertEqual(await found("LE"), ["Lena", "ADELE"])
        self.assertEqual(await found("李"), ["李雷"])
        self.assertEqual(await found("雷 b"), ["李雷"])  # of the display name
        self.assertEqual(await found("nobody"), [])
        self.assertEqual((await found("le", 1), self.more), (["Lena"], True))
        self.assertEqual((await found("le", 1, people[0].id), self.more), (["ADELE"], False))

    async def test_public_groups(self) -> None:
        """Groups one may join, newest first, found in capitals and in Chinese."""
        ann, bob = await self.world.people("Ann", "Bob")
        titles = ("Cooking", "cook book", "读书会", "COOKERS", "Mine to cook")
        groups = [await self.world.group(bob, title=title, public=True) for title in titles]
        await self.world.group(bob, title="cook in secret")
        await self.world.group(ann, title="cook at home", public=True)
        found, more = await self.conversations.public_groups(ann.id, "Cook", 2, None)
        self.assertEqual(([one.id for one in found], more), ([groups[4], groups[3]], True))
        found, more = await self.conversations.public_groups(ann.id, "cook", 2, groups[3])
        self.assertEqual(([one.id for one in found], more), ([groups[1], groups[0]], False))
        found, _ = await self.conversations.public_groups(ann.id, "书", 9, None)
        self.assertEqual([one.title for one in found], ["读书会"])
        found, _ = await self.conversations.public_groups(ann.id, "BOOK ook", 9, None)
        self.assertEqual([one.title for one in found], ["cook book"])
        found, _ = await self.conversations.public_groups(ann.id, "会 书", 9, None)
        self.assertEqual([one.title for one in found], ["读书会"])
        self.assertEqual(len((await self.conversations.public_groups(ann.id, "", 9, None))[0]), 5)
        self.assertEqual((await self.conversations.public_groups(ann.id, "%", 9, None))[0], [])

    async def test_set_muted(self) -> None:
        """Muting is one's own, and one's other devices learn of it by the version."""
        ann, bob = await self.world.people("Ann", "Bob")
        group = await self.world.group(ann, bob)
        self.assertEqual(await self.conversations.set_muted(ann.id, group, True), 1)
        self.assertEqual(await self.conversations.set_muted(ann.id, group, True), 2)
        mine, version = await self.conversations.head(ann.id, group)
        theirs, _ = await self.conversations.head(bob.id, group)
        assert mine is not None and theirs is not None
        self.assertEqual((mine.muted, theirs.muted, version), (True, False, 2))

    async def test_hide(self) -> None:
        """Clearing goes forward only, and never past the end."""
        ann, bob = await self.world.people("Ann", "Bob")
        group = await self.world.group(ann, bob)
        for text in ("one", "two", "three"):
            await self.world.say(bob, group, text)
        await self.world.edit(group, 3, "four")
        self.assertEqual(await self.conversations.hide(ann.id, group, 2), (1, 4))
        self.assertEqual(await self.hidden(ann.id, group), 2)
        await self.conversations.hide(ann.id, group, 1)
        self.assertEqual(await self.hidden(ann.id, group), 2)
        await self.conversations.hide(ann.id, group, 99)
        self.assertEqual(await self.hidden(ann.id, group), 3)
        self.assertEqual(await self.hidden(bob.id, group), 0)

    async def hidden(self, user: UserId, conversation: ConversationId) -> int:
        """Up to where `user` has cleared the conversation."""
        head, _ = await self.conversations.head(user, conversation)
        assert head is not None
        return head.hidden_seq

    async def test_not_a_member(self) -> None:
        """Who is not in it cannot mute or clear it, and nothing of theirs changes."""
        ann, bob = await self.world.people("Ann", "Bob")
        group = await self.world.group(ann, bob)
        await self.world.leave(group, bob)
        await self.refused(NotAMember, self.conversations.set_muted(bob.id, group, True))
        await self.refused(NotAMember, self.conversations.hide(bob.id, group, 1))
        self.assertEqual(await self.conversations.head(bob.id, group), (None, 0))


class ConversationsInlineTests(ConversationContract, OnInline):
    """In memory."""


class ConversationsSQLiteTests(ConversationContract, OnSQLite):
    """In a file."""


class ConversationsMariaDBTests(ConversationContract, OnMariaDB):
    """On a server."""
