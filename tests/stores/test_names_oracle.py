"""Finding people and groups compared with a plain look at each of them, on every database."""

from __future__ import annotations

import random

from imtwisted.boundaries import Cursor
from imtwisted.domain.search import Search
from imtwisted.limits import Buckets
from imtwisted.model import ConversationId, UserId
from imtwisted.refusals import ChatError
from imtwisted.rules import name_key
from imtwisted.rules.matching import fold
from imtwisted.store.search import StoredSearch
from tests.stores.databases import Contract, OnInline, OnMariaDB, OnSQLite
from tests.stores.naming import Gathering, Town
from tests.stores.test_journals import CLOCK

SEEDS = 3
NAMES = [
    "张三",
    "张三丰",
    "李四",
    "Ann",
    "ANNA",
    "ann2",
    "Bob",
    "bobby",
    "Cy",
    "Cyd",
    "d_e",
    "d-e",
    "d.e",
    "Straße",
    "Ｌｅｅ",
    "lee2",
    "Éva",
    "eva",
    "éve",
    "ｶﾞﾝ",
    "김철수",
    "김철",
    "Øre",
    "oreo",
    "İlk",
    "ilk2",
    "ﬁnn",
    "finn2",
    "zz",
    "Zzz",
]
WORDS = [
    "北京",
    "张三",
    "研究",
    "Team",
    "team",
    "TEAM",
    "Straße",
    "STRASSE",
    "ﬁne",
    "ガン",
    "ｶﾞ",
    "김",
    "Ö",
    "o",
    "%",
    "_",
    "'",
    "\\",
    "<b>",
    "😀",
    "K8s",
    "Éva",
    "éva",
    "Ann",
]

_LAST = "UPDATE conversations SET last_at = %s, last_seq = 1 WHERE id = %s"
_BAN = "UPDATE members SET state = 'banned' WHERE conversation_id = %s AND user_id = %s"


def words_of(chance: random.Random) -> str:
    """What somebody or something may be called."""
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 3)))


class NamesContract(Contract):
    """Both databases find what a plain look finds, in its order; so both find the same."""

    async def furnish(self) -> None:
        free = Buckets(CLOCK, 0, 10)
        self.search = Search(
            StoredSearch(self.database),
            self.people,
            self.contacts,
            self.conversations,
            free,
            free,
            page_bytes=1 << 20,
        )

    async def test_compared_with_a_plain_look(self) -> None:
        """Random people, friends, blocks, groups and questions."""
        town = Town()
        names = list(NAMES)
        for seed in range(SEEDS):
            chance = random.Random(seed)
            chance.shuffle(names)
            for name in [names.pop() for _ in range(len(NAMES) // SEEDS)]:
                await self.register(town, name, words_of(chance))
            await self.meet(town, chance)
            await self.gather(town, chance)
            for _ in range(60):
                await self.ask(town, chance)

    async def register(self, town: Town, name: str, display_name: str) -> None:
        person, _ = await self.people.register(name, name_key(name), display_name, "hash", 1, None)
        town.people[person.id] = person

    async def meet(self, town: Town, chance: random.Random) -> None:
        """Some ask each other, some block each other; what is refused changes nothing."""
        for _ in range(25):
            one, other = chance.sample(sorted(town.people), 2)
            try:
                if chance.random() < 0.2:
                    await self.contacts.block(one, other, 1)
                    for pairs in (town.friends, town.asked):
                        pairs -= {(one, other), (other, one)}
                    town.blocked.add((one, other))
                elif await self.contacts.ask(one, other, "", 1) is not None:
                    met = {(one, other), (other, one)}
                    if town.asked & met:
                        town.asked -= met
                        town.friends |= met
                    else:
                        town.asked.add((one, other))
            except ChatError:
                continue

    async def gather(self, town: Town, chance: random.Random) -> None:
        """Groups, open or not, and what pairs say to each other."""
        for _ in range(8):
            members = [town.people[id] for id in chance.sample(sorted(town.people), 3)]
            title, public = words_of(chance), chance.random() < 0.5
            id = await self.world.group(*members, title=title, public=public)
            group = Gathering(id, title, public, 0, {member.id for member in members})
            if chance.random() < 0.5:
                left = members[2]
                group.members.remove(left.id)
                if chance.random() < 0.5:
                    group.banned.add(left.id)
                    await self.database.write(_run, _BAN, id, left.id)
                else:
                    await self.world.leave(id, left)
            town.gatherings.append(group)
        for _ in range(6):
            one, other = sorted(chance.sample(sorted(town.people), 2))
            await self.talk(town, one, other)
        for gathering in town.gatherings:
            gathering.last_at = chance.randint(1, 20)
            await self.database.write(_run, _LAST, gathering.last_at, gathering.id)

    async def talk(self, town: Town, one: UserId, other: UserId) -> None:
        conversation = await self.conversations.direct(one, other, 1)
        if conversation.id not in [each.id for each in town.gatherings]:
            place = ConversationId(conversation.id)
            town.gatherings.append(Gathering(place, "", False, 0, {one, other}))

    async def ask(self, town: Town, chance: random.Random) -> None:
        """One question, to both."""
        seeker = chance.choice(sorted(town.people))
        text = fold(chance.choice([*WORDS, *NAMES, words_of(chance)]))
        start = chance.randrange(len(text))
        query = text[start : start + chance.choice([1, 1, 2, 3, 20])].strip() or "a"
        limit = chance.choice([1, 3, 50])
        found = await self.search.names(seeker, query, limit)
        people = [(person.id, relation) for person, relation in found.people]
        self.assertEqual(people, town.people_called(seeker, query, limit), (seeker, query, limit))
        called = [(one.conversation, one.title, one.is_member) for one in found.conversations]
        expected = town.conversations_called(seeker, query, limit)
        self.assertEqual(called, expected, (seeker, query, limit))


def _run(cursor: Cursor, sql: str, *args: object) -> None:
    cursor.execute(sql, args)


class InlineNamesTests(NamesContract, OnInline):
    """In memory."""


class SQLiteNamesTests(NamesContract, OnSQLite):
    """In a file."""


class MariaDBNamesTests(NamesContract, OnMariaDB):
    """On a real server."""
