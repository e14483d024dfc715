"""What it means that a text holds what was searched for, and where."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.model import UserId
from imtwisted.refusals import BadRequest
from imtwisted.rules import matching
from imtwisted.rules.matching import fold, highlights, holds, parts_of
from imtwisted.store.filters import filter_of, probes

ALPHABET = "abAB ßﬁﬀé\u0301ＡｂǅİıΣς的京東ｶﾞﾊﾟガが각\u1100\u1161\u11a8ﷺ①½ \u3000\n😀\u200d"
TEXT = st.text(st.sampled_from(ALPHABET), max_size=30)


def marked(text: str, query: str) -> list[str]:
    """The highlighted parts."""
    return [text[start:end] for start, end in highlights(text, parts_of(query))]


class FoldingTests(SynchronousTestCase):
    """Width, case and compatibility forms make no difference."""

    def test_the_same(self) -> None:
        """One way or the other round."""
        for one, other in (
            ("ＡＢＣ", "abc"),
            ("ﾃｽﾄ", "テスト"),
            ("ｶﾞ", "ガ"),
            ("STRASSE", "straße"),
            ("ﬁ", "FI"),
            ("e\u0301", "É"),
            ("\u1112\u1161\u11ab", "한"),
            ("，", ","),
        ):
            self.assertEqual(fold(one), fold(other))

    def test_not_the_same(self) -> None:
        """Kana of two kinds, accents, traditional and simplified characters stay apart."""
        for one, other in (("ガ", "が"), ("e", "é"), ("東", "东"), ("ガ", "カ")):
            self.assertNotEqual(fold(one), fold(other))


class QueryTests(SynchronousTestCase):
    """What is asked."""

    def test_parts(self) -> None:
        """Between blanks of any kind, folded, each once."""
        self.assertEqual(parts_of("  Ab 京都\u3000ab\n"), ("ab", "京都"))

    def test_refused(self) -> None:
        """Nothing, too long, too many parts."""
        for query, reason in (
            ("", "query_empty"),
            (" \u3000\n", "query_empty"),
            ("a" * 101, "query_too_long"),
            (" ".join(map(chr, range(0x4E00, 0x4E0B))), "query_too_long"),
        ):
            refusal = self.assertRaises(BadRequest, parts_of, query)
            self.assertEqual((refusal.reason, refusal.field), (reason, "q"))


class HighlightTests(SynchronousTestCase):
    """Where it is, in code points of the text as it was written."""

    def test_places(self) -> None:
        """Every occurrence, of every part; what touches is one."""
        self.assertEqual(marked("今天北京，明天北京", "北京 天"), ["天北京", "天北京"])
        self.assertEqual(marked("Hello ＨＥＬＬＯ", "ell"), ["ell", "ＥＬＬ"])
        self.assertEqual(marked("aaaa", "aa"), ["aaaa"])
        self.assertEqual(highlights("😀 hi", ("hi",)), [(2, 4)])
        self.assertEqual(marked("nothing", "else"), [])

    def test_what_folds_to_more(self) -> None:
        """Is shown whole, with the marks that belong to it."""
        self.assertEqual(marked("Straße", "s"), ["S", "ß"])
        self.assertEqual(marked("ﬁne", "i"), ["ﬁ"])
        self.assertEqual(marked("cafe\u0301!", "é"), ["e\u0301"])
        self.assertEqual(marked("ｶﾞｷ", "ガ"), ["ｶﾞ"])
        self.assertEqual(marked("x\u1112\u1161\u11ab", "한"), ["\u1112\u1161\u11ab"])

    def test_not_without_end(self) -> None:
        """A hundred at most."""
        self.assertEqual(len(highlights("a " * 5000, ("a",))), matching.HIGHLIGHTS)

    @given(TEXT, st.data())
    @example("각\u11a8", None)
    def test_whatever_matches_is_highlighted(self, text: str, data: st.DataObject | None) -> None:
        """In order, apart, inside the text; and each one holds a part of what was asked."""
        folded = fold(text)
        start = data.draw(st.integers(0, len(folded))) if data else 0
        end = data.draw(st.integers(start, len(folded))) if data else len(folded)
        parts = tuple(folded[start:end].split())
        if not parts:
            return
        self.assertTrue(holds(text, parts))
        spans = highlights(text, parts)
        self.assertTrue(spans)
        ends = [place for span in spans for place in span]
        self.assertEqual(ends, sorted(set(ends)))
        self.assertTrue(ends[0] >= 0 and ends[-1] <= len(text))
        for first, last in spans:
            self.assertTrue(any(part in folded for part in parts), (first, last))


class FilterTests(SynchronousTestCase):
    """A filter never says no to what is there, and mostly says no to what is not."""

    def says_perhaps(self, filter: bytes, parts: tuple[str, ...], sender: int | None) -> bool:
        """As SQL asks it."""
        asked = probes(parts, None if sender is None else UserId(sender))
        return all(filter[probe.place * len(filter) >> 32] in probe.having for probe in asked)

    @given(st.lists(TEXT, min_size=1, max_size=5), st.data())
    def test_never_wrong_about_what_is_there(self, texts: list[str], data: st.DataObject) -> None:
        """For any part of any text."""
        folded = [fold(text) for text in texts]
        filter = filter_of(folded, [UserId(7)])
        text = data.draw(st.sampled_from(folded))
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        self.assertTrue(self.says_perhaps(filter, tuple(text[start:end].split()), 7))

    def test_mostly_right_about_what_is_not(self) -> None:
        """One in ninety may be wrong."""
        texts = [f"今天的会议 {number} begins at noon" for number in range(64)]
        filter = filter_of(texts, [UserId(1)])
        others = [chr(0x6000 + n) + chr(0x7000 + n) for n in range(1000)]
        wrong = sum(self.says_perhaps(filter, (other,), None) for other in others)
        self.assertLess(wrong, 40)
        wrong = sum(self.says_perhaps(filter, ("noon",), sender) for sender in range(2, 1000))
        self.assertLess(wrong, 40)
        self.assertTrue(self.says_perhaps(filter, ("noon", "议"), 1))

    def test_of_nothing(self) -> None:
        """Holds nothing."""
        self.assertFalse(self.says_perhaps(filter_of([], []), ("a",), None))
