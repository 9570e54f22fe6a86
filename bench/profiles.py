"""How long the profile of somebody who never stops listening takes."""

import asyncio
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg

from bench.generator import MOST_OF_ONE, Track, history, music
from bench.lines import Line, told
from contracts.naming import messy_track_id

LISTENER, LAST = UUID(int=(8 << 64)), date(2025, 11, 18)


async def profile_of_many_plays(database: asyncpg.Connection, times: int) -> Line:
    """Of who played a hundred thousand tracks in ten years: from the mark to the profile that is kept."""
    listener, tracks = LISTENER, music()
    days: dict[date, dict[int, int]] = {}
    moved = LAST - date(2025, 12, 31)
    for each in history(tracks, MOST_OF_ONE, 1):
        heard = days.setdefault(each.at.date() + moved, {})
        heard[each.track] = heard.get(each.track, 0) + 1
    rows = [(listener, day, json.dumps(plays), albums, [0] * 24) for day, plays, albums in _days(tracks, days)]
    insert = "INSERT INTO taste.users (id, version, display_name) VALUES ($1, 1, 'Listener') ON CONFLICT DO NOTHING"
    await database.execute(insert, listener)
    await database.executemany(
        "INSERT INTO taste.days (user_id, day, version, plays, album_ids, hours) VALUES ($1, $2, 1, $3, $4, $5)", rows
    )
    await database.execute("ANALYZE taste.days")
    took = []
    for no in range(times):
        await database.execute(
            "UPDATE taste.days SET hours[1] = $2 WHERE user_id = $1 AND day = (SELECT max(day) FROM taste.days "
            "WHERE user_id = $1)",
            listener,
            no + 1,
        )
        before = datetime.now(UTC)
        began = time.perf_counter()
        await database.execute(
            "INSERT INTO taste.stale_profiles (user_id, since) VALUES ($1, now() - interval '1 minute')", listener
        )
        computed = "SELECT max(computed_at) FROM taste.profiles WHERE user_id = $1"
        while ((await database.fetchval(computed, listener)) or datetime.min.replace(tzinfo=UTC)) <= before:
            await asyncio.sleep(0.005)
        took.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.1)
    return told(
        Line(
            f"profile of {MOST_OF_ONE:,} plays, from the mark on (up to a second of it waiting)",
            "ms",
            statistics.median(took),
            detail={"least": min(took), "most": max(took), "days": len(rows)},
        )
    )


def _days(
    tracks: Sequence[Track], days: dict[date, dict[int, int]]
) -> Iterator[tuple[date, list[dict[str, object]], list[UUID]]]:
    for day, heard in sorted(days.items()):
        plays, albums = [], set()
        for at, count in heard.items():
            track = tracks[at]
            album = UUID(int=at // 5 + 1)
            albums.add(album)
            each = {
                "id": str(messy_track_id(track.artist, track.title, track.album)),
                "title": track.title,
                "plays": count,
            }
            plays.append(
                {
                    "artist_id": str(UUID(int=at // 10 + 1)),
                    "artist": track.artist,
                    "album_id": str(album),
                    "album": track.album,
                    "plays": count,
                    "tracks": [each],
                }
            )
        yield day, plays, sorted(albums)
