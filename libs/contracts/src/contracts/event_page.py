"""Every event as a page for people."""

from collections.abc import Iterable, Mapping
from inspect import getdoc
from typing import Any

from contracts.event import Event

Json = Mapping[str, Any]

HEAD = """# Events

What Sidetrack's services tell each other. Every event carries the whole state of one aggregate and its `version`: of
two states the higher one is the truth, so a consumer may hear them twice and in any order. Adding an optional field is
a compatible change; anything else is a new schema version.

Beside the body travels an envelope under the names of CloudEvents 1.0: `id`, `type` (the topic), `source` (the owner),
`dataschema` (topic and schema version), `time`, and where they are known `correlationid`, `causationid` and
`traceparent`.

This page and [asyncapi.json](asyncapi.json), an AsyncAPI 3.0 document, are generated from the contracts by
`python -m contracts.asyncapi docs/events`. Who keeps what of it is told in [local copies](../local-copies.md).
"""


def page(events: Iterable[type[Event]], schemas: Json) -> str:
    """Markdown: all events in a table, then the fields of each."""
    events = list(events)
    return "\n".join([HEAD, *_overview(events), "", *(line for event in events for line in _section(event, schemas))])


def _overview(events: Iterable[type[Event]]) -> list[str]:
    rows = [
        f"| [`{event.topic}`](#{_anchor(event)}) | {event.topic.partition('.')[0]} | {_consumers(event)} "
        f"| {event.schema_version} |"
        for event in events
    ]
    return ["| topic | owner | consumers | schema version |", "|---|---|---|---|", *rows]


def _anchor(event: type[Event]) -> str:
    return event.topic.replace(".", "")


def _consumers(event: type[Event]) -> str:
    return ", ".join(f"`{name}`" for name in event.consumers) or "none yet"


def _section(event: type[Event], schemas: Json) -> list[str]:
    schema = schemas[event.__name__]
    needed = set(schema.get("required", ()))
    rows = [
        f"| `{name}` | {_kind(field, schemas)} | {'yes' if name in needed else 'no'} | {field.get('description', '')} |"
        for name, field in schema["properties"].items()
    ]
    fields = ["| field | type | required | meaning |", "|---|---|---|---|", *rows]
    return [f"## {event.topic}", "", getdoc(event) or "", "", *fields, ""]


def _kind(field: Json, schemas: Json) -> str:
    """The field's type as a person would say it: `uuid or null`, `list of {id: uuid, name: string}`."""
    if "anyOf" in field:
        return " or ".join(_kind(each, schemas) for each in field["anyOf"])
    if "$ref" in field:
        parts = schemas[field["$ref"].rpartition("/")[2]]["properties"]
        return "{" + ", ".join(f"{name}: {_kind(part, schemas)}" for name, part in parts.items()) + "}"
    if field["type"] == "array":
        return f"list of {_kind(field['items'], schemas)}"
    return str(field.get("format", field["type"]))
