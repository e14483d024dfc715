"""
The page's scripts have the types they say they have, and know the server's frames as they are.

`tsc` reads the JSDoc of ``web/static/js``; nothing is compiled.
"""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from msgspec import Struct
from twisted.trial.unittest import SynchronousTestCase

from imtwisted.frames import events, requests
from tests.page_types.declarations import declared

CHECKOUT = Path(__file__).parents[2]
TYPES = CHECKOUT / "web/static/js/protocol/types.js"

# What the page calls each struct of `imtwisted.frames.events`.
NAMES = {
    "Ack": "Ack",
    "Acks": "Acks",
    "Bye": "Bye",
    "ChangeOut": "Change",
    "ContactOut": "Contact",
    "ContactsUpdate": "ContactsUpdate",
    "CursorOut": "CursorEvent",
    "DeltaOut": "Delta",
    "Error": "Refusal",
    "FileOut": "FileInfo",
    "HeadOut": "Head",
    "HistoryOut": "Page",
    "LagOut": "Lag",
    "MembershipUpdate": "MembershipUpdate",
    "MessageOut": "Message",
    "PeerOut": "Peer",
    "PersonOut": "Person",
    "Pong": "Pong",
    "PresenceOut": "PresenceEvent",
    "PreviewOut": "Preview",
    "Ready": "Ready",
    "Reset": "Reset",
    "ProfileUpdate": "ProfileUpdate",
    "SessionUpdate": "SessionUpdate",
    "SettingsUpdate": "SettingsUpdate",
    "SharesOut": "Settings",
    "SightingOut": "Sighting",
    "SilenceOut": "Silence",
    "SystemOut": "SystemNote",
    "TypingOut": "TypingEvent",
}

# What the page calls each struct of `imtwisted.frames.requests` that it writes.
REQUESTS = {
    "Changes": "ChangesRequest",
    "Edit": "EditRequest",
    "Hello": "HelloRequest",
    "History": "HistoryRequest",
    "Ping": "PingRequest",
    "React": "ReactRequest",
    "Read": "ReadRequest",
    "Recall": "RecallRequest",
    "Received": "ReceivedRequest",
    "Send": "SendRequest",
    "Typing": "TypingRequest",
}

# The same fields, optional in the same cases; what the page says of each may be narrower.
_COMPARISON = """
type Optional<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
type Gap<Page, Server> = {
  unknownToThePage: Exclude<keyof Server, keyof Page>;
  unknownToTheServer: Exclude<keyof Page, keyof Server>;
  notAlwaysThere: Exclude<Optional<Server>, Optional<Page> | "type">;
  ofAnotherType: Page extends Server ? never : "this";
};
type Unfit<Page, Server> = {
  unknownToTheServer: Exclude<keyof Page, keyof Server>;
  ofAnotherType: Page extends Omit<Server, "id"> ? never : "this";
};
type Fit = { unknownToTheServer: never; ofAnotherType: never };
type None = { unknownToThePage: never; unknownToTheServer: never; notAlwaysThere: never; ofAnotherType: never };
"""


def structs() -> list[type[Struct]]:
    """Everything the server writes on the socket."""
    return [
        struct
        for _, struct in inspect.getmembers(events, inspect.isclass)
        if issubclass(struct, Struct) and struct not in (Struct, events.Event)
    ]


def asked() -> list[type[Struct]]:
    """Everything the page writes."""
    return [getattr(requests, name) for name in REQUESTS]


def server() -> str:
    """Both, as the server has them."""
    return f"{declared(structs())}\n{declared(asked(), read=True)}"


def comparison() -> str:
    """A program that is well typed where the page and the server agree."""
    told = (
        f"export const {name}: None = null as unknown as Gap<Page.{page}, Server.{name}>;\n"
        for name, page in NAMES.items()
    )
    said = (
        f"export const {name}Request: Fit = null as unknown as Unfit<Page.{page}, Server.{name}>;\n"
        for name, page in REQUESTS.items()
    )
    pairs = "".join([*told, *said])
    imports = f"import type * as Page from {json.dumps(str(TYPES))};\n"
    return f'{imports}import type * as Server from "./server.js";\n{_COMPARISON}{pairs}\n'


def complaints(*arguments: str, cwd: Path = CHECKOUT) -> str:
    """What `tsc` has to say; nothing, when all is well."""
    tsc = shutil.which("tsc")
    assert tsc is not None, "npm install --global typescript"
    done = subprocess.run([tsc, *arguments], cwd=cwd, capture_output=True, encoding="utf-8")
    return done.stdout + done.stderr


class PageTypesTests(SynchronousTestCase):
    """`tsc`, strict."""

    def agreement(self, declarations: str) -> str:
        """What `tsc` says of the page's types beside these of the server."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = Path(folder.name)
        (root / "server.ts").write_text(declarations, "utf-8")
        (root / "frames.ts").write_text(comparison(), "utf-8")
        options = {
            "extends": str(CHECKOUT / "tsconfig.json"),
            "compilerOptions": {"rootDir": "/"},
            "include": [str(root)],
        }
        (root / "tsconfig.json").write_text(json.dumps(options), "utf-8")
        return complaints("-p", str(root))

    def test_the_scripts_are_well_typed(self) -> None:
        """Every module of the page."""
        self.assertEqual(complaints("-p", str(CHECKOUT)), "")

    def test_no_complaint_is_silenced(self) -> None:
        """What is wrong is mended, not hidden: none of the words that hide it is there."""
        for path in sorted((CHECKOUT / "web/static/js").rglob("*.js")):
            text = path.read_text("utf-8")
            for word in ("@ts-ignore", "@ts-nocheck", "@ts-expect-error"):
                self.assertNotIn(word, text, path)

    def test_each_frame_has_a_name_in_the_page(self) -> None:
        """A new one is to be told to the page."""
        self.assertEqual({struct.__name__ for struct in structs()}, NAMES.keys())

    def test_the_page_knows_the_frames_as_they_are(self) -> None:
        """The fields of each, and which of them may be missing."""
        self.assertEqual(self.agreement(server()), "")

    def test_a_difference_is_seen(self) -> None:
        """One field more, less, optional, or of another type."""
        for now, then in (
            ("  now: number;\n};", "  now: number;\n  then: number;\n};"),
            ("  now: number;\n};", "};"),
            ("  now: number;\n};", "  now?: number;\n};"),
            ("  now: number;\n};", "  now: string;\n};"),
            ("  around?: ", "  near?: "),
            ("  emoji: string;\n  on: boolean", "  emoji: string;\n  off: boolean"),
        ):
            self.assertIn(now, server())
            self.assertIn("frames.ts", self.agreement(server().replace(now, then)), then)
