"""Exports of three weeks, in DiscordChatExporter's format. The threads are invented; titles and artists are facts."""

import json
from pathlib import Path

import pytest

from club.threads.exports import read_export
from club.threads.plan import make_plan

EXPORTS = Path(__file__).parent / "exports"
MINUTE = 60_000 << 22


@pytest.fixture
def three_weeks():
    return [read_export(file.name, file.read_bytes()) for file in sorted(EXPORTS.glob("*.json"))]


@pytest.fixture
def thread():
    """`thread("nominations", ("Ida", "Blue — …"), …)`: an export of one, a message a minute."""
    nth = iter(range(10_000))

    def make(name, *said, category="WEEK 003 [2025-11-24]"):
        base = 1442300000000000000 + next(nth) * 1000
        messages = [
            {
                "id": str(base + (at + 1) * MINUTE),
                "type": "Default",
                "content": content,
                "author": {"id": str(1000 + sum(map(ord, who))), "name": who, "isBot": False},
            }
            for at, (who, content) in enumerate(said)
        ]
        channel = {"id": str(base), "type": "GuildPublicThread", "category": category, "name": name}
        document = {"guild": {"id": "193842067721486337", "name": "Blue Notes"}, "channel": channel}
        return read_export(f"{name}.json", json.dumps(document | {"messages": messages}).encode())

    return make


@pytest.fixture
def planned():
    """`planned(exports)`: what is to be imported, by kind, and what is doubtful."""

    def plan(exports, decisions=None, **more):
        made = make_plan(exports, decisions or {}, **more)
        made.said = {
            kind: [_said(each) for each in made.items if each.kind == kind]
            for kind in ("week", "nomination", "winner", "rating")
        }
        return made

    return plan


def _said(reading):
    album = reading.body.get("album", {}).get("title")
    return reading.number, album or reading.body.get("rating") or reading.body.get("date_discussion")
