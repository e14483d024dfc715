"""
The JSON API as a whole: every resource's routes, and their description.

Way of a message: script -> site -> [api] -> domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from klein.resource import KleinResource

from imtwisted import __version__
from imtwisted.http.door import Door
from imtwisted.http.errors import Errors
from imtwisted.http.openapi import describe
from imtwisted.http.routes import Caller, Route, Router, route, routes_of

Description = dict[str, Any]


class DescriptionsApi:
    """`/openapi.json` and `/asyncapi.json`; to everyone, it is no secret."""

    def __init__(
        self, describe_api: Callable[[], Description], describe_socket: Callable[[], Description]
    ) -> None:
        self._describe_api = describe_api
        self._describe_socket = describe_socket

    @route("GET", "/openapi.json", is_open=True)
    async def openapi(self, caller: Caller) -> Description:
        """This API, for machines."""
        return self._describe_api()

    @route("GET", "/asyncapi.json", is_open=True)
    async def asyncapi(self, caller: Caller) -> Description:
        """The socket, for machines."""
        return self._describe_socket()


class Api:
    """Everything under `/api/v1`, made of one table of routes."""

    def __init__(
        self,
        resources: Iterable[object],
        door: Door,
        errors: Errors,
        describe_socket: Callable[[], Description],
    ) -> None:
        descriptions = DescriptionsApi(self.description, describe_socket)
        self.routes: list[Route] = [
            each for resource in (*resources, descriptions) for each in routes_of(resource)
        ]
        self._router = Router(self.routes, door, errors)
        self._description: Description | None = None

    def description(self) -> Description:
        """The OpenAPI document, made when it is first asked for."""
        if self._description is None:
            self._description = describe(self.routes, __version__)
        return self._description

    def resource(self) -> KleinResource:
        """What the site serves."""
        return self._router.app.resource()
