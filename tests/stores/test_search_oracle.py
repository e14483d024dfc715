"""Searching compared with a plain look at every message, on every database."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from imtwisted.boundaries import Cursor
from imtwisted.entries import Edit, Recall
from imtwisted.model import ConversationId, Person
from imtwisted.refusals import NotAMember
from imtwisted.rules.matching import fold, parts_of
from tests.stores.databases import OnInline, OnMariaDB, OnSQLite
from tests.stores.searching import Said, SearchingContract

SEEDS = 4

_HIDE = "UPDATE members SET hidden_seq = %s WHERE conversation_id = %s AND user_id = %s"

_TEXT = (
    "的 了 北京 今天 天气 我们 会议 量子计算机 東京 ありがとう カタカナ ｶﾞｷﾞ ﾊﾟﾝ 안녕하세요 회의 서울 가나 "
    "Straße STRASSE ﬁne fine Ｈｅｌｌｏ hello HELLO world e\u0301te éte Ångström ﷺ K8s station 😀 👩‍👩‍👧 "
    "ﾃｽﾄ テスト İstanbul ǅ ①②  ½ % _ ' \" \\ <b> ас"
)
WORDS = _TEXT.split()


def text_of(chance: random.Random) -> str:
    """Words of several scripts, with and without blanks between them."""
    between = chance.choice(["", " ", "，", "\u3000", "\n"])
    return between.join(chance.choices(WORDS, k=chance.randint(1, 6)))


def name_of(chance: random.Random) -> str:
    """What a file may be called."""
    return " ".join(text_of(chance).split()) + chance.choice([".pdf", ".图片", ""])


class OracleContract(SearchingContract):
    """Both databases find what the oracle finds, so both find the same."""

    async def test_compared_with_an_oracle(self) -> None:
        """Random people, texts, times, changes and questions: the same as looking at each message."""
        for seed in range(SEEDS):
            await self.compare(random.Random(seed))

    async def compare(self, chance: random.Random) -> None:
        everyone = [self.ann, self.bob, self.cy]
        places = [
            await self.world.group(*chance.sample(everyone, chance.randint(2, 3))) for _ in range(4)
        ]
        oracle: dict[tuple[ConversationId, int], Said] = {}
        hidden: dict[tuple[ConversationId, Person], int] = {}
        at = 10_000
        for _ in range(4):
            for place in places:
                rows = []
                for _ in range(chance.choice([0, 3, 70])):
                    at += chance.choice([0, 0, 1, 50])
                    kind = chance.choice(["text"] * 9 + ["system"])
                    rows.append((at, chance.choice(everyone), text_of(chance), kind))
                for said in await self.fill(place, rows):
                    oracle[place, said.spot.seq] = await self.perhaps_with_files(chance, said)
            await self.change(chance, oracle, chance.randint(0, 3))
            if chance.random() < 0.7:
                await self.index()
            if oracle and chance.random() < 0.3:
                place, seq = chance.choice(list(oracle))
                who = chance.choice(everyone)
                hidden[place, who] = max(seq, hidden.get((place, who), 0))
                await self.database.write(_hide, place, who, hidden[place, who])
            for _ in range(12):
                await self.ask(chance, oracle, hidden, places)
        for place in places:
            for who in everyone:
                await self.world.leave(place, who)

    async def perhaps_with_files(self, chance: random.Random, said: Said) -> Said:
        """One message in six brings some."""
        if not said.text or chance.random() < 5 / 6:
            return said
        names = [name_of(chance) for _ in range(chance.randint(1, 3))]
        return await self.bring(said, *names)

    async def change(
        self,
        chance: random.Random,
        oracle: dict[tuple[ConversationId, int], Said],
        times: int,
    ) -> None:
        """Edit or recall some, through the journal."""
        for _ in range(times):
            said = chance.choice([said for said in oracle.values() if said.text] or [None])
            if said is None:
                return
            _, conversation, seq = said.spot
            text = chance.choice(["", text_of(chance)])
            entry = (
                Edit(conversation, said.sender, chance.randbytes(16), seq, text)
                if text
                else Recall(conversation, said.sender, seq)
            )
            try:
                await self.journal.append(entry)
            except NotAMember:
                continue
            oracle[conversation, seq] = replace(said, text=text, names=said.names if text else ())

    async def ask(
        self,
        chance: random.Random,
        oracle: dict[tuple[ConversationId, int], Said],
        hidden: dict[tuple[ConversationId, Person], int],
        places: list[ConversationId],
    ) -> None:
        """One question, to both."""
        who = chance.choice([self.ann, self.bob, self.cy])
        text = fold(chance.choice([*WORDS, ".pdf", text_of(chance)]))
        start = chance.randrange(len(text))
        query = text[start : start + chance.choice([1, 1, 2, 2, 3, 5])].strip() or "的"
        mine = {place for place in places if await self.is_member(place, who)}
        where: dict[str, Any] = {}
        if mine and chance.random() < 0.3:
            where["conversation"] = chance.choice(sorted(mine))
        if chance.random() < 0.3:
            where["sender"] = chance.choice([self.ann, self.bob, self.cy]).id
        times = sorted(said.spot.at for said in oracle.values()) or [0]
        if chance.random() < 0.3:
            where["since"] = chance.choice(times)
        if chance.random() < 0.3:
            where["until"] = chance.choice(times)
        parts = parts_of(query)
        expected = [
            said.spot
            for said in oracle.values()
            if said.text
            and said.spot.conversation in mine
            and said.spot.seq > hidden.get((said.spot.conversation, who), 0)
            and where.get("conversation") in (None, said.spot.conversation)
            and where.get("sender") in (None, said.sender.id)
            and said.spot.at >= where.get("since", 0)
            and said.spot.at < where.get("until", 2**60)
            and all(any(part in fold(text) for text in said.searched) for part in parts)
        ]
        found = await self.found(who, query, chance.choice([1, 7, 50]), **where)
        self.assertEqual(found, sorted(expected, reverse=True), (query, where))

    async def is_member(self, place: ConversationId, who: Person) -> bool:
        return place in await self.conversations.ids_of(who.id)


def _hide(cursor: Cursor, conversation: ConversationId, who: Person, seq: int) -> None:
    cursor.execute(_HIDE, (seq, conversation, who.id))


class InlineOracleTests(OracleContract, OnInline):
    """In memory."""


class SQLiteOracleTests(OracleContract, OnSQLite):
    """In a file."""


class MariaDBOracleTests(OracleContract, OnMariaDB):
    """On a real server."""
