"""What taste tells somebody of themself."""

from uuid import UUID, uuid4

from services.taste.tests.telling import CLUB, day, nominated, nomination_id, roster, track, user

from contracts.exports import ExportRequested, TasteExportGathered
from contracts.ratings import RatingGiven

IDA, EDA, BEN = (uuid4() for _ in range(3))


def rated(user_id, week):
    said = {"rating": 4, "favorite_track": None, "review": None, "visible_from": None, "withdrawn": False}
    about = {"week_id": UUID(int=week), "album_id": UUID(int=9), "version": 1, "given_at": "2025-11-24T12:00:00Z"}
    return RatingGiven(user_id=user_id, **about, **said)


async def test_their_own_copies_are_told_by_whichever_id(deliver, announced):
    theirs = [rated(IDA, 1), rated(EDA, 2), user(IDA), day(track(), user_id=EDA)]
    theirs += [roster(IDA, BEN), nominated("Blue", BEN, EDA)]
    for event in (*theirs, rated(BEN, 1), user(BEN, "Ben"), day(track(), user_id=BEN)):
        await deliver(event)
    await deliver(ExportRequested(version=1, export_id=uuid4(), user_id=IDA, aliases=[EDA]))
    (part,) = await announced(TasteExportGathered)
    assert (part.user_id, part.number, part.last) == (IDA, 0, True)
    assert part.sections["votes"] == []
    assert [each["handle"] for each in part.sections["profile"]] == ["ida"]
    assert [each["user_id"] for each in part.sections["days"]] == [str(EDA)]
    assert {each["user_id"] for each in part.sections["ratings"]} == {str(IDA), str(EDA)}
    assert {each["half_steps"] for each in part.sections["ratings"]} == {8}
    assert part.sections["clubs"] == [{"club_id": str(CLUB), "user_id": str(IDA)}]
    assert part.sections["nominations"] == [{"nomination_id": str(nomination_id(1, "Blue")), "user_id": str(EDA)}]
