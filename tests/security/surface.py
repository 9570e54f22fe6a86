"""What the gateway takes, read from its OpenAPI document: every operation, every parameter, every field of a body."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Path = tuple[str | int, ...]

MARK = "@hostile@"


@dataclass(frozen=True)
class Operation:
    method: str
    template: str
    parameters: list[Json] = field(default_factory=list)
    body: Json | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def example(self) -> Any:
        return self.body.get("examples", [{}])[0] if self.body else None

    @property
    def honest(self) -> bytes | None:
        return json.dumps(self.example).encode() if self.body else None

    @property
    def in_query(self) -> list[Json]:
        return [each for each in self.parameters if each["in"] == "query"]

    @property
    def in_path(self) -> list[Json]:
        return [each for each in self.parameters if each["in"] == "path"]

    def fields(self) -> Iterator[tuple[Path, Json]]:
        """Every field of the body, however deep, under the path at which an answer would name it."""
        yield from _fields(self.body or {}, ())

    def objects(self) -> Iterator[Path]:
        yield ()
        yield from (path for path, schema in self.fields() if "object" in kinds(schema))

    def with_field(self, path: Path, spelled: str) -> bytes:
        """The example, but for the field at `path`, which is spelled like this."""
        return json.dumps(_put(self.example, path, MARK)).replace(json.dumps(MARK), spelled).encode()


def operations(document: Json) -> list[Operation]:
    return [
        Operation(method.upper(), template, *_taken(_resolved(operation, document)))
        for template, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def variants(schema: Json) -> list[Json]:
    return [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]


def kinds(schema: Json) -> set[str]:
    """The JSON types it takes."""
    return {each["type"] for each in schema.get("anyOf", [schema]) if "type" in each}


def _taken(operation: Json) -> tuple[list[Json], Json | None]:
    content = operation.get("requestBody", {}).get("content", {})
    return operation.get("parameters", []), content.get("application/json", {}).get("schema")


def _resolved(node: Any, document: Json) -> Any:
    if isinstance(node, list):
        return [_resolved(each, document) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _resolved(document["components"]["schemas"][node["$ref"].rpartition("/")[2]], document)
    return {name: _resolved(each, document) for name, each in node.items() if name != "responses"}


def _fields(schema: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    for variant in variants(schema):
        inside = [(name, part) for name, part in variant.get("properties", {}).items()]
        inside += [(0, variant["items"])] if "items" in variant else []
        for step, part in inside:
            yield (*path, step), part
            yield from _fields(part, (*path, step))


def _put(node: Any, path: Path, value: Any) -> Any:
    """What leads to the path is made where it is missing."""
    if not path:
        return value
    step, *rest = path
    if isinstance(step, int):
        return [_put({}, tuple(rest), value)]
    inside = node if isinstance(node, dict) else {}
    return {**inside, step: _put(inside.get(step), tuple(rest), value)}


def is_for_services(template):
    """Internal, and not for workers from outside, who share the queue of what is fetched."""
    return template.startswith("/internal") and not template.startswith("/internal/sync")
