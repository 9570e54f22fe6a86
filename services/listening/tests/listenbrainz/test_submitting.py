"""Submissions over HTTP: what they do, and what refuses all of one."""

import json

import pytest
from sqlalchemy import func, select

from contracts.listening import MetTracks
from listening.models import MessyTrack, Play, Quarantined, Sighting

BASES = ["/1", "/apis/listenbrainz/1", "/1/1", "/1/submit-listens", "/1/submit-listens/1", "/apis/listenbrainz/1/1"]


async def all_of(stage, table):
    async with stage.db.transaction() as tx:
        return (await tx.scalars(select(table))).all()


async def test_a_single_is_a_listen_of_whose_token_it_is(stage, submit, item, wren):
    info = {"submission_client": "navidrome", "duration_ms": 262_000, "isrc": "x"}
    assert await submit("single", item(info=info)) == {"status": "ok"}
    [seen] = await all_of(stage, Sighting)
    assert (seen.user_id, seen.source, seen.client, seen.raw) == (wren.user_id, "listenbrainz", "navidrome", info)
    assert (seen.length_ms, seen.duration_ms, int(seen.listened_at.timestamp())) == (262_000, None, 1_763_496_000)


@pytest.mark.parametrize("base", BASES)
async def test_the_address_may_be_typed_as_people_do(stage, submit, client, wrens, item, base):
    await submit("single", item(), path=f"{base}/submit-listens")
    assert (await client.get(f"{base}/validate-token", headers=wrens)).json()["valid"] is True
    assert len(await all_of(stage, Play)) == 1


async def test_fifty_of_an_extension_are_taken_as_an_import_and_again_change_nothing(stage, submit, item):
    fifty = [item(f"Song {n}", at=1_763_496_000 + 240 * n, info={"duration": 200}) for n in range(50)]
    for _ in range(2):
        assert await submit("import", *fifty) == {"status": "ok"}
    assert len(await all_of(stage, Play)) == 50


async def test_a_thousand_are_taken_and_one_more_is_too_many(stage, submit, item):
    many = [item(f"Song {n % 7}", at=1_700_000_000 + 240 * n) for n in range(1000)]
    await submit("import", *many)
    assert len(await all_of(stage, Sighting)) == 1000
    told = await submit("import", *many, item(), status=400)
    assert told["detail"] == "Too many listens. You may not submit more than 1000 listens at once."


async def test_one_that_cannot_be_kept_costs_the_others_nothing_and_no_400(stage, submit, item):
    told = await submit("import", item("One"), item(" "), item("Two\0"), item("Three"))
    assert told == {
        "status": "ok",
        "skipped": [
            {"index": 1, "error": "field track_metadata.track_name is empty."},
            {"index": 2, "error": "Two\0 contains a unicode null"},
        ],
    }
    assert len(await all_of(stage, Sighting)) == 2
    assert (await submit("single", item(" ")))["status"] == "ok"


LOW = "listened_at timestamp should be greater than 1033430400 (2002-10-01 00:00:00 UTC)."


@pytest.mark.parametrize(
    ("ahead", "sentence"),
    [
        (59 * 60, None),
        (61 * 60, "Value for key listened_at is too high."),
        (-(10**9), f"Value for key listened_at is too low. {LOW}"),
    ],
)
async def test_a_time_that_cannot_be_is_quarantined_and_told(stage, submit, item, ahead, sentence):
    async with stage.db.transaction() as tx:
        now = float(await tx.scalar(select(func.extract("epoch", func.clock_timestamp()))))
    told = await submit("single", item(at=now + ahead))
    assert told.get("skipped") == (sentence and [{"index": 0, "error": sentence}])
    assert len(await all_of(stage, Quarantined)) == (sentence is not None)


WHOLE = {
    b"": "Cannot parse JSON document: Input is a zero-length, empty document: line 1 column 1 (char 0)",
    b"[]": "Invalid JSON document submitted.",
    b'{"listen_type": "single"}': "Invalid JSON document submitted.",
    b'{"payload": [1]}': "Invalid JSON document submitted.",
    b'{"listen_type": "single", "payload": {}}': "The payload in the JSON document should be a list of listens.",
    b'{"listen_type": "single", "payload": []}': "JSON document does not contain any listens",
    b'{"listen_type": "double", "payload": [1]}': "JSON document requires a valid listen_type key.",
    b'{"listen_type": ["import"], "payload": [1]}': "JSON document requires a valid listen_type key.",
    b'{"listen_type": "single", "payload": [1, 2]}': (
        "JSON document contains more than listen for a single/playing_now. It should contain only one."
    ),
    b'{"listen_type": "import", "payload": ["' + b"x" * 10_240 + b'"]}': (
        "JSON document is too large. In aggregate, listens may not be larger than 10240 characters."
    ),
    b'{"listen_type": "import", "payload": [' + b"[" * 4000: (
        "Cannot parse JSON document: Recursion limit reached: line 1 column 1024 (char 1023)"
    ),
}


@pytest.mark.parametrize("body", WHOLE, ids=[sentence[:40] for sentence in WHOLE.values()])
async def test_what_is_wrong_with_all_of_it_is_refused_in_the_words_of_listenbrainz(stage, client, wrens, body):
    answer = await client.post("/1/submit-listens", content=body, headers=wrens)
    sentence = WHOLE[body]
    told = answer.json()["detail"]
    assert answer.status_code == 400
    assert told == sentence or (sentence.startswith("Cannot parse") and told.startswith("Cannot parse JSON document: "))
    assert await all_of(stage, Sighting) == []


async def test_a_listen_as_large_as_one_may_be_is_taken(stage, client, wrens, item):
    def body(size):
        return json.dumps({"listen_type": "single", "payload": [item(info={"note": "x" * size})]}).encode()

    largest = body(10_240 - len(body(0)))
    assert len(largest) == 10_240
    assert (await client.post("/1/submit-listens", content=largest, headers=wrens)).status_code == 200
    [seen] = await all_of(stage, Sighting)
    assert len(seen.raw["note"]) > 9_000


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("anonymous", "You need to provide an Authorization header."),
        ("bot", "Invalid authorization token."),
        ("worker", "Invalid authorization token."),
        ("admin", "Invalid authorization token."),
    ],
)
@pytest.mark.parametrize("path", ["submit-listens", "delete-listen", "latest-import", "playing-now/delete"])
async def test_who_is_nobody_of_ours_writes_nothing(client, sign, kind, sentence, path):
    headers = sign(kind, scopes=["listens:write"])
    answer = await client.post(f"/1/{path}", content=b"{", headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (401, sentence)


async def test_a_token_is_validated_by_the_name_of_whose_it_is(client, wrens, sign, wren):
    # As one client asks, with a body of JSON that means nothing.
    answer = await client.request("GET", "/1/validate-token", content=b"{}", headers=wrens)
    assert answer.json() == {"code": 200, "message": "Token valid.", "valid": True, "user_name": "wren"}
    bot = await client.get("/1/validate-token", headers=sign("bot"))
    assert bot.json() == {"code": 200, "message": "Token invalid.", "valid": False}
    nobody = await client.get("/1/validate-token", headers=sign("anonymous"))
    assert (nobody.status_code, nobody.json()["detail"]) == (400, "You need to provide an Authorization token.")


async def test_who_has_no_handle_is_called_by_their_id(client, sign, listener_of):
    nameless = await listener_of("Ida", handle=None)
    headers = sign("user", sub=str(nameless.user_id), scopes=["listens:write"])
    answer = await client.get("/1/validate-token", headers=headers)
    assert answer.json()["user_name"] == str(nameless.user_id)


async def test_what_plays_now_is_met_as_any_track_is(stage, submit, item, announced):
    told = await submit("playing_now", item(at=None), path="/1/submit-listens?return_msid=true")
    [track] = await all_of(stage, MessyTrack)
    assert told == {"status": "ok", "recording_msid": str(track.id)}
    await submit("single", item())
    [met] = await announced(MetTracks)
    assert [each.track for each in met.tracks] == ["A Case of You"]
