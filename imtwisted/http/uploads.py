"""
Bodies that carry a file: taken in piece by piece, never whole in memory.

Way of a file: browser -> site -> [uploads] -> domain.files -> disk.

Who sends it is asked before any of it is kept, from the headers alone; meanwhile
nothing more is read. What may not be kept is read and thrown away, so that the route
can answer: a browser that is cut off while it sends shows no answer at all.
"""

from __future__ import annotations

from typing import Any

from multipart import MultipartError, MultipartSegment, PushMultipartParser
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.server import Request

from imtwisted.domain.files import Files, Upload
from imtwisted.files import File
from imtwisted.http.door import Door
from imtwisted.http.headers import header_of
from imtwisted.refusals import BadRequest, ChatError, Unavailable, Unsupported

FIELD = "file"
MEDIA_TYPE = "multipart/form-data"
# What a form may have around its file.
ENVELOPE_BYTES = 16 * 1024
_LONGEST_BOUNDARY = 70  # RFC 2046, 5.1.1


class Uploads:
    """Knows which requests bring files, and how large they may be."""

    def __init__(self, door: Door, files: Files, file_bytes: int) -> None:
        self._door = door
        self._files = files
        self.most = file_bytes + ENVELOPE_BYTES

    def body_for(self, request: Request) -> UploadBody | None:
        """Where the body goes if it is a form with a file; what it is may show later."""
        boundary = _boundary(header_of(request, b"content-type") or "")
        if boundary is None:
            return None
        body = UploadBody(boundary, request.channel.transport)
        Deferred.fromCoroutine(self._admit(request, body)).addErrback(body.failed)
        return body

    async def _admit(self, request: Request, body: UploadBody) -> None:
        """Let it be kept, if who sends it may; whoever may not is told so by the route."""
        try:
            session = await self._door.session_of(request)
            body.is_known = True
            body.admit(await self._files.begin(session.person.id))
        except ChatError as refusal:
            body.refuse(refusal)

    async def kept(self, request: Request) -> File:
        """The file of a request whose body has come whole; raises why there is none."""
        body = request.content
        if not isinstance(body, UploadBody):
            raise Unsupported(f"Send {MEDIA_TYPE} with a field {FIELD}.")
        upload, name = await body.arrived()
        return await self._files.keep(upload, name)


def _boundary(content_type: str) -> str | None:
    media_type, _, parameters = content_type.partition(";")
    if media_type.strip().lower() != MEDIA_TYPE:
        return None
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        value = value.strip().strip('"')
        if name.strip().lower() == "boundary" and 0 < len(value) <= _LONGEST_BOUNDARY:
            return value if value.isascii() else None
    return None


class UploadBody:
    """What stands where a request's body would: a form of one field, as it comes."""

    _log = Logger()

    def __init__(self, boundary: str, transport: Any) -> None:
        self._parser = PushMultipartParser(boundary, max_segment_count=1, strict=False)
        self._transport = transport
        self._waiting: list[bytes] | None = []  # until it is known who sends it
        self._upload: Upload | None = None
        self._refusal: ChatError | None = None
        self._name = ""
        self._is_whole = False
        self.is_known = False  # who sends it
        self._is_closed = False
        self._known: Deferred[None] = Deferred()
        transport.pauseProducing()

    # --- who may

    @property
    def is_held(self) -> bool:
        """Whether it is we who do not read on."""
        return self._waiting is not None

    def admit(self, upload: Upload) -> None:
        """Keep what comes, and what has come meanwhile."""
        if self._is_closed:
            upload.discard()
            return
        self._upload = upload
        self._go_on()

    def refuse(self, refusal: ChatError) -> None:
        """Keep nothing: what comes is thrown away."""
        self._refusal = self._refusal or refusal
        if self._upload is not None:
            self._upload.discard()
        if self._waiting is not None and not self._is_closed:
            self._go_on()

    def failed(self, failure: Failure) -> None:
        """Something of ours broke."""
        self._log.failure("An upload could not begin", failure)
        self.refuse(Unavailable())

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting or [], None
        for data in waiting:
            self._take(data)
        self._known.callback(None)
        self._transport.resumeProducing()

    # --- as `twisted.web` sees a body

    def write(self, data: bytes) -> None:
        """More of the body has come."""
        if self._waiting is not None:
            self._waiting.append(data)
        else:
            self._take(data)

    def seek(self, *place: int) -> None:
        """It cannot be read again, and nobody does."""

    def tell(self) -> int:
        """How much there is to read."""
        return 0

    def read(self, size: int = -1) -> bytes:
        """Nothing: it is on its way to the disk."""
        return b""

    def close(self) -> None:
        """The request is over, or was cut off: what was not kept is gone."""
        self._is_closed = True
        if self._upload is not None:
            self._upload.discard()

    # --- what is in it

    def _take(self, data: bytes) -> None:
        if self._refusal is not None or self._upload is None or not data:
            return
        try:
            for event in self._parser.parse(data):
                self._hear(self._upload, event)
        except MultipartError:
            self.refuse(BadRequest(f"Send a form with one field {FIELD}.", field=FIELD))
        except ChatError as refusal:
            self.refuse(refusal)
        except OSError as reason:
            self._log.error("An upload could not be written: {reason}", reason=reason.strerror)
            self.refuse(Unavailable("The server cannot keep files right now."))

    def _hear(self, upload: Upload, event: MultipartSegment | bytes | bytearray | None) -> None:
        if event is None:
            self._is_whole = True
        elif isinstance(event, MultipartSegment):
            if event.name != FIELD:
                raise BadRequest(f"The field is called {FIELD}.", field=FIELD)
            self._name = event.filename or ""
        else:
            upload.write(bytes(event))

    async def arrived(self) -> tuple[Upload, str]:
        """What has come, and how its sender calls it; raises why it is not kept."""
        if not self._known.called:
            await self._known
        if self._refusal is not None:
            raise self._refusal
        # Whoever asks has it from now on: who leaves meanwhile does not take it out of their hands.
        upload = self._upload
        if upload is None or not self._is_whole:
            raise BadRequest("The form is not complete.", field=FIELD)
        self._upload = None
        return upload, self._name
