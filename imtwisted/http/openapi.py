"""
The API's description, made of the table of routes and the structs it names.

Way of a message: beside it; whoever writes a client reads this first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

import msgspec
from msgspec import Struct

from imtwisted.http.routes import Route
from imtwisted.http.shapes import ErrorAnswer

BASE = "/api/v1"
_REF = "#/components/schemas/{name}"
_PART = re.compile(r"<(\w+)>")


def describe(routes: Iterable[Route], version: str) -> dict[str, Any]:
    """An OpenAPI 3.1 document of `routes`."""
    known = list(routes)
    schemas, components = _schemas(known)
    paths: dict[str, dict[str, Any]] = {}
    for route in known:
        path = BASE + _PART.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "imtwisted", "version": version},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SECURITY},
        "security": [{"bearer": []}, {"cookie": [], "csrf": []}],
    }


_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "imchat"},
    "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
}

# The one body that is no JSON, and the answers that are none.
_BINARY = {"type": "string", "format": "binary"}
_UPLOAD = ("POST", "/files")
_FORM = {
    "multipart/form-data": {
        "schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}
    }
}
_BYTES = {"*/*": {"schema": _BINARY}}


def _schemas(routes: list[Route]) -> tuple[dict[Any, Any], dict[str, Any]]:
    """A schema for each type that a route takes or gives, and what they refer to."""
    types: list[Any] = [ErrorAnswer]
    for route in routes:
        for name in ("body", "return"):
            hint = route.hints.get(name)
            types += [each for each in get_args(hint) or (hint,) if _is_struct(each)]
    types = list(dict.fromkeys(types))
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    return dict(zip(types, schemas, strict=True)), components


def _operation(route: Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    hints = route.hints
    tag = type(getattr(route.handler, "__self__", None)).__name__.removesuffix("Api")
    operation: dict[str, Any] = {
        "operationId": f"{tag.lower()}_{route.handler.__name__}",
        "tags": [tag],
        "summary": (route.handler.__doc__ or "").strip(),
        "parameters": _in_path(route) + _in_query(hints.get("query")),
        "responses": _responses(route, schemas),
    }
    if "body" in hints:
        operation["requestBody"] = {"required": True, "content": _json(schemas[hints["body"]])}
    if (route.method, route.path) == _UPLOAD:
        operation["requestBody"] = {"required": True, "content": _FORM}
    if route.is_open:
        operation["security"] = []
    return operation


def _in_path(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string" if route.hints[name] is str else "integer"},
        }
        for name in _PART.findall(route.path)
    ]


def _in_query(shape: type[Struct] | None) -> list[dict[str, Any]]:
    if shape is None:
        return []
    (_,), components = msgspec.json.schema_components([shape], ref_template=_REF)
    schema = components[shape.__name__]
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": each}
        for name, each in schema["properties"].items()
    ]


def _responses(route: Route, schemas: dict[Any, Any]) -> dict[str, Any]:
    answer = route.hints["return"]
    error = {"description": "A refusal", "content": _json(schemas[ErrorAnswer])}
    if answer is bytes:
        whole = {"200": {"description": "The bytes", "content": _BYTES}}
        return {**whole, "206": {"description": "A part", "content": _BYTES}, "default": error}
    if answer is type(None):
        return {"204": {"description": "Done"}, "default": error}
    types = [schemas[each] for each in get_args(answer) or (answer,) if _is_struct(each)]
    schema = types[0] if len(types) == 1 else {"anyOf": types} if types else {}
    found = {str(route.status): {"description": "Done", "content": _json(schema)}}
    if route.path.endswith("/messages") and route.method == "POST":
        found["200"] = {"description": "Known already", "content": _json(schema)}
    return {**found, "default": error}


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _is_struct(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Struct)
