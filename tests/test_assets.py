"""Tests for `imtwisted.http.assets`: the pages' files, and nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from imtwisted.http.assets import Assets
from imtwisted.places import folder
from tests.kit import ChatCase
from tests.visitor import Visitor


class AssetsTests(ChatCase):
    """What `/static` serves."""

    def setUp(self) -> None:
        self.visitor = Visitor(self.chat())

    def test_each_kind_of_file_says_what_it_is(self) -> None:
        """With `nosniff` a script that does not is not run."""
        for path, kind in (
            ("css/base.css", "text/css; charset=utf-8"),
            ("js/main.js", "text/javascript; charset=utf-8"),
            ("i18n/zh-CN.json", "application/json"),
            ("img/icon.svg", "image/svg+xml"),
        ):
            answer = self.visitor.ask("GET", f"/static/{path}")
            self.assertEqual((answer.status, answer.header("Content-Type")), (200, kind), path)
            self.assertEqual(int(answer.header("Content-Length")), len(answer.body))

    def test_what_a_browser_has_is_not_sent_again(self) -> None:
        """It asks, and gets a few bytes; after a change it gets the new file."""
        first = self.visitor.ask("GET", "/static/css/base.css")
        self.assertEqual(first.header("Cache-Control"), "no-cache")
        tag = first.header("ETag")
        for known, status in ((tag, 304), ('"other"', 200), (f'"other", {tag}', 304)):
            again = self.visitor.ask(
                "GET", "/static/css/base.css", headers={"If-None-Match": known}
            )
            self.assertEqual(again.status, status, known)
            self.assertEqual(again.body, b"" if status == 304 else first.body)

    def test_what_a_page_names_is_kept_for_good(self) -> None:
        """Its edition is in its path; of another edition browsers ask each time."""
        url = Assets(folder("web") / "static").url("css/base.css")
        answer = self.visitor.ask("GET", url)
        self.assertEqual(answer.header("Cache-Control"), "public, max-age=31536000, immutable")
        other = self.visitor.ask("GET", "/static/edition/0123456789ab/css/base.css")
        self.assertEqual(other.header("Cache-Control"), "no-cache")
        self.assertEqual(other.body, answer.body)

    def test_another_file_makes_another_edition(self) -> None:
        """Whichever changes, since each may import it."""
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            (place / "a.js").write_text('import { b } from "./b.js";')
            (place / "b.js").write_text("export const b = 1;")
            first = Assets(place).url("a.js")
            self.assertEqual(Assets(place).url("a.js"), first)
            (place / "b.js").write_text("export const b = 2;")
            self.assertNotEqual(Assets(place).url("a.js"), first)

    def test_everything_imported_is_named(self) -> None:
        """Once each, from whatever folder, so that the browser need not find out."""
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            (place / "js" / "views").mkdir(parents=True)
            (place / "js" / "main.js").write_text(
                'import { a } from "./views/a.js";\nimport "./b.js";'
            )
            (place / "js" / "views" / "a.js").write_text('import { b } from "../b.js";')
            (place / "js" / "b.js").write_text('import { a } from "./views/a.js";')
            assets = Assets(place)
            names = ("js/main.js", "js/views/a.js", "js/b.js")
            self.assertEqual(set(assets.modules("js/main.js")), {assets.url(n) for n in names})
            self.assertEqual(len(assets.modules("js/main.js")), 3)

    def test_nothing_outside_is_served(self) -> None:
        """No listing, no way up, no hidden file, no template."""
        for path in (
            "",
            "css",
            "css/",
            "../templates/chat.html",
            "css/../../templates/chat.html",
            "%2e%2e/templates/chat.html",
            "css%2fbase.css%00",
            "/etc/passwd",
            "..%5ctemplates",
            "edition",
            "edition/x",
            "edition/x/../css/base.css",
        ):
            self.assertEqual(self.visitor.ask("GET", f"/static/{path}").status, 404, path)

    def test_only_reading(self) -> None:
        """405 says what is possible."""
        answer = self.visitor.ask("POST", "/static/css/base.css")
        self.assertEqual((answer.status, answer.header("Allow")), (405, "GET, HEAD"))
        head = self.visitor.ask("HEAD", "/static/css/base.css")
        self.assertEqual((head.status, head.body), (200, b""))


class UrlTests(SynchronousTestCase):
    """What pages link to."""

    def folder(self) -> Path:
        """An empty one, for one test."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return Path(folder.name)

    def test_a_url_changes_with_its_file(self) -> None:
        """So that no proxy on the way gives out the old one."""
        folder = self.folder()
        file = folder / "x.css"
        file.write_text("a {}", encoding="utf-8")
        before = Assets(folder).url("x.css")
        file.write_text("b {}", encoding="utf-8")
        after = Assets(folder).url("x.css")
        self.assertNotEqual(before, after)
        self.assertRegex(before, r"^/static/edition/[0-9a-f]{12}/x\.css$")
        self.assertEqual(Assets(folder).url("y.css"), "/static/y.css")

    def test_hidden_files_are_not_there(self) -> None:
        """What an editor or a system leaves beside them is nobody's."""
        folder = self.folder()
        (folder / ".x.css.swp").write_text("secret", encoding="utf-8")
        self.assertEqual(Assets(folder).url(".x.css.swp"), "/static/.x.css.swp")
