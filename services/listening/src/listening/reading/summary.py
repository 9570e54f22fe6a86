"""The summary of a period."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import UserId
from contracts.summaries import (
    AlbumPlays,
    ArtistPlays,
    Changed,
    GenrePlays,
    Summary,
    TopAlbum,
    TopArtist,
    TopTrack,
    TrackPlays,
)
from listening.models.sums import ALBUM, ARTIST, TRACK
from listening.reading import store
from listening.reading.periods import Period

NAMELESS = "—"
# Genres are those of so many albums, the most played.
MOST_ALBUMS = 500


async def summarise(tx: AsyncSession, user_id: UserId, period: Period, most: int) -> Summary:
    """`most` of each list. The period before is counted, not listed."""
    every = await store.top(tx, user_id, period, most, MOST_ALBUMS)
    rows = [row for row in every if row.rank <= most]
    totals = await store.totals(tx, user_id, period)
    earlier: Sequence[Any] = []
    sums = None
    if period.before:
        earlier = await store.top(tx, user_id, period.before, 1, 1)
        sums = await store.totals(tx, user_id, period.before)
    counts = {kind: Changed(now=_count(rows, kind), before=_count(earlier, kind) if sums else None) for kind in KINDS}
    return Summary.model_validate(
        {
            "period": period.name,
            "first_day": period.first,
            "last_day": period.last,
            "plays": Changed(now=totals.plays, before=sums and sums.plays),
            "ms": Changed(now=totals.ms, before=sums and sums.ms),
            **{f"{name}s": counts[kind] for kind, (name, _) in KINDS.items()},
            **{f"top_{name}s": [told(row) for row in rows if row.kind == kind] for kind, (name, told) in KINDS.items()},
            "top_genres": _genres(await store.genres(tx, [row for row in every if row.kind == ALBUM]), most),
            "left_out": {name: days for name in LEFT_OUT if (days := getattr(totals, name))},
        }
    )


LEFT_OUT = ("too_many_plays", "too_many_hours")


def _genres(rows: Sequence[Any], most: int) -> list[GenrePlays]:
    whole = sum(row.weight for row in rows)
    return [GenrePlays(genre=row.genre, share=round(row.weight / whole, 4)) for row in rows[:most]]


def _count(rows: Sequence[Any], kind: int) -> int:
    return next((row.of for row in rows if row.kind == kind), 0)


def _artist(row: Any) -> ArtistPlays:
    return ArtistPlays(artist=TopArtist(id=row.id, name=row.name or NAMELESS), plays=row.plays, ms=row.ms)


def _album(row: Any) -> AlbumPlays:
    album = TopAlbum(id=row.id, title=row.name or NAMELESS, artist=row.artist or NAMELESS)
    return AlbumPlays(album=album, plays=row.plays, ms=row.ms)


def _track(row: Any) -> TrackPlays:
    track = TopTrack(id=row.id, title=row.name or NAMELESS, artist=row.artist or NAMELESS)
    return TrackPlays(track=track, plays=row.plays, ms=row.ms)


KINDS: dict[int, tuple[str, Callable[[Any], Any]]] = {
    ARTIST: ("artist", _artist),
    ALBUM: ("album", _album),
    TRACK: ("track", _track),
}
