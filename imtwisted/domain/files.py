"""
What it means to upload a file, and who may have it.

Beside the way of a message: http -> [files] -> disk, picture process, database. A file
is kept before anyone hears of it; the journal links it to the message it goes with.

What is left over is swept: uploads that nobody sent within a day, and what lies on the
disk without a row, because a server was killed between the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from imtwisted import rules
from imtwisted.boundaries import Clock, Disk, FileStore, Incoming, Pictures
from imtwisted.entries import Committed
from imtwisted.files import PICTURES, File, FileId, Kept, Sight, Uploaded
from imtwisted.limits import Buckets
from imtwisted.model import UserId
from imtwisted.refusals import BadRequest, NotFound, RateLimited, TooLarge, Unavailable
from imtwisted.settings import Limits

AT_ONCE = 4  # uploads of one person on their way
# Copies of a person in a minute: ten files forwarded to twenty conversations, and some more.
COPIES_PER_MINUTE = 300
UNSENT_FOR = 24 * 3600  # seconds that an upload waits to be sent
# Seconds: younger than that on the disk, its row may be on its way.
_STRAY_AFTER = 3600
_PLACE_BYTES = 20


class Files:
    """Takes files in, hands them out, and sweeps."""

    _log = Logger()

    def __init__(
        self,
        store: FileStore,
        disk: Disk,
        pictures: Pictures,
        clock: Clock,
        limits: Limits,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._store = store
        self._disk = disk
        self._pictures = pictures
        self._clock = clock
        self._limits = limits
        self._entropy = entropy
        self._uploading: dict[UserId, int] = {}
        self._copies = Buckets(clock, COPIES_PER_MINUTE, 60)

    # --- in -------------------------------------------------------------------------

    async def begin(self, owner: UserId) -> Upload:
        """An upload to write into; raises `RateLimited`, or `TooLarge` when there is no room."""
        if self._uploading.get(owner, 0) >= AT_ONCE:
            raise RateLimited("Too many uploads at once.", reason="uploads", retry_after=1000)
        self._uploading[owner] = self._uploading.get(owner, 0) + 1
        upload = Upload(owner, self._limits.file_bytes, lambda: self._ended(owner))
        try:
            room = self._limits.user_file_bytes - await self._store.used(owner)
            if room <= 0:
                raise TooLarge(reason="quota", field="file")
            upload.open(self._disk.begin(self._entropy(_PLACE_BYTES).hex()), room)
        except OSError as reason:
            upload.discard()
            raise self._unwritable(reason) from None
        except BaseException:
            upload.discard()
            raise
        return upload

    def _ended(self, owner: UserId) -> None:
        self._uploading[owner] -= 1
        if not self._uploading[owner]:
            del self._uploading[owner]

    async def keep(self, upload: Upload, name: str) -> File:
        """
        Keep what has arrived: looked at, safe on the disk, in its owner's list.

        Raises `BadRequest` when there is nothing, `TooLarge`, `Unavailable`, `Busy` when too
        many pictures wait to be looked at: none is kept with what tells of its maker.
        """
        try:
            incoming = upload.complete()
            return await self._keep(upload.owner, incoming, rules.cleaned_name(name))
        except OSError as reason:
            raise self._unwritable(reason) from None
        finally:
            upload.discard()

    async def _keep(self, owner: UserId, incoming: Incoming, name: str) -> File:
        await self._disk.complete(incoming)
        type = rules.sniffed(incoming.head)
        sight = await self._look(owner, type, incoming)
        seen = (sight.width, sight.height, sight.thumbnail) if sight else (None, None, False)
        uploaded = Uploaded(incoming.place, name, incoming.size, type, *seen)
        await self._disk.keep(incoming)
        return await self._enter(owner, uploaded)

    async def copy(self, file: FileId, viewer: UserId) -> File:
        """
        A file that `viewer` may see, once more as an upload of theirs, to send elsewhere.

        Raises `NotFound`, `TooLarge` when there is no room, `RateLimited`, `Unavailable`.
        """
        self._copies.take(viewer)
        kept = await self._store.find(file, viewer)
        if kept is None:
            raise NotFound(reason="no_such_file")
        seen, place = kept.file, self._entropy(_PLACE_BYTES).hex()
        try:
            await self._disk.copy(kept.place, place)
        except FileNotFoundError:  # recalled, since it was looked up
            raise NotFound(reason="no_such_file") from None
        except OSError as reason:
            raise self._unwritable(reason) from None
        shape = (seen.width, seen.height, seen.thumbnail)
        return await self._enter(viewer, Uploaded(place, seen.name, seen.size, seen.type, *shape))

    async def _enter(self, owner: UserId, uploaded: Uploaded) -> File:
        """Into its owner's list; gone again when there is no room."""
        try:
            most = self._limits.user_file_bytes
            return await self._store.add(owner, uploaded, self._now(), most)
        except TooLarge:
            await self._disk.remove([uploaded.place])
            raise

    async def _look(self, owner: UserId, type: str, incoming: Incoming) -> Sight | None:
        if type not in PICTURES:
            return None
        sight = await self._pictures.look(owner, incoming.path, incoming.bare, incoming.thumbnail)
        if sight is not None:
            await self._disk.strip(incoming)
        return sight

    def _unwritable(self, reason: OSError) -> Unavailable:
        self._log.error("A file could not be kept: {reason}", reason=reason.strerror)
        return Unavailable("The server cannot keep files right now.")

    # --- out ------------------------------------------------------------------------

    async def find(self, file: FileId, viewer: UserId) -> tuple[File, Path]:
        """A file that `viewer` may see, and where it lies; raises `NotFound`."""
        kept = await self._store.find(file, viewer)
        if kept is None:
            raise NotFound(reason="no_such_file")
        return kept.file, self._disk.path_of(kept.place)

    async def find_thumbnail(self, file: FileId, viewer: UserId) -> tuple[Kept, Path]:
        """A picture and where its thumbnail lies, which may be itself; raises `NotFound`."""
        kept = await self._store.find(file, viewer)
        if kept is None or not kept.file.is_picture:
            raise NotFound(reason="no_such_file")
        return kept, self._disk.path_of(kept.place, thumbnail=kept.file.thumbnail)

    # --- gone -----------------------------------------------------------------------

    async def remove(self, file: FileId, owner: UserId) -> None:
        """Delete an upload that was not sent; raises `NotFound`, `Conflict`."""
        place = await self._store.forget(file, owner)
        await self._disk.remove([place])

    def forget(self, batch: Sequence[Committed]) -> None:
        """Delete from the disk what a commit left without a message; never raises."""
        self.clear([place for committed in batch for place in committed.gone])

    def clear(self, gone: Sequence[str]) -> None:
        """Delete from the disk what no table has any more; never raises."""
        if gone:
            Deferred.fromCoroutine(self._disk.remove(gone)).addErrback(
                lambda failure: self._log.failure("Files stay until the next sweep", failure)
            )

    async def forget_all(self, owner: UserId) -> None:
        """Delete the files of a person, with those in messages; what a group shows stays."""
        while gone := await self._store.forget_all(owner):
            await self._disk.remove(gone)

    async def sweep(self) -> None:
        """Delete the uploads that nobody sent, and what lies on the disk without a row."""
        now = self._now()
        while unsent := await self._store.forget_unsent(now - UNSENT_FOR * 1000):
            await self._disk.remove(unsent)
        lying = await self._disk.places(now - _STRAY_AFTER * 1000)
        strays = await self._store.unknown(lying)
        if strays:
            self._log.info("{count} files without an owner are deleted", count=len(strays))
            await self._disk.remove(strays)

    def _now(self) -> int:
        return int(self._clock.seconds() * 1000)


class Upload:
    """One file on its way in: written as it comes, gone unless it is kept."""

    def __init__(self, owner: UserId, most: int, ended: Callable[[], None]) -> None:
        self.owner = owner
        self._file_bytes = self._most = most
        self._ended = ended
        self._incoming: Incoming | None = None
        self._is_over = False

    def open(self, incoming: Incoming, room: int) -> None:
        """Write into `incoming`, at most so many bytes more than its owner has."""
        self._incoming = incoming
        self._most = min(self._most, room)

    def write(self, data: bytes) -> None:
        """Add `data`; raises `TooLarge`, `OSError`."""
        if self._incoming is None or self._is_over:
            raise BadRequest("The upload has ended.")
        if self._incoming.size + len(data) > self._most:
            is_quota = self._most < self._file_bytes
            reason = "quota" if is_quota else "file_too_large"
            raise TooLarge(reason=reason, field="file")
        self._incoming.write(data)

    def complete(self) -> Incoming:
        """What has arrived; raises `BadRequest` when it is nothing."""
        if self._incoming is None or self._is_over or not self._incoming.size:
            raise BadRequest(reason="file_empty", field="file")
        return self._incoming

    def discard(self) -> None:
        """Leave nothing behind, unless it is kept; may be called twice."""
        if self._is_over:
            return
        self._is_over = True
        self._ended()
        if self._incoming is not None:
            self._incoming.discard()
