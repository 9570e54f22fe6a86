"""Taking scrobbles in, and what plays just now; what is answered to each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from listening.ingest.rules import Heard
from listening.ingest.take import Taken, take_in
from listening.lastfm.rules import Call, Failed
from listening.lastfm.scrobbles import IGNORED, TOO_NEW, TOO_OLD, Scrobble, read_scrobbles, read_track
from listening.names.store import Said
from listening.now import store as playing

# Not `lastfm`: what is brought from there later was spelled anew there, and is to be found the same play as this.
SOURCE = "audioscrobbler"
DOUBTED = {"too_early": TOO_OLD, "in_the_future": TOO_NEW}
# With one scrobble what was playing is over; a batch is of long ago.
ONE = 1

Json = dict[str, Any]


async def scrobble(tx: AsyncSession, user_id: UserId, call: Call) -> Json:
    """Each by itself. Raises Failed when whose session it is has left."""
    told = read_scrobbles(call.parameters)
    heard = {index: _heard(user_id, each) for index, each in enumerate(told) if not each.ignored}
    taken = dict(zip(heard, await take_in(tx, [*heard.values()]) if heard else [], strict=True))
    if any(each.outcome == "gone" for each in taken.values()):
        raise Failed(9)
    if len(told) == ONE:
        await playing.end_with(tx, heard.values())
    numbers = [each.ignored or _doubt(taken.get(index)) for index, each in enumerate(told)]
    return {"scrobbles": _answered(told, numbers)}


async def update_now_playing(tx: AsyncSession, user_id: UserId, call: Call) -> Json:
    scrobble = read_track({name.lower(): text for name, text in call.parameters.items()})
    if scrobble.track is not None:
        await playing.begin(tx, user_id, Said.of(scrobble.track), source=SOURCE, raw=scrobble.raw)
    return {"nowplaying": _echo(scrobble, scrobble.ignored)}


def _doubt(taken: Taken | None) -> int:
    return DOUBTED.get(taken.code or "", 0) if taken else 0


def _heard(user_id: UserId, scrobble: Scrobble) -> Heard:
    if scrobble.track is None or scrobble.at is None:
        raise LookupError("What is ignored names no track and no time.")
    said = Said.of(scrobble.track)
    return Heard(user_id, said.id, said, scrobble.at, SOURCE, raw=scrobble.raw)


def _answered(told: Sequence[Scrobble], numbers: Sequence[int]) -> Json:
    """One alone is no list: clients know it so."""
    echoes = [
        _echo(each, number) | {"timestamp": each.said.get("timestamp", "")}
        for each, number in zip(told, numbers, strict=True)
    ]
    accepted = sum(not number for number in numbers)
    counts = {"accepted": accepted, "ignored": len(numbers) - accepted}
    return {"@attr": counts, "scrobble": echoes[0] if len(echoes) == ONE else echoes}


def _echo(scrobble: Scrobble, number: int) -> Json:
    names = {"track": "track", "artist": "artist", "album": "album", "albumArtist": "albumartist"}
    said = {name: {"corrected": "0", "#text": scrobble.said.get(key, "")} for name, key in names.items()}
    return said | {"ignoredMessage": {"code": str(number), "#text": IGNORED[number]}}
