"""Every event as one AsyncAPI 3.0 document: `python -m contracts.asyncapi docs/events` writes it, --check compares."""

import json
import sys
from collections.abc import Iterable
from importlib.metadata import version
from inspect import getdoc
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from contracts.event import Event
from contracts.event_page import page
from contracts.registry import REGISTRY

Json = dict[str, Any]

SCHEMAS = "#/components/schemas/"
ENVELOPE = "Envelope"
ABOUT = (
    "What Sidetrack's services tell each other. Every event carries the whole state of one aggregate and its version; "
    "of two states the higher version is the truth, so events may arrive twice and in any order."
)
# CloudEvents 1.0 names; they travel beside the body, as the headers of the message.
HEADERS: Json = {
    "title": ENVELOPE,
    "description": "What travels beside an event's body, under the names CloudEvents 1.0 gives it.",
    "type": "object",
    "required": ["specversion", "id", "type", "source", "dataschema", "time"],
    "properties": {
        "specversion": {"type": "string", "const": "1.0"},
        "id": {"type": "string", "format": "uuid", "description": "One event; told again, it keeps its id."},
        "type": {"type": "string", "description": "The topic."},
        "source": {"type": "string", "description": "The service that owns the noun."},
        "dataschema": {"type": "string", "description": "Topic and schema version: `urn:sidetrack:<topic>:<version>`."},
        "time": {"type": "string", "format": "date-time", "description": "When it was announced."},
        "correlationid": {"type": "string", "description": "The request at the beginning of it all."},
        "causationid": {"type": "string", "description": "The event that caused this one."},
        "traceparent": {"type": "string", "description": "W3C Trace Context."},
        "attempt": {"type": "integer", "minimum": 0, "description": "How many rungs of the retry ladder it climbed."},
        "error": {"type": "string", "description": "Why the last attempt failed."},
    },
}


def own_events() -> list[type[Event]]:
    """The contracts' events by topic, without those that a test made up."""
    registered = (event for _, event in sorted(REGISTRY.items()))
    return [event for event in registered if event.__module__.startswith("contracts.")]


def document(events: Iterable[type[Event]]) -> Json:
    """The AsyncAPI 3.0 document of these events."""
    events = list(events)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Sidetrack's events", "version": version("sidetrack-contracts"), "description": ABOUT},
        "defaultContentType": "application/json",
        "channels": {event.topic: _channel(event) for event in events},
        "operations": {name: operation for event in events for name, operation in _operations(event).items()},
        "components": {
            "messages": {event.__name__: _message(event) for event in events},
            "schemas": {ENVELOPE: HEADERS, **_schemas(events)},
        },
    }


def _channel(event: type[Event]) -> Json:
    return {
        "address": event.topic,
        "description": getdoc(event),
        "messages": {event.__name__: {"$ref": f"#/components/messages/{event.__name__}"}},
    }


def _operations(event: type[Event]) -> Json:
    """The owner sends; each handler that must hear it receives."""
    sent = {f"{_owner(event)}.announce_{event.__name__}": _operation(event, "send", f"{_owner(event)} announces it.")}
    heard = {name: _operation(event, "receive", f"Handled by {name}.") for name in event.consumers}
    return sent | heard


def _operation(event: type[Event], action: str, summary: str) -> Json:
    channel = f"#/channels/{event.topic}"
    messages = [{"$ref": f"{channel}/messages/{event.__name__}"}]
    return {"action": action, "channel": {"$ref": channel}, "summary": summary, "messages": messages}


def _owner(event: type[Event]) -> str:
    return event.topic.partition(".")[0]


def _message(event: type[Event]) -> Json:
    own = {
        "type": {"const": event.topic},
        "source": {"const": _owner(event)},
        "dataschema": {"const": f"urn:sidetrack:{event.topic}:{event.schema_version}"},
    }
    return {
        "name": event.__name__,
        "title": event.topic,
        "summary": getdoc(event),
        "contentType": "application/json",
        "headers": {"allOf": [{"$ref": SCHEMAS + ENVELOPE}, {"properties": own}]},
        "payload": {"$ref": SCHEMAS + event.__name__},
    }


def _schemas(events: Iterable[type[Event]]) -> Json:
    _, schema = models_json_schema([(event, "serialization") for event in events], ref_template=SCHEMAS + "{model}")
    schemas: Json = schema["$defs"]
    return schemas


def written() -> dict[str, str]:
    """What stands in docs/events, by file name."""
    built = document(own_events())
    return {
        "asyncapi.json": json.dumps(built, indent=2, ensure_ascii=False) + "\n",
        "README.md": page(own_events(), built["components"]["schemas"]),
    }


def stale(folder: Path) -> list[str]:
    """The files in `folder` that do not say what the contracts say."""
    return [name for name, text in written().items() if not _says(folder / name, text)]


def _says(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


def main(arguments: list[str]) -> int:
    """Without a folder the document goes to standard output. With --check nothing is written, and 1 means stale."""
    folders = [Path(argument) for argument in arguments if argument != "--check"]
    if not folders:
        sys.stdout.write(written()["asyncapi.json"])
        return 0
    (folder,) = folders
    if "--check" in arguments:
        found = [str(folder / name) for name in stale(folder)]
        sys.stderr.writelines(f"{name} is stale: run `python -m contracts.asyncapi {folder}`.\n" for name in found)
        return min(1, len(found))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in written().items():
        (folder / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
