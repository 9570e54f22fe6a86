"""One golden document an event: what was once announced can still be read, and is still announced like that."""

import json
import re
from pathlib import Path

import pytest

from contracts.asyncapi import own_events

FOLDER = Path(__file__).parent / "golden"
EVENTS = {f"{event.topic}.v{event.schema_version}": event for event in own_events()}
FOUND = [path.stem for path in sorted(FOLDER.glob("*.json")) if re.fullmatch(r"\w+\.\w+\.\w+\.v\d+", path.stem)]


def golden(name):
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def test_every_event_has_exactly_one_golden_document():
    assert sorted(EVENTS) == FOUND


@pytest.mark.parametrize("name", FOUND)
def test_a_golden_document_is_read_and_announced_unchanged(name):
    event = EVENTS[name].model_validate(golden(name))
    assert json.loads(event.model_dump_json()) == golden(name)


@pytest.mark.parametrize("name", FOUND)
def test_a_golden_document_shows_every_field(name):
    assert list(golden(name)) == list(EVENTS[name].model_fields)


@pytest.mark.parametrize("name", FOUND)
def test_a_field_of_tomorrow_is_left_aside(name):
    newer = golden(name) | {"a_field_of_tomorrow": {"unknown": [1, 2, 3]}}
    assert json.loads(EVENTS[name].model_validate(newer).model_dump_json()) == golden(name)
