"""The event document says what the contracts say, and is an AsyncAPI 3.0 document."""

from pathlib import Path
from typing import ClassVar

import pytest

from chassis.envelope import Envelope, dataschema
from contracts import asyncapi
from contracts.event import REGISTRY, Event
from contracts.votes import VoteCast

ROOT = Path(__file__).parents[3]


@pytest.fixture
def document():
    return asyncapi.document(asyncapi.own_events())


def references(node):
    if isinstance(node, dict):
        yield from ([node["$ref"]] if "$ref" in node else [])
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from references(child)


def target(document, reference):
    for step in reference.removeprefix("#/").split("/"):
        document = document[step]
    return document


def test_the_committed_documents_are_fresh():
    assert asyncapi.stale(ROOT / "docs" / "events") == []


def test_an_event_of_a_test_is_not_documented(monkeypatch):
    class Rehearsed(Event):
        topic: ClassVar[str] = "club.play.rehearsed"

    assert REGISTRY.pop("club.play.rehearsed") is Rehearsed
    monkeypatch.setitem(REGISTRY, "club.play.rehearsed", Rehearsed)
    assert Rehearsed not in asyncapi.own_events()


def test_every_reference_leads_somewhere(document):
    found = set(references(document))
    assert "#/components/schemas/Credit" in found
    assert all(target(document, reference) for reference in found)


def test_the_document_has_what_asyncapi_asks_for(document):
    assert document["asyncapi"] == "3.0.0"
    assert document["info"].keys() >= {"title", "version"}
    for topic, channel in document["channels"].items():
        assert channel["address"] == topic
        assert channel["messages"]
    for operation in document["operations"].values():
        assert operation["action"] in {"send", "receive"}
        channel = operation["channel"]["$ref"]
        of_the_channel = {f"{channel}/messages/{name}" for name in target(document, channel)["messages"]}
        assert set(references(operation["messages"])) <= of_the_channel


def test_the_owner_sends_and_each_handler_receives(document):
    told = {name: each["action"] for name, each in document["operations"].items() if VoteCast.topic in str(each)}
    assert told == {"club.announce_VoteCast": "send", "taste.learn_from_vote": "receive"}


def test_a_payload_is_described_as_it_is_sent(document):
    rating = target(document, "#/components/schemas/RatingGiven")["properties"]["rating"]
    assert rating["type"] == "number"


def test_the_headers_are_those_the_chassis_sends(document):
    headers = target(document, "#/components/schemas/Envelope")
    assert set(headers["properties"]) == set(Envelope.model_fields) - {"body"} | {"specversion"}
    assert set(headers["required"]) == {
        name for name, field in Envelope.model_fields.items() if field.is_required() and name != "body"
    } | {"specversion"}


def test_a_message_names_its_topic_and_its_schema(document):
    _, own = document["components"]["messages"]["VoteCast"]["headers"]["allOf"]
    assert own["properties"]["type"] == {"const": VoteCast.topic}
    assert own["properties"]["dataschema"] == {"const": dataschema(VoteCast)}


def test_every_handler_has_its_row_among_the_local_copies():
    rows = (ROOT / "docs" / "local-copies.md").read_text("utf-8").splitlines()
    for event in (each for each in asyncapi.own_events() if each.restated):
        owner, noun, _ = event.topic.split(".")
        for handler in event.consumers:
            command = f"`sidetrack reannounce {owner} {noun} --to {handler}`"
            assert [row for row in rows if f"`{event.topic}`" in row and command in row], f"{handler} has no row"


def test_a_check_names_what_is_stale(tmp_path, capsys):
    assert asyncapi.main([str(tmp_path)]) == 0
    assert asyncapi.main([str(tmp_path), "--check"]) == 0
    (tmp_path / "asyncapi.json").write_text("{}")
    assert asyncapi.main(["--check", str(tmp_path)]) == 1
    assert "asyncapi.json is stale" in capsys.readouterr().err


def test_without_a_folder_the_document_is_printed(capsys):
    assert asyncapi.main([]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "events" / "asyncapi.json").read_text("utf-8")
