"""Tests for telling who types."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred

from imtwisted.limits import Buckets
from tests.kit import Browser
from tests.test_presence import PresenceCase


class TypingTests(PresenceCase):
    """The others see that one is writing; nothing of it is stored or repeated."""

    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.server.browser("alice"), self.server.browser("bob")
        self.carol = self.server.browser("carol")
        self.direct = self.alice.send("hi", to="bob")["conversation"]
        for browser in (self.alice, self.bob, self.carol):
            browser.heard()

    def types(self, browser: Browser, conversation: int | None = None) -> None:
        browser.says({"type": "typing", "conversation": conversation or self.direct})

    def typists(self, browser: Browser) -> list[tuple[int, int]]:
        return [(frame["conversation"], frame["user"]) for frame in browser.only("typing")]

    def test_the_others_see_it(self) -> None:
        """Those of that conversation, and not on one's own devices."""
        tablet = self.server.browser("alice")
        tablet.heard()
        self.types(self.alice)
        self.assertEqual(self.typists(self.bob), [(self.direct, self.ids["alice"])])
        self.assertEqual(self.typists(tablet) + self.typists(self.carol), [])
        self.types(self.alice, self.server.lobby)
        self.assertEqual(self.typists(self.carol), [(1, self.ids["alice"])])

    def test_not_too_often(self) -> None:
        """More than one in three seconds says nothing new."""
        for _ in range(50):
            self.types(self.alice)
        self.assertLessEqual(len(self.typists(self.bob)), 2)
        self.server.wait(3)
        self.types(self.alice)
        self.assertEqual(len(self.typists(self.bob)), 1)
        self.assertEqual(self.alice.heard(), [])

    def test_the_database_is_not_asked_each_time(self) -> None:
        """Once for a conversation, then it is known for a while."""
        self.types(self.alice)
        self.server.wait(3)
        asked: list[str] = []
        self.server.database.fault = asked.append
        self.types(self.alice)
        self.types(self.bob)
        self.assertEqual(len(self.typists(self.alice)) + len(self.typists(self.bob)), 3)
        self.assertEqual(asked, [])

    def test_hidden(self) -> None:
        """Who shows nothing of it sees nothing of it."""
        self.share("alice", typing=False)
        self.types(self.alice)
        self.types(self.bob)
        self.assertEqual(self.typists(self.bob) + self.typists(self.alice), [])

    def test_members_only(self) -> None:
        """A stranger's is refused."""
        self.types(self.carol)
        (error,) = self.carol.heard()
        self.assertEqual((error["code"], "id" in error), ("not_member", False))
        self.assertEqual(self.typists(self.bob), [])

    def test_to_whom_one_may_not_write(self) -> None:
        """Who is no friend any more sees nothing of it."""
        self.ok("bob", "PUT", "/contacts/blocks/alice", status=204)
        self.types(self.alice)
        self.types(self.bob)
        self.assertEqual(self.typists(self.bob) + self.typists(self.alice), [])

    def group(self) -> tuple[int, str]:
        """Alice's group with Bob in it, known to the typists, and its path."""
        group = int(self.server.group("alice", "bob"))
        self.quiet()
        self.types(self.bob, group)
        self.assertEqual(self.typists(self.alice), [(group, self.ids["bob"])])
        self.server.wait(6)
        return group, f"/conversations/{group}"

    def quiet(self) -> None:
        for browser in (self.alice, self.bob, self.carol):
            browser.heard()

    def test_in_a_group_for_announcements(self) -> None:
        """Only who may write there is seen to, from the moment on that it is one."""
        group, path = self.group()
        self.ok("alice", "PATCH", path, {"announcement_only": True})
        self.types(self.bob, group)
        self.types(self.alice, group)
        self.assertEqual(self.typists(self.alice), [])
        self.assertEqual(self.typists(self.bob), [(group, self.ids["alice"])])
        self.server.wait(6)
        self.ok("alice", "PATCH", path, {"announcement_only": False})
        self.types(self.bob, group)
        self.assertEqual(self.typists(self.alice), [(group, self.ids["bob"])])

    def test_while_silenced(self) -> None:
        """From the moment on until it ends by itself, or is lifted."""
        group, path = self.group()
        self.ok("alice", "PUT", f"{path}/silences/bob", {"for": 10}, 204)
        self.types(self.bob, group)
        self.assertEqual(self.typists(self.alice), [])
        self.server.wait(10)
        self.types(self.bob, group)
        self.assertEqual(self.typists(self.alice), [(group, self.ids["bob"])])
        self.ok("alice", "PUT", f"{path}/silences/bob", {}, 204)
        self.server.wait(6)
        self.types(self.bob, group)
        self.assertEqual(self.typists(self.alice), [])
        self.ok("alice", "DELETE", f"{path}/silences/bob", status=204)
        self.server.wait(3)
        self.types(self.bob, group)
        self.assertEqual(self.typists(self.alice), [(group, self.ids["bob"])])

    def test_silenced_while_it_is_looked_up(self) -> None:
        """What was read before the silence is not believed after it."""
        group = int(self.server.group("alice", "bob"))
        self.quiet()
        store, waiting = self.server.house.stored_sharing, Deferred[None]()
        audience = store.audience

        async def slowly(conversation: Any) -> Any:
            found = await audience(conversation)
            await waiting
            return found

        self.patch(store, "audience", slowly)
        self.types(self.bob, group)
        self.ok("alice", "PUT", f"/conversations/{group}/silences/bob", {}, 204)
        waiting.callback(None)
        self.assertEqual(self.typists(self.alice), [])
        self.server.wait(6)
        self.types(self.bob, group)
        self.assertEqual(self.typists(self.alice), [])

    def test_in_large_groups(self) -> None:
        """Nobody could read it there, and nobody is told."""
        self.server.now(
            self.server.database.write(
                lambda cursor: cursor.execute("UPDATE conversations SET member_count = 101")
            )
        )
        self.types(self.alice, self.server.lobby)
        self.assertEqual(self.typists(self.carol), [])

    def test_what_is_remembered_is_bounded(self) -> None:
        """Of any number of conversations and people."""
        rates = self.server.house.typists._rates
        self.assertIsInstance(rates, Buckets)
        self.assertEqual(rates._keys, 10_000)
