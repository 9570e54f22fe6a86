"""What imports remember of somebody who left."""

from uuid import uuid4

from sqlalchemy import select

from chassis.testing import mentions
from club.models import ImportItem
from contracts.leaving import UserDeleted


async def test_an_import_forgets_who_left_and_can_still_be_undone(bring, items, week, deliver, stage, ask, said):
    sent = items()
    made = await bring([*sent, sent[0] | {"number": 4, "provenance": said(author=sent[1]["provenance"]["author"])}])
    before = await week()
    (ben,) = {each["nominator"]["id"] for each in before["nominations"] if each["album"]["title"] == "Hejira"}
    (ida,) = {each["nominator"]["id"] for each in before["nominations"] if each["album"]["title"] == "Blue"}
    for user_id in (ida, ben):
        told = {"version": 9, "aliases": [], "former_id": uuid4(), "deleted_at": "2025-11-25T12:00:00Z"}
        await deliver(UserDeleted.model_validate(told | {"user_id": user_id}))
    words = [
        word for item in (sent[1], sent[2]) for word in (item["provenance"]["author"], item["provenance"]["message_id"])
    ]
    async with stage.db.transaction() as tx:
        assert await mentions(tx, ida, ben, *words, "Listen.", sent[5]["provenance"]["message_id"]) == set()
        kept = (await tx.scalars(select(ImportItem))).all()
    assert {each.provenance["author"] for each in kept} - {None} == {sent[4]["provenance"]["author"]}
    after = await week()
    assert after["ratings"] | {"participation": None} == before["ratings"] | {"participation": None}
    undone = await ask("DELETE", f"/club/imports/{made['id']}")
    assert undone.status_code == 200, undone.text
    assert [each["code"] for each in undone.json()["kept"]] == []
