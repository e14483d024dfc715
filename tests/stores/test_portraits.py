"""Pictures of people and groups on every database: one at a time, the one before gone."""

from __future__ import annotations

from imtwisted.entries import Found, Portray
from imtwisted.files import FileId, Uploaded
from imtwisted.refusals import BadRequest, Conflict, NotFound
from imtwisted.store.files import StoredFiles
from imtwisted.store.portraits import StoredPortraits
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once
from tests.stores.test_journals import journal_of


class PortraitContract(Contract):
    """What every database does with pictures."""

    async def furnish(self) -> None:
        self.files = StoredFiles(self.database)
        self.portraits = StoredPortraits(self.database)
        self.ann, self.bob, self.cy = await self.world.people("Ann", "Bob", "Cy")
        self.journal, _ = journal_of(self, 1)

    async def upload(self, place: str, width: int | None = 30) -> FileId:
        """A picture of Ann's; without a width, something else."""
        uploaded = Uploaded(place, "a.png", 10, "image/png", width, width)
        return (await self.files.add(self.ann.id, uploaded, 5, 1000)).id

    async def places(self) -> list[str]:
        """Where the files lie that there are."""
        rows = await self.database.read(lambda cursor: cursor.all("SELECT place FROM files"))
        return sorted(row[0] for row in rows)

    async def test_a_person(self) -> None:
        """Seen by everyone, in every list; another picture takes the first one's place."""
        one, other = await self.upload("aa"), await self.upload("bb")
        self.assertIsNone(await self.files.find(one, self.cy.id))
        changed = await self.portraits.portray(self.ann.id, one)
        assert changed is not None
        self.assertEqual((changed[0].picture, changed[2]), (one, ()))
        self.assertIsNotNone(await self.files.find(one, self.cy.id))
        self.assertIsNone(await self.portraits.portray(self.ann.id, one))
        self.assertEqual(await self.people.person("ann"), changed[0])
        changed = await self.portraits.portray(self.ann.id, other)
        assert changed is not None
        self.assertEqual((changed[0].picture, changed[2]), (other, ("aa",)))
        self.assertEqual(await self.places(), ["bb"])
        changed = await self.portraits.portray(self.ann.id, None)
        assert changed is not None
        self.assertEqual((changed[0].picture, changed[2], await self.places()), (None, ("bb",), []))

    async def test_refused(self) -> None:
        """Nothing is changed by what is nobody's, another's, used, or no picture."""
        one, words = await self.upload("aa"), await self.upload("bb", None)
        await self.refused(NotFound, self.portraits.portray(self.bob.id, one))
        await self.refused(NotFound, self.portraits.portray(self.ann.id, FileId(10**9)))
        await self.refused(BadRequest, self.portraits.portray(self.ann.id, words))
        found = await self.journal.append(Found(self.ann, b"g" * 16, "Team", False))
        team = found.conversation
        await self.journal.append(Portray(self.ann, b"p" * 16, team, one))
        await self.refused(Conflict, self.portraits.portray(self.ann.id, one))
        self.assertEqual(await self.places(), ["aa", "bb"])

    async def test_at_once(self) -> None:
        """Two devices choose at the same time: one picture is left, and one place is told gone."""
        one, other = await self.upload("aa"), await self.upload("bb")
        changed = await at_once(
            self.portraits.portray(self.ann.id, one), self.portraits.portray(self.ann.id, other)
        )
        gone = [place for each in changed if each for place in each[2]]
        self.assertEqual(sorted([*gone, *await self.places()]), ["aa", "bb"])
        self.assertEqual(len(gone), 1)

    async def test_a_group(self) -> None:
        """Its head has it, its members see it, and what it was before is told to be gone."""
        one, other = await self.upload("aa"), await self.upload("bb")
        found = await self.journal.append(Found(self.ann, b"g" * 16, "Team", False, (self.bob,)))
        team = found.conversation
        await self.journal.append(Portray(self.ann, b"p" * 16, team, one))
        head, _ = await self.conversations.head(self.bob.id, team)
        assert head is not None
        self.assertEqual(head.conversation.picture, one)
        seen = [await self.files.find(one, each.id) for each in (self.bob, self.cy)]
        self.assertEqual([each is not None for each in seen], [True, False])
        changed = await self.journal.append(Portray(self.ann, b"q" * 16, team, other))
        self.assertEqual(changed.gone, ("aa",))
        again = await self.journal.append(Portray(self.ann, b"r" * 16, team, other))
        self.assertEqual((again.gone, again.message), ((), None))
        self.assertEqual(await self.places(), ["bb"])

    async def test_all_gone(self) -> None:
        """Of who leaves for good nothing stays but what a group shows."""
        kept = await self.upload("aa")
        await self.upload("bb")
        await self.portraits.portray(self.ann.id, await self.upload("cc"))
        found = await self.journal.append(Found(self.ann, b"g" * 16, "Team", False))
        await self.journal.append(Portray(self.ann, b"p" * 16, found.conversation, kept))
        self.assertEqual(await self.files.forget_all(self.ann.id), ["bb", "cc"])
        self.assertEqual(await self.files.forget_all(self.ann.id), [])
        self.assertEqual(await self.places(), ["aa"])


class PortraitsInlineTests(PortraitContract, OnInline):
    """In memory."""


class PortraitsSQLiteTests(PortraitContract, OnSQLite):
    """In a file."""


class PortraitsMariaDBTests(PortraitContract, OnMariaDB):
    """On a server."""
