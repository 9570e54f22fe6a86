"""One OpenAPI document made of the services' own."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

from chassis.errors import NotFound, Unavailable
from gateway import routes
from gateway.health import VERSION
from gateway.memory import Memory, Shared
from gateway.upstream import Upstream

Json = dict[str, Any]

SCHEMAS = "#/components/schemas/"
KEPT_FOR, KEPT_INCOMPLETE_FOR = 60.0, 2.0
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch"})
ABOUT = "The album club's backend. Send your API key as `Authorization: Bearer sdt_…`; reading often needs none."
SECURITY = {
    "api_key": {"type": "http", "scheme": "bearer", "description": "An API key, `sdt_…`. Never in the address."}
}
OWN_PATHS: Json = {
    "/health": {
        "get": {
            "tags": ["gateway"],
            "summary": "How all six parts are",
            "operationId": "health",
            "responses": {
                status: {"description": meaning, "content": {"application/json": {"schema": {"type": "object"}}}}
                for status, meaning in (("200", "All parts serve."), ("503", "A part fails."))
            },
        }
    }
}


class Document:
    """Asked for at first demand and kept a minute; one with gaps only a moment."""

    def __init__(self, upstreams: Mapping[str, Upstream]) -> None:
        self._upstreams = upstreams
        self._merged: Shared[str, Json] = Shared(
            Memory(1), lambda merged: KEPT_INCOMPLETE_FOR if "x-missing" in merged else KEPT_FOR
        )

    async def answer(self) -> Response:
        return Response(orjson.dumps(await self._merged.get("all", self._merge)), media_type="application/json")

    async def _merge(self) -> Json:
        found = await asyncio.gather(*map(_own_document, self._upstreams.values()))
        return merge(dict(zip(self._upstreams, found, strict=True)))


async def _own_document(upstream: Upstream) -> Json | None:
    try:
        answer = await upstream.fetch("GET", "/openapi.json")
        document = orjson.loads(answer.body)
    except (Unavailable, ValueError):
        return None
    return document if isinstance(document, dict) and isinstance(document.get("paths"), dict) else None


def merge(documents: Mapping[str, Json | None]) -> Json:
    """Merges by service; one that gave no document is named under `x-missing`."""
    present = {service: document for service, document in documents.items() if document is not None}
    present = _with_clear_names(present)
    missing = [service for service in documents if service not in present]
    about = ABOUT + (f" Missing at the moment: {', '.join(missing)}." if missing else "")
    paths, schemas = dict(OWN_PATHS), Json()
    for service, document in present.items():
        paths |= _public_paths(service, document)
        schemas |= _schemas(document)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sidetrack", "version": VERSION, "description": about},
        "servers": [{"url": "/"}],
        "security": [{"api_key": []}, {}],
        "tags": [{"name": name} for name in ("gateway", *present)],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": SECURITY},
    } | ({"x-missing": missing} if missing else {})


def _public_paths(service: str, document: Json) -> Json:
    return {
        path: {each: _tagged(item, service) if each in METHODS else item for each, item in methods.items()}
        for path, methods in document["paths"].items()
        if not path.startswith("/internal") and _leads_to(path, service)
    }


def _leads_to(path: str, service: str) -> bool:
    try:
        return routes.find(path).service == service
    except NotFound:
        return False


def _tagged(operation: Json, service: str) -> Json:
    return operation if operation.get("tags") else operation | {"tags": [service]}


def _schemas(document: Json) -> Json:
    schemas: Json = document.get("components", {}).get("schemas", {})
    return schemas


def _with_clear_names(documents: Mapping[str, Json]) -> dict[str, Json]:
    """Where two services mean different things by a schema's name, both say it with their own name before it."""
    clear = dict(documents)
    # A renamed schema changes those that refer to it, which may then differ in their turn.
    while clashing := _clashing(clear):
        clear = {service: _renamed(document, service, clashing) for service, document in clear.items()}
    return clear


def _clashing(documents: Mapping[str, Json]) -> set[str]:
    first: Json = {}
    pairs = [pair for document in documents.values() for pair in _schemas(document).items()]
    return {name for name, schema in pairs if first.setdefault(name, schema) != schema}


def _renamed(document: Json, service: str, clashing: set[str]) -> Json:
    taken = set(_schemas(document))
    names = {name: _free(service.capitalize() + name, taken) for name in clashing & taken}
    renamed: Json = _follow(document, {SCHEMAS + old: SCHEMAS + new for old, new in names.items()})
    schemas = {names.get(name, name): schema for name, schema in _schemas(renamed).items()}
    return renamed | {"components": renamed.get("components", {}) | {"schemas": schemas}}


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else _free(name + "_", taken)


def _follow(node: Any, moved: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _follow(child, moved) for key, child in node.items()}
    if isinstance(node, list):
        return [_follow(child, moved) for child in node]
    return moved.get(node, node) if isinstance(node, str) else node
