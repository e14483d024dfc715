"""Pictures of people and groups: who sees them, who may set them, and what is left of the ones before."""

from __future__ import annotations

from typing import Any

from imtwisted.store.faults import CommitUnknown
from tests.uploading import UploadCase, png
from tests.visitor import Visitor


class PortraitTests(UploadCase):
    """What becomes of a picture."""

    def setUp(self) -> None:
        super().setUp()
        self.server.befriend("alice", "bob")
        self.file = self.uploaded("alice", png(900, 10), "me.png")["id"]

    def shows(self, who: str, file: int, status: int = 200) -> Any:
        """`who` wants to be seen with that file; the answer, or why not."""
        answer = self.call(who, "PUT", "/me/picture", {"file": file})
        self.assertEqual(answer.status, status, answer.body)
        return answer.json["user"] if status < 400 else answer.json["error"]["reason"]

    def sees(self, who: str, file: int) -> int:
        """The status with which `who` gets the small picture."""
        return self.call(who, "GET", f"/files/{file}/thumbnail").status

    def test_shown_everywhere(self) -> None:
        """In lists, messages and what one is oneself, to friends and strangers."""
        bob = self.server.browser("bob")
        self.assertEqual(self.sees("carol", self.file), 404)
        self.assertEqual(self.shows("alice", self.file)["picture"], self.file)
        self.assertEqual(self.ok("alice", "GET", "/me")["user"]["picture"], self.file)
        (friend,) = self.ok("bob", "GET", "/contacts")["friends"]
        self.assertEqual(friend["user"]["picture"], self.file)
        self.assertEqual(self.ok("carol", "GET", "/users/alice")["user"]["picture"], self.file)
        members = self.ok("carol", "GET", f"/conversations/{self.server.lobby}/members")["members"]
        self.assertEqual([each["user"].get("picture") for each in members], [self.file, None, None])
        self.assertEqual([self.sees(name, self.file) for name in ("bob", "carol")], [200, 200])
        self.ok("alice", "POST", "/messages", {"to": "bob", "text": "hi"}, 201)
        heads = self.ok("bob", "GET", "/conversations")["conversations"]
        (peer,) = [head["peer"] for head in heads if "peer" in head]
        self.assertEqual(peer["picture"], self.file)
        (told,) = [frame for frame in bob.only("message") if frame["text"] == "hi"]
        self.assertEqual(told["sender"]["picture"], self.file)
        self.assertEqual(
            Visitor(self.server).api("GET", f"/files/{self.file}/thumbnail").status, 401
        )

    def test_told(self) -> None:
        """Friends hear of it at once, and what one says on an open socket carries it."""
        alice, bob = self.server.browser("alice"), self.server.browser("bob")
        self.shows("alice", self.file)
        told = [frame["user"] for frame in bob.only("update") if frame["kind"] == "profile"]
        self.assertEqual({user["picture"] for user in told}, {self.file})
        alice.send("hello")
        self.assertEqual(bob.only("message")[0]["sender"]["picture"], self.file)
        self.ok("alice", "DELETE", "/me/picture")
        told = [frame["user"] for frame in bob.only("update") if frame["kind"] == "profile"]
        self.assertEqual({"picture" in user for user in told}, {False})

    def test_another(self) -> None:
        """The picture before goes, from the table and the disk; so does the last one."""
        self.shows("alice", self.file)
        other = self.uploaded("alice", png(20, 20), "other.png")["id"]
        self.shows("alice", other)
        self.assertEqual((self.sees("bob", self.file), self.sees("bob", other)), (404, 200))
        self.assertEqual(len(self.lying()), 1)
        self.assertNotIn("picture", self.ok("alice", "DELETE", "/me/picture")["user"])
        self.assertEqual((self.sees("alice", other), self.lying()), (404, []))
        self.ok("alice", "DELETE", "/me/picture")

    def test_refused(self) -> None:
        """What is no picture, nobody's, another's, or in a message already."""
        words = self.uploaded("alice", b"words")["id"]
        his = self.uploaded("bob", png(5, 5))["id"]
        bomb = self.uploaded("alice", png(2, 2, said=(100_000, 100_000)))["id"]
        for file, status, reason in (
            (words, 400, "not_a_picture"),
            (bomb, 400, "not_a_picture"),
            (his, 404, "no_such_file"),
            (999, 404, "no_such_file"),
        ):
            self.assertEqual(self.shows("alice", file, status), reason)
        said = {"text": "", "files": [self.file]}
        self.ok("alice", "POST", f"/conversations/{self.server.lobby}/messages", said, 201)
        self.assertEqual(self.shows("alice", self.file, 409), "file_used")
        self.assertEqual(len(self.lying()), 5)
        self.assertNotIn("picture", self.ok("alice", "GET", "/me")["user"])

    def test_too_often(self) -> None:
        """Many hear of it, so there is an end to changing it."""
        for _ in range(20):
            self.ok("alice", "DELETE", "/me/picture")
        self.assertEqual(self.call("alice", "DELETE", "/me/picture").status, 429)

    def test_deleted_account(self) -> None:
        """Its picture and its files go, in messages too."""
        self.shows("alice", self.file)
        file = self.uploaded("alice", b"words")["id"]
        said = {"text": "", "files": [file]}
        self.ok("alice", "POST", f"/conversations/{self.server.lobby}/messages", said, 201)
        self.ok("alice", "DELETE", "/me", {"password": "alice-password"}, 204)
        self.server.turn()
        self.assertEqual(self.lying(), [])
        self.assertEqual(
            [self.sees("bob", self.file), self.fetched("bob", file).status], [404, 404]
        )
        page = self.ok("bob", "GET", f"/conversations/{self.server.lobby}/messages")
        sender = page["items"][-1]["sender"]
        self.assertEqual((sender["deleted"], "picture" in sender), (True, False))


class GroupPortraitTests(UploadCase):
    """Pictures of groups."""

    def setUp(self) -> None:
        super().setUp()
        self.server.befriend("alice", "bob")
        self.team = self.server.group("alice", "bob")
        self.path = f"/conversations/{self.team}/picture"
        self.file = self.uploaded("alice", png(900, 10), "team.png")["id"]

    def test_shown(self) -> None:
        """To its members, who read of it; to others when the group is public."""
        bob = self.server.browser("bob")
        head = self.ok("alice", "PUT", self.path, {"file": self.file})["conversation"]
        self.assertEqual(head["picture"], self.file)
        (told,) = bob.only("message")
        self.assertEqual(told["system"], {"what": "pictured", "picture": self.file})
        self.assertEqual(told["text"], "alice changed the group’s picture.")
        found = self.ok("bob", "GET", f"/conversations/{self.team}")["conversation"]
        self.assertEqual(found["picture"], self.file)
        thumbnail = f"/files/{self.file}/thumbnail"
        statuses = [self.call(name, "GET", thumbnail).status for name in ("bob", "carol")]
        self.assertEqual(statuses, [200, 404])
        self.ok("alice", "PATCH", f"/conversations/{self.team}", {"public": True})
        self.assertEqual(self.call("carol", "GET", thumbnail).status, 200)
        (group,) = self.ok("carol", "GET", "/conversations/public")["conversations"]
        self.assertEqual(group["picture"], self.file)

    def test_on_the_page_behind_a_link(self) -> None:
        """The picture to who is signed in and may load it; to everyone else letters stand for it."""
        self.ok("alice", "PUT", self.path, {"file": self.file})
        path = f"/conversations/{self.team}"
        self.ok("alice", "PATCH", path, {"title": "Sunday kitchen"})
        invite = self.ok("alice", "POST", f"{path}/invites", {}, 201)["invite"]
        join = f"/join/{invite['code']}"
        guest = Visitor(self.server)
        carol = Visitor(self.server)
        carol.cookies["imchat"] = self.server.tokens["carol"]
        shown = f"/api/v1/files/{self.file}/thumbnail"
        for private in (guest, carol):
            page = private.ask("GET", join).text
            self.assertIn(">SK</span>", page)
            self.assertNotIn("/files/", page)
        self.ok("alice", "PATCH", path, {"public": True})
        self.assertNotIn("/files/", guest.ask("GET", join).text)
        self.assertIn(shown, carol.ask("GET", join).text)

    def test_found(self) -> None:
        """What a search for names finds is shown with its picture, one's own groups and public ones."""
        self.ok("alice", "PUT", self.path, {"file": self.file})
        title = self.ok("bob", "GET", f"/conversations/{self.team}")["conversation"]["title"]
        self.ok("alice", "PATCH", f"/conversations/{self.team}", {"public": True})
        for name in ("bob", "carol"):
            (found,) = self.ok(name, "GET", f"/search/names?q={title}")["conversations"]
            self.assertEqual((found["member"], found["picture"]), (name == "bob", self.file))
        face = self.uploaded("alice", png(20, 20), "me.png")["id"]
        self.ok("alice", "PUT", "/me/picture", {"file": face})
        self.ok("alice", "POST", "/messages", {"to": "bob", "text": "hi"}, 201)
        found = self.ok("bob", "GET", "/search/names?q=alice")
        self.assertEqual([each["picture"] for each in found["people"]], [face])
        (direct,) = found["conversations"]
        self.assertEqual((direct["peer"]["picture"], "picture" in direct), (face, False))

    def test_taken_away(self) -> None:
        """The file goes; taking away what is not there tells nobody."""
        self.ok("alice", "PUT", self.path, {"file": self.file})
        bob = self.server.browser("bob")
        head = self.ok("alice", "DELETE", self.path)["conversation"]
        self.assertNotIn("picture", head)
        self.server.turn()
        self.assertEqual(self.lying(), [])
        self.ok("alice", "DELETE", self.path)
        (told,) = bob.only("message")
        self.assertEqual(told["system"], {"what": "unpictured"})

    def test_who_may(self) -> None:
        """Who keeps the group in order, with a picture of their own; of two people nobody."""
        his = self.uploaded("bob", png(5, 5))["id"]
        self.assertEqual(self.call("bob", "PUT", self.path, {"file": his}).code, "denied")
        self.assertEqual(self.call("carol", "PUT", self.path, {"file": his}).code, "not_member")
        self.assertEqual(self.call("alice", "PUT", self.path, {"file": his}).code, "not_found")
        direct = self.ok("alice", "POST", "/messages", {"to": "bob", "text": "hi"}, 201)
        path = f"/conversations/{direct['conversation']}/picture"
        self.assertEqual(self.call("alice", "PUT", path, {"file": self.file}).code, "denied")
        self.ok("alice", "PUT", self.path, {"file": self.file})

    def test_an_unknown_commit(self) -> None:
        """Nobody knows whether it was stored: it is found, told once, and the picture is there."""
        bob = self.server.browser("bob")
        failing = ["committed"]

        def fault(stage: str) -> None:
            if stage in failing:
                failing.clear()
                raise CommitUnknown

        self.server.database.fault = fault
        script = self.scripts["alice"]
        line = script.begin("PUT", f"/api/v1{self.path}", {"file": self.file})
        self.server.turn()
        self.server.wait(2)
        self.assertEqual(script.take(line).status, 200)
        self.assertEqual([each["system"]["what"] for each in bob.only("message")], ["pictured"])
        self.assertEqual(self.fetched("bob", self.file).status, 200)
