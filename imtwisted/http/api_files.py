"""
The API of files: uploading, fetching.

Way of a file: browser -> http -> [api_files] -> domain.files.
"""

from __future__ import annotations

from imtwisted import frames
from imtwisted.domain.files import Files
from imtwisted.files import FileId
from imtwisted.http import serving
from imtwisted.http.routes import Caller, route
from imtwisted.http.shapes import FileAnswer
from imtwisted.http.uploads import Uploads


class FilesApi:
    """`/files`."""

    def __init__(self, files: Files, uploads: Uploads) -> None:
        self._files = files
        self._uploads = uploads

    @route("POST", "/files", status=201)
    async def upload(self, caller: Caller) -> FileAnswer:
        """Upload a file, as the field `file` of a form; a message takes it by its id."""
        return FileAnswer(file=frames.file_of(await self._uploads.kept(caller.request)))

    @route("GET", "/files/<file>")
    async def whole(self, caller: Caller, file: int) -> bytes:
        """The bytes of a file, to those who may see its message."""
        found, path = await self._files.find(FileId(file), caller.person.id)
        return await serving.send(caller.request, found, path)

    @route("POST", "/files/<file>/copy", status=201)
    async def copy(self, caller: Caller, file: int) -> FileAnswer:
        """A file one may see, once more as an upload of one's own, to send it elsewhere too."""
        return FileAnswer(
            file=frames.file_of(await self._files.copy(FileId(file), caller.person.id))
        )

    @route("DELETE", "/files/<file>")
    async def remove(self, caller: Caller, file: int) -> None:
        """Delete an upload of one's own that was not sent."""
        await self._files.remove(FileId(file), caller.person.id)

    @route("GET", "/files/<file>/thumbnail")
    async def thumbnail(self, caller: Caller, file: int) -> bytes:
        """A picture, small; the picture itself where it is small already."""
        found, path = await self._files.find_thumbnail(FileId(file), caller.person.id)
        return await serving.send_thumbnail(caller.request, found, path)
