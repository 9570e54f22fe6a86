"""Listens over HTTP, many at a time."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.caller import LISTENS, Caller, check_may
from chassis.db import Tx
from chassis.errors import Forbidden
from chassis.http import router as routes
from chassis.tokens import SignedCaller
from contracts.batches import readable, unreadable
from contracts.ids import TrackId, UserId
from contracts.listens import ItemTold, ListenIn, ListensIn, Outcome, TakenIn
from listening.ingest.rules import DOUBTS, Heard
from listening.ingest.take import Taken, take_in
from listening.names.store import Said, by_track_id
from listening.users.ensure import Named, People, name_of

router = routes(prefix="/listens", tags=["listens"])

REJECTED = {
    "invalid": "It cannot be read.",
    "no_user": "Say whose listen it is.",
    "not_yours": "You can only tell of your own listens.",
    "no_such_user": "There is no such person.",
    "unknown_track": "There is no such track; name it by title and artist.",
}


class MayNotTellListens(Forbidden):
    sentence = "You may not tell of listens."


async def _teller(caller: SignedCaller) -> Caller:
    """A person tells of their own; a program needs `listens:write`."""
    if caller.kind != "user":
        check_may(caller, LISTENS, MayNotTellListens)
    return caller


Teller = Annotated[Caller, Depends(_teller)]


async def _meant(listens: ListensIn, caller: Teller, people: People) -> Mapping[Named, UserId]:
    """Before there is a transaction."""
    named = {name_of(item.user): item.user for item in readable(listens.listens).values() if item.user}
    if caller.user_id is not None or not named:
        return {}
    return await people.meant(named.values())


@router.post("/bulk")
async def take_listens(
    listens: ListensIn, caller: Teller, meant: Annotated[Mapping[Named, UserId], Depends(_meant)], tx: Tx
) -> TakenIn:
    """Up to 1,000 listens; one that cannot be taken in costs no other, and telling one again changes nothing."""
    told: dict[int, ItemTold] = {}
    for index, item in unreadable(listens.listens).items():
        told[index] = _rejected(index, "invalid", item.why)
    heard = await _heard(tx, readable(listens.listens), caller, meant, told)
    taken = dict(zip(heard, await take_in(tx, [*heard.values()]), strict=True)) if heard else {}
    inserted = sum(each.outcome == "inserted" for each in taken.values())
    told |= {index: _told(index, each) for index, each in taken.items() if each.outcome != "inserted"}
    return _summed(len(listens.listens), inserted, told)


async def _heard(
    tx: AsyncSession,
    items: Mapping[int, ListenIn],
    caller: Caller,
    meant: Mapping[Named, UserId],
    told: dict[int, ItemTold],
) -> dict[int, Heard]:
    tracks = await by_track_id(tx, {item.track_id for item in items.values() if item.track_id})
    heard: dict[int, Heard] = {}
    for index, item in items.items():
        user_id = _whose(item, caller, meant)
        said = tracks.get(item.track_id) if item.track_id else _said(item)
        if isinstance(user_id, str):
            told[index] = _rejected(index, user_id)
        elif said is None:
            told[index] = _rejected(index, "unknown_track")
        else:
            heard[index] = _read(item, user_id, said)
    return heard


def _whose(item: ListenIn, caller: Caller, meant: Mapping[Named, UserId]) -> UserId | str:
    """Whose it is, or the code of a refusal."""
    if caller.user_id is not None:
        own = item.user is None or item.user.user_id == caller.user_id
        return caller.user_id if own else "not_yours"
    if item.user is None:
        return "no_user"
    return meant.get(name_of(item.user), "no_such_user")


def _said(item: ListenIn) -> tuple[TrackId, Said] | None:
    if item.track is None:
        return None
    said = Said.of(item.track)
    return said.id, said


def _read(item: ListenIn, user_id: UserId, of: tuple[TrackId, Said]) -> Heard:
    messy_id, said = of
    raw = dict(item.raw or {})
    if item.track is not None:
        ids = item.track.model_dump(mode="json", include={"mbid", "isrc", "spotify_id"}, exclude_none=True)
        raw |= {"ids": ids} if ids else {}
    at = item.listened_at
    return Heard(user_id, messy_id, said, at, item.source, item.duration_ms, item.client, raw or None)


def _rejected(index: int, code: str, detail: str | None = None) -> ItemTold:
    return ItemTold(index=index, outcome="rejected", code=code, detail=detail or REJECTED[code])


def _told(index: int, taken: Taken) -> ItemTold:
    if taken.outcome == "gone":
        return _rejected(index, "no_such_user")
    if taken.outcome == "duplicate":
        return ItemTold(index=index, outcome="duplicate", code="known", detail="It is known already.")
    code = taken.code or "doubted"
    return ItemTold(index=index, outcome="quarantined", code=code, detail=DOUBTS[code])


def _summed(received: int, inserted: int, told: Mapping[int, ItemTold]) -> TakenIn:
    def count(outcome: Outcome) -> int:
        return sum(each.outcome == outcome for each in told.values())

    return TakenIn(
        received=received,
        inserted=inserted,
        duplicate=count("duplicate"),
        rejected=count("rejected"),
        quarantined=count("quarantined"),
        items=[told[index] for index in sorted(told)],
    )
