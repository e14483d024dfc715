"""Files on every database: taken in by one, sent once, seen by those who may, gone when taken back."""

from __future__ import annotations

from imtwisted.entries import Committed, Exit, Found, Post, Recall
from imtwisted.files import File, FileId, Uploaded
from imtwisted.model import Person
from imtwisted.refusals import ChatError, Conflict, NotFound, TooLarge
from imtwisted.store.files import StoredFiles
from imtwisted.store.inline import InlineDatabase
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite, at_once
from tests.stores.test_journals import journal_of

SIZE = 100_000
ROOM = 1000


class FileContract(Contract):
    """What every database does with files."""

    async def furnish(self) -> None:
        self.files = StoredFiles(self.database)
        self.ann, self.bob, self.cy = await self.world.people("Ann", "Bob", "Cy")
        self.here, _ = journal_of(self, 1)
        self.there, _ = journal_of(self, 1)
        await self.contacts.ask(self.ann.id, self.bob.id, "", 1)
        await self.contacts.accept(self.bob.id, self.ann.id, 2)
        found = await self.here.append(Found(self.ann, b"g" * 16, "Team", False, (self.bob,)))
        self.team = found.conversation

    async def upload(self, place: str, owner: Person | None = None, size: int = 10) -> File:
        """A picture of Ann's, or of `owner`'s."""
        uploaded = Uploaded(place, "图 1.png", size, "image/png", 30, 20, True)
        return await self.files.add((owner or self.ann).id, uploaded, 5, ROOM)

    def post(self, number: int, *files: FileId, text: str = "") -> Post:
        """Ann says something in the team, with files."""
        return Post(self.team, self.ann, bytes([number]) * 16, text, files=files)

    async def sees(self, person: Person, file: File) -> bool:
        """Whether `person` may have the file; then it is as it was uploaded."""
        kept = await self.files.find(file.id, person.id)
        if kept is not None:
            self.assertEqual(kept.file, file)
        return kept is not None

    async def test_a_file_as_it_was(self) -> None:
        """Its owner alone has it, and it counts."""
        file = await self.upload("aa")
        self.assertEqual(file, File(file.id, "图 1.png", 10, "image/png", 30, 20, True))
        seen = [await self.sees(one, file) for one in (self.ann, self.bob)]
        self.assertEqual(seen, [True, False])
        self.assertEqual(await self.files.used(self.ann.id), 10)
        self.assertEqual(await self.files.used(self.bob.id), 0)

    async def test_room(self) -> None:
        """Ten at once of which three fit: three are taken."""

        async def outcome(number: int) -> bool:
            try:
                await self.upload(f"{number:02}", size=300)
            except TooLarge:
                return False
            return True

        taken = await at_once(*[outcome(number) for number in range(10)])
        self.assertEqual(sum(taken), 3)
        self.assertEqual(await self.files.used(self.ann.id), 900)

    async def test_sent(self) -> None:
        """With the message, in the order that was asked; to the members, while they are."""
        one, other = await self.upload("aa"), await self.upload("bb")
        await self.here.append(self.post(1, other.id, one.id))
        page = await self.timelines.history(self.bob.id, self.team, 10, SIZE)
        message = page.items[-1]
        self.assertEqual((message.kind, message.files), ("file", (other, one)))
        delta = await self.timelines.delta(self.bob.id, self.team, 0, 10, SIZE)
        self.assertIn(message, delta.items)
        heads = await self.conversations.heads(self.bob.id, 10)
        preview = heads.heads[0].preview
        self.assertEqual(preview.files if preview else None, (other, one))
        for person, may in ((self.ann, True), (self.bob, True), (self.cy, False)):
            self.assertEqual(await self.sees(person, one), may)
        await self.here.append(Exit(self.bob, b"x" * 16, self.team, self.bob))
        self.assertEqual(await self.sees(self.bob, one), False)

    async def test_cleared(self) -> None:
        """Who cleared the conversation for themselves does not see what was in it."""
        file = await self.upload("aa")
        sent = await self.here.append(self.post(1, file.id))
        assert sent.message is not None
        await self.conversations.hide(self.bob.id, self.team, sent.message.seq)
        self.assertEqual(await self.sees(self.bob, file), False)

    async def test_raced(self) -> None:
        """Two nodes send the same file, under one id and under another: one message has it."""
        file = await self.upload("aa")
        outcomes: list[Committed | ChatError] = []
        for number in (1, 2):
            for node in (self.here, self.there):
                node.submit(self.post(number, file.id), outcomes.append)
        await self.here.idle()
        await self.there.idle()
        refused = [each for each in outcomes if isinstance(each, ChatError)]
        told = [each for each in outcomes if isinstance(each, Committed)]
        self.assertEqual([type(each) for each in refused], [Conflict, Conflict])
        self.assertEqual([each.message.files for each in told if each.message], [(file,)] * 2)
        self.assertEqual(sorted(each.duplicate for each in told), [False, True])

    async def test_in_one_batch(self) -> None:
        """The second message of a batch with the same file is refused, the others are not."""
        file, other = await self.upload("aa"), await self.upload("bb")
        outcomes: list[Committed | ChatError] = []
        for entry in (
            self.post(1, file.id),
            self.post(2, file.id),
            self.post(3, text="words"),
            self.post(4, other.id, FileId(10**9)),
            self.post(5, other.id),
        ):
            self.here.submit(entry, outcomes.append)
        await self.here.idle()
        self.assertEqual(
            [type(each) for each in outcomes],
            [Committed, Conflict, Committed, NotFound, Committed],
        )
        page = await self.timelines.history(self.bob.id, self.team, 3, SIZE)
        self.assertEqual([each.files for each in page.items], [(file,), (), (other,)])

    async def test_recalled(self) -> None:
        """No row is left, and the commit says what lies on the disk."""
        one, other = await self.upload("aa"), await self.upload("bb")
        kept = await self.upload("cc")
        sent = await self.here.append(self.post(1, one.id, other.id))
        await self.here.append(self.post(2, kept.id))
        assert sent.message is not None
        recalled = await self.here.append(Recall(self.team, self.ann, sent.message.seq))
        self.assertEqual(sorted(recalled.gone), ["aa", "bb"])
        rows = await self.database.read(lambda cursor: cursor.all("SELECT place FROM files"))
        self.assertEqual(rows, [("cc",)])
        page = await self.timelines.history(self.bob.id, self.team, 10, SIZE)
        self.assertEqual([len(each.files) for each in page.items], [0, 0, 1])

    async def test_copied(self) -> None:
        """Another's copy is a file of its own: it counts as theirs, and outlives the original."""
        file = await self.upload("aa")
        sent = await self.here.append(self.post(1, file.id))
        kept = await self.files.find(file.id, self.bob.id)
        assert kept is not None and sent.message is not None
        copy = await self.upload("bb", self.bob)
        found = await self.here.append(Found(self.bob, b"h" * 16, "Other", False, ()))
        said = Post(found.conversation, self.bob, b"i" * 16, "", files=(copy.id,))
        again = await self.here.append(said)
        recalled = await self.here.append(Recall(self.team, self.ann, sent.message.seq))
        self.assertEqual(recalled.gone, ("aa",))
        self.assertEqual([await self.sees(self.bob, one) for one in (file, copy)], [False, True])
        self.assertEqual(await self.files.used(self.bob.id), 10)
        assert again.message is not None
        back = await self.here.append(Recall(found.conversation, self.bob, again.message.seq))
        self.assertEqual((back.gone, await self.files.used(self.bob.id)), (("bb",), 0))

    async def test_swept(self) -> None:
        """What waits too long goes, what was sent and what is new stay; strays are known."""
        await self.upload("aa")
        sent = await self.upload("bb")
        await self.here.append(self.post(1, sent.id))
        self.assertEqual(await self.files.forget_unsent(5), [])
        self.assertEqual(await self.files.forget_unsent(6), ["aa"])
        self.assertEqual(await self.files.forget_unsent(6), [])
        self.assertEqual(await self.files.unknown(["aa", "bb", "cc"]), ["aa", "cc"])
        self.assertEqual(await self.files.unknown([]), [])


class FilesInlineTests(FileContract, OnInline):
    """In memory."""

    async def test_words_alone_cost_nothing(self) -> None:
        """A message without files asks nothing of their table, written or read."""
        assert isinstance(self.database, InlineDatabase)
        asked: list[str] = []
        self.database._connection.set_trace_callback(asked.append)
        await self.here.append(self.post(1, text="words"))
        await self.timelines.history(self.bob.id, self.team, 10, SIZE)
        await self.conversations.heads(self.bob.id, 10)
        self.assertEqual([statement for statement in asked if "files" in statement], [])
        file = await self.upload("aa")
        await self.here.append(self.post(2, file.id))
        self.assertEqual(len([each for each in asked if "UPDATE files" in each]), 1)


class FilesSQLiteTests(FileContract, OnSQLite):
    """In a file."""


class FilesMariaDBTests(FileContract, OnMariaDB):
    """On a server."""
