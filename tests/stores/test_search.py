"""Searching on every database: any part of what one may see, at once, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

from twisted.internet.task import Clock

from imtwisted.boundaries import Cursor, Row
from imtwisted.entries import Edit, Post, React, Recall
from imtwisted.findings import Findings, Spot, Wanted
from imtwisted.model import ConversationId, Person
from imtwisted.places import folder
from imtwisted.refusals import NotAMember
from imtwisted.rules.matching import fold
from imtwisted.store import search_terms
from imtwisted.store.files import StoredFiles
from imtwisted.store.filters import probes
from imtwisted.store.indexer import Indexer
from imtwisted.store.schema import statements
from imtwisted.store.search import find
from tests.stores.databases import OnInline, OnMariaDB, OnSQLite
from tests.stores.searching import SearchingContract

_FILTERS = "SELECT block, last_seq, stale, filter FROM search_terms WHERE conversation_id = %s"


class SearchContract(SearchingContract):
    """What every database finds."""

    async def test_any_part_in_any_script(self) -> None:
        """One character, two, or more, inside of words, whatever their width and case."""
        team = await self.world.group(self.ann, self.bob)
        for text in (
            "今天北京的天气",
            "Kubernetes",
            "東京タワーﾃｽﾄ",
            "안녕하세요",
            "ＡＢＣ straße",
        ):
            await self.world.say(self.ann, team, text)
        for query, text in (
            ("京的", "今天北京的天气"),
            ("气", "今天北京的天气"),
            ("bern", "Kubernetes"),
            ("NET", "Kubernetes"),
            ("タワ", "東京タワーﾃｽﾄ"),
            ("テスト", "東京タワーﾃｽﾄ"),
            ("녕하", "안녕하세요"),
            ("abc STRASSE", "ＡＢＣ straße"),
            ("ｂｃ", "ＡＢＣ straße"),
        ):
            self.assertEqual(await self.both_ways(self.bob, query), [text])
        self.assertEqual(await self.both_ways(self.bob, "京"), ["東京タワーﾃｽﾄ", "今天北京的天气"])
        for query in ("京天", "bernn", "abc kube", "녕요", "_", "%"):
            self.assertEqual(await self.both_ways(self.bob, query), [])

    async def test_only_what_one_may_see(self) -> None:
        """Not of others' conversations, not what was cleared, nor after leaving."""
        team = await self.world.group(self.ann, self.bob)
        other = await self.world.group(self.ann, self.cy)
        for number in range(3):
            await self.world.say(self.ann, team, f"secret {number}")
            await self.world.say(self.ann, other, f"secret other {number}")
        self.assertEqual(
            await self.both_ways(self.bob, "secret"), ["secret 2", "secret 1", "secret 0"]
        )
        await self.conversations.hide(self.bob.id, team, 2)
        self.assertEqual(await self.both_ways(self.bob, "secret"), ["secret 2"])
        await self.refused(NotAMember, self.find(self.bob, "secret", conversation=other))
        await self.world.leave(team, self.bob)
        self.assertEqual(await self.both_ways(self.bob, "secret"), [])
        await self.refused(NotAMember, self.find(self.bob, "secret", conversation=team))

    async def test_edited_recalled_reacted(self) -> None:
        """At once, with filters or without; of a recalled text no filter keeps anything."""
        team = await self.world.group(self.ann, self.bob)
        await self.world.say(self.ann, team, "the first wording")
        await self.world.say(self.ann, team, "another")
        await self.index()
        await self.journal.append(Edit(team, self.ann, b"e" * 16, 1, "新的说法"))
        self.assertEqual(await self.texts(self.bob, "wording"), [])
        self.assertEqual(await self.texts(self.bob, "说法"), ["新的说法"])
        await self.index()
        self.assertEqual(await self.texts(self.bob, "说法"), ["新的说法"])
        await self.journal.append(React(team, self.bob, 1, "\N{GRINNING FACE}", True))
        [hit] = (await self.find(self.bob, "说法")).hits
        self.assertEqual((hit.message.reactions[0].mine, hit.title), (True, "Group"))
        self.assertEqual(hit.highlights, ((2, 4),))
        await self.journal.append(Recall(team, self.ann, 1))
        row = await self.world.row(_FILTERS, team)
        self.assertEqual((row[0], row[2], bytes(row[3])), (0, 1, b"\xff"))
        self.assertEqual(await self.both_ways(self.bob, "说法"), [])
        self.assertEqual(await self.both_ways(self.bob, "another"), ["another"])

    async def test_names_of_files(self) -> None:
        """Beside the text or alone, with filters or without; recalled, nothing of them stays."""
        team = await self.world.group(self.ann, self.bob)
        rows = [(n, self.ann, text, "text") for n, text in enumerate(("the plan", "", "else"), 1)]
        first, second, _ = await self.fill(team, rows)
        await self.bring(first, "Straße 北京.pdf", "other.txt")
        await self.bring(second, "ＰＤＦ of the plan")
        for query, texts in (
            ("pdf", ["", "the plan"]),
            ("京.p", ["the plan"]),
            ("strasse other plan", ["the plan"]),
            ("the plan", ["", "the plan"]),
            ("pdfother", []),
            ("planstr", []),
        ):
            self.assertEqual(await self.both_ways(self.bob, query), texts, query)
        hits = (await self.find(self.bob, "plan pdf")).hits
        self.assertEqual([hit.highlights for hit in hits], [(), ((4, 8),)])
        self.assertEqual([hit.named for hit in hits], [(((0, 3), (11, 15)),), (((10, 13),), ())])
        await self.journal.append(Edit(team, self.ann, b"e" * 16, 1, "words"))
        self.assertEqual(await self.both_ways(self.bob, "other"), ["words"])
        await self.journal.append(Recall(team, self.ann, 1))
        row = await self.world.row(_FILTERS, team)
        self.assertEqual((row[2], bytes(row[3])), (1, b"\xff"))
        self.assertEqual(await self.both_ways(self.bob, "other"), [])
        self.assertEqual(await self.excluded(team, "other"), True)
        self.assertEqual(await self.excluded(team, "ＰＤＦ"), False)
        await StoredFiles(self.database).forget_all(self.ann.id)
        row = await self.world.row(_FILTERS, team)
        self.assertEqual((row[2], bytes(row[3])), (1, b"\xff"))
        self.assertEqual(await self.both_ways(self.bob, "pdf"), [])
        self.assertEqual(await self.excluded(team, "pdf"), True)

    async def excluded(self, team: ConversationId, query: str) -> bool:
        """Whether the filter of the first block says no."""
        filter = bytes((await self.world.row(_FILTERS, team))[3])
        asked = probes((fold(query),), None)
        return any(filter[probe.place * len(filter) >> 32] not in probe.having for probe in asked)

    async def test_filters_from_before_names(self) -> None:
        """After an upgrade those that know no names are built again; the others stay."""
        team = await self.world.group(self.ann, self.bob)
        said = await self.fill(team, [(n, self.ann, f"n{n}", "text") for n in range(1, 200)])
        await self.index()
        await self.bring(said[70], "report.pdf")
        self.assertEqual(await self.texts(self.bob, "report"), [])
        await self.database.write(_upgrade)
        rows = await self.database.read(lambda cursor: cursor.all(_FILTERS, (team,)))
        self.assertEqual([row[0] for row in rows if row[2]], [1])
        self.assertEqual(await self.both_ways(self.bob, "report"), ["n71"])

    async def test_changed_while_its_filter_was_built(self) -> None:
        """What was read before is outdated: it excludes nothing until it is built again."""
        team = await self.world.group(self.ann, self.bob)
        for number in range(130):
            await self.world.say(self.ann, team, f"number {number}")
        built, more = await self.database.read(search_terms.build, team, 10)
        self.assertEqual(([one.block for one in built], more), ([0, 1, 2], False))
        await self.journal.append(Edit(team, self.ann, b"e" * 16, 70, "北京"))
        self.assertFalse(await self.database.write(search_terms.keep, team, built))
        self.assertEqual(await self.both_ways(self.bob, "北京"), ["北京"])
        self.assertEqual(await self.both_ways(self.bob, "number 128"), ["number 128"])

    async def test_a_message_that_came_meanwhile(self) -> None:
        """A filter says up to where it was built; what is after it is read."""
        team = await self.world.group(self.ann, self.bob)
        await self.world.say(self.ann, team, "one")
        built, _ = await self.database.read(search_terms.build, team, 10)
        await self.world.say(self.ann, team, "two")
        self.assertTrue(await self.database.write(search_terms.keep, team, built))
        self.assertEqual(await self.both_ways(self.bob, "two"), ["two"])

    async def test_a_direct_conversation_is_called_by_the_other(self) -> None:
        """The title of a hit is what the searcher sees."""
        direct = (await self.conversations.direct(self.ann.id, self.bob.id, 1)).id
        await self.journal.append(Post(direct, self.ann, b"p" * 16, "hi there"))
        for who, title in ((self.ann, "Bob B."), (self.bob, "Ann B.")):
            [hit] = (await self.find(who, "there")).hits
            self.assertEqual((hit.title, hit.peer and hit.peer.display_name), (title, title))
            self.assertEqual(
                [
                    (one.title, one.peer and one.peer.username)
                    for one in await self.searches.called(who.id, (fold(title)[:3],), 5)
                ],
                [(title, title[:3])],
            )

    async def test_long_texts(self) -> None:
        """A page is cut at its size; a block of long texts is read without a filter."""
        team = await self.world.group(self.ann, self.bob)
        for number in range(8):
            await self.world.say(self.ann, team, f"n{number} " + "长文" * 7990)
        await self.index()
        row = await self.world.row(_FILTERS, team)
        self.assertEqual((row[2], bytes(row[3])), (0, b"\xff"))
        page = await self.searches.find(self.bob.id, Wanted(("长文",)), 50, 100_000)
        self.assertEqual([hit.message.seq for hit in page.hits], [8, 7])
        self.assertEqual(len(page.hits[0].highlights), 1)
        self.assertEqual((await self.found(self.bob, "文长", 3))[-1].seq, 1)

    async def test_the_indexer(self) -> None:
        """It looks through everything once, and then at what is noted, by and by."""
        team = await self.world.group(self.ann, self.bob)
        for number in range(70):
            await self.world.say(self.ann, team, f"number {number}")
        clock = Clock()
        indexer = Indexer(self.database, clock)
        indexer.start()
        await self.until(clock, indexer, team, 70)
        edited = await self.journal.append(Edit(team, self.ann, b"e" * 16, 1, "北京"))
        indexer.note([edited])
        await self.until(clock, indexer, team, 70)
        self.assertEqual(await self.texts(self.bob, "北京"), ["北京"])
        await indexer.stop()
        self.assertEqual(clock.getDelayedCalls(), [])

    async def until(self, clock: Clock, indexer: Indexer, team: ConversationId, seq: int) -> None:
        """Let the indexer work until every message has a filter and none is stale."""
        for _ in range(100_000):  # it rests nine times as long as a slow disk takes
            clock.advance(0.1)
            # The pool's threads answer through the reactor.
            rows = await self.database.read(lambda cursor: cursor.all(_FILTERS, (team,)))
            if rows and max(row[1] for row in rows) == seq and not any(row[2] for row in rows):
                return
        self.fail("no filters")

    async def test_ends_and_bounds(self) -> None:
        """Much that could match and does not is looked through page by page, to the end."""
        team = await self.world.group(self.ann, self.bob)
        await self.fill(team, [(1000, self.ann, "needle", "text")])
        rows = [(2000, self.bob, f"ab cd {n}", "text") for n in range(6000)]
        await self.fill(team, rows)
        await self.fill(team, [(3000, self.bob, f"ab ef {n}", "text") for n in range(300)])
        for is_filtered in (False, True):
            page = await self.find(self.ann, "bcd")
            self.assertEqual((page.hits, page.next is None), ((), is_filtered))
            self.assertEqual(await self.found(self.ann, "bcd"), [])
            self.assertEqual(await self.found(self.ann, "needle"), [Spot(1000, team, 1)])
            self.assertEqual(len(await self.found(self.ann, "ab ef", until=3001)), 300)
            self.assertEqual(await self.found(self.ann, "ab", until=2000, since=1001), [])
            await self.index()

    async def test_one_answer_reads_so_much_and_no_more(self) -> None:
        """Also where each statement could read far beyond what is left of the budget."""
        for number in range(8):
            room = await self.world.group(self.ann, self.bob)
            rows = [(1000 + number, self.bob, f"ab cd {n}", "text") for n in range(400)]
            await self.fill(room, rows)
        page, count = await self.database.read(_counted, self.ann, Wanted(("bcd",)))
        self.assertEqual((page.hits, page.next is None), ((), False))
        self.assertGreater(count, 1000)
        self.assertLess(count, 1300)


def _counted(cursor: Cursor, who: Person, wanted: Wanted) -> tuple[Findings, int]:
    """A page, and how many texts were read for it."""
    counts: list[int] = []
    whole = cursor.all

    def count(sql: str, args: Sequence[object] = ()) -> list[Row]:
        rows = whole(sql, args)
        if "g.filed" in sql:
            counts.append(len(rows))
        return rows

    with mock.patch.object(type(cursor), "all", lambda _, *given: count(*given)):
        return find(cursor, who.id, wanted, 50, 100_000), sum(counts)


def _upgrade(cursor: Cursor) -> None:
    dialect = "mysql" if cursor.dialect.for_update else "sqlite"
    (script,) = (folder("sql") / dialect).glob("0011_*.sql")
    (statement,) = statements(script.read_text("utf-8"))
    cursor.execute(statement)


class InlineSearchTests(SearchContract, OnInline):
    """In memory."""


class SQLiteSearchTests(SearchContract, OnSQLite):
    """In a file."""


class MariaDBSearchTests(SearchContract, OnMariaDB):
    """On a real server."""
