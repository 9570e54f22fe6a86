"""Files that are exports, and files that are not."""

import json

import pytest

from club.threads import exports
from club.threads.exports import read_export

GUILD = {"id": "193842067721486337", "name": "Blue Notes"}
CHANNEL = {"id": "1442300000000000000", "type": "GuildPublicThread", "category": "WEEK 003", "name": "ratings"}
MESSAGE = {"id": "175928847299117063", "type": "Default", "content": "4.5", "author": {"id": "80351110224678912"}}


def document(*messages, **changed):
    whole = {"guild": GUILD, "channel": CHANNEL, "messages": [*messages]} | changed
    return json.dumps(whole).encode()


def test_a_message_is_dated_by_its_id_whatever_a_clock_says():
    (message,) = read_export("x.json", document(MESSAGE | {"timestamp": "2001-01-01T00:00:00+00:00"})).messages
    assert message.at.isoformat() == "2016-04-30T11:18:25.796000+00:00"


def test_messages_are_in_the_order_they_were_sent():
    later = MESSAGE | {"id": "175928847299117064"}
    assert [each.id for each in read_export("x.json", document(later, MESSAGE)).messages] == [
        MESSAGE["id"],
        later["id"],
    ]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", exports.NotJson),
        (b"week,album\n3,Blue\n", exports.NotJson),
        (b"{]", exports.NotJson),
        (b"[" * 100_000, exports.NotJson),
        (document(MESSAGE)[:-30], exports.CutOff),
        (document(MESSAGE)[:-1], exports.CutOff),
        ('{"guild": "é'.encode()[:-1], exports.CutOff),
        (b"\xff\xfe{\x00}\x00", exports.NotText),
        (b"[]", exports.NotAnExport),
        (b'{"messages": []}', exports.NotAnExport),
        (document(messages={}), exports.NotAnExport),
        (document(guild={"id": 193842067721486337}), exports.NotAnExport),
        (document(channel=CHANNEL | {"type": "DirectTextChat"}), exports.NotOfAGuild),
    ],
)
def test_what_is_no_export_is_refused_in_a_sentence(content, refusal):
    with pytest.raises(refusal) as refused:
        read_export("x.json", content)
    assert str(refused.value).endswith(".")


def test_a_file_is_bounded(monkeypatch):
    monkeypatch.setattr(exports, "LARGEST", 100)
    with pytest.raises(exports.TooLarge, match="64 MiB"):
        read_export("x.json", document(MESSAGE))


def test_a_byte_order_mark_does_no_harm():
    assert read_export("x.json", b"\xef\xbb\xbf" + document(MESSAGE)).channel.name == "ratings"


@pytest.mark.parametrize(
    "broken",
    [None, "hello", {}, MESSAGE | {"id": 175928847299117063}, MESSAGE | {"id": "x"}, MESSAGE | {"author": None}],
)
def test_a_malformed_message_is_counted_and_the_others_are_read(broken):
    export = read_export("x.json", document(broken, MESSAGE))
    assert (len(export.messages), export.malformed) == (1, 1)


def test_what_no_database_can_hold_is_left_out_of_a_message():
    (message,) = read_export("x.json", document(MESSAGE | {"content": "4\0.5 \ud83d fine 🎉"})).messages
    assert message.content == "4.5  fine 🎉"
