"""What somebody listened to, as Last.fm shows it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from contracts.privacy import Privacy
from listening.lastfm.rules import Call, Failed
from listening.lastfm.who import Caller
from listening.models import User
from listening.now import store as playing
from listening.plays import pages
from listening.plays.pages import Played
from listening.users.naming import name_of, person, person_called

USUAL, MOST, LAST_PAGE = 50, 1000, 1_000_000
LATEST = 253_402_300_799
SIZES = ("small", "medium", "large", "extralarge")
NO_IMAGE = [{"size": size, "#text": ""} for size in SIZES]

Json = dict[str, Any]


async def about(tx: AsyncSession, caller: Caller, call: Call) -> Json:
    user_id, user = await _shown(tx, caller, call)
    made = datetime.fromtimestamp((user_id.int >> 80) / 1000, tz=UTC)
    told = {
        "name": name_of(user, user_id),
        "realname": user.display_name if user else "",
        "url": "",
        "country": "",
        "subscriber": "0",
        "playcount": str(await pages.number(tx, user_id)),
        "image": NO_IMAGE,
        # Ids begin with the moment at which they were made.
        "registered": {"unixtime": str(int(made.timestamp())), "#text": str(int(made.timestamp()))},
    }
    return {"user": told}


async def recent_tracks(tx: AsyncSession, caller: Caller, call: Call) -> Json:
    user_id, user = await _shown(tx, caller, call)
    limit, page = min(_number(call, "limit", USUAL), MOST), min(_number(call, "page", 1), LAST_PAGE)
    since, before = _moment(call, "from"), _moment(call, "to")
    total = await pages.number(tx, user_id, since=since, before=before)
    skipped = (page - 1) * limit
    found = await pages.played(tx, user_id, since=since, before=before, limit=limit, offset=skipped)
    now = await playing.current(tx, user_id) if page == 1 and before is None else None
    extended = call.get("extended") == "1"
    tracks = [] if now is None else [_track(now, extended) | {"@attr": {"nowplaying": "true"}}]
    tracks += [_track(each, extended) | {"date": _date(each.started_at)} for each in found]
    counts = {"page": page, "perPage": limit, "total": total, "totalPages": -(-total // limit)}
    told = {"user": name_of(user, user_id)} | {name: str(number) for name, number in counts.items()}
    return {"recenttracks": {"@attr": told, "track": tracks}}


async def _shown(tx: AsyncSession, caller: Caller, call: Call) -> tuple[UserId, User | None]:
    """Who is named, else who calls; a scrobbler sees of others no more than strangers do. Raises Failed."""
    name = call.get("user")
    own = caller.user_id is not None and name.lower() in {"", str(caller.user_id), (caller.name or "").lower()}
    if own and caller.user_id is not None:
        return caller.user_id, await person(tx, caller.user_id)
    found = await person_called(tx, name) if name else None
    if found is None:
        raise Failed(6, "User not found")
    if found.id != caller.user_id and Privacy.model_validate(found.privacy).listening != "public":
        raise Failed(17)
    return found.id, found


def _number(call: Call, name: str, usual: int) -> int:
    return max(1, _digits(call.get(name))) if call.get(name) else usual


def _digits(told: str) -> int:
    """Raises Failed for what is no number."""
    if not (told.isascii() and told.isdecimal()):
        raise Failed(6)
    return int(told[:15])


def _moment(call: Call, name: str) -> datetime | None:
    return datetime.fromtimestamp(min(_digits(call.get(name)), LATEST), tz=UTC) if call.get(name) else None


def _track(of: Played | Row[Any], extended: bool) -> Json:  # noqa: FBT001 — as the protocol has it, by its name
    by: Mapping[str, Any] = {"name": of.artist, "mbid": "", "url": ""} if extended else {"mbid": "", "#text": of.artist}
    album = {"mbid": "", "#text": of.album or ""}
    told: Json = {"artist": by, "name": of.title, "album": album, "mbid": "", "url": "", "streamable": "0"}
    return told | {"image": NO_IMAGE} | ({"loved": "0"} if extended else {})


def _date(moment: datetime) -> Json:
    return {"uts": str(int(moment.timestamp())), "#text": moment.strftime("%d %b %Y, %H:%M")}
