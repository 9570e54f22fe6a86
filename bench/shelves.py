"""Fills listening's tables with a history: sums are what the service would have written."""

import asyncio
from collections.abc import Iterable
from itertools import islice

import aiohttp
import asyncpg
from tests.system.deployments import Deployment

from bench.generator import PEOPLE, Heard, Track
from listening.names.store import Said, own_pieces
from listening.plays.names import title_key

AT_ONCE, WRITERS = 200_000, 2
# While it is filled, and not while anything is measured.
FILLING = ("max_wal_size = '16GB'", "checkpoint_timeout = '30min'")
STAGE = """
    CREATE SCHEMA bench;
    CREATE UNLOGGED TABLE bench.people (no int PRIMARY KEY, id uuid);
    CREATE UNLOGGED TABLE bench.tracks (no int PRIMARY KEY, messy_id uuid, track_id uuid, artist_id uuid, album_id uuid,
        ms int);
    CREATE UNLOGGED TABLE bench.heard (person int, at timestamptz, track int);
"""
# What is kept of a listen, and what is counted.
KEEP = (
    """
    INSERT INTO listening.sightings (user_id, listened_at, messy_id, source, length_ms, play_id)
    SELECT user_id, at, messy_id, 'lastfm', ms, play_id FROM bench.told ORDER BY user_id, at
    """,
    """
    INSERT INTO listening.plays (user_id, id, started_at, messy_id, ms, sightings)
    SELECT user_id, play_id, at, messy_id, ms, 1 FROM bench.told ORDER BY user_id, play_id
    """,
    """
    INSERT INTO listening.user_sources (user_id, source)
    SELECT DISTINCT user_id, 'lastfm' FROM bench.told ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO listening.day_tracks (user_id, day, messy_id, plays, ms)
    SELECT user_id, at::date, messy_id, count(*), sum(ms) FROM bench.told GROUP BY 1, 2, 3 ORDER BY 1, 2
    ON CONFLICT (user_id, day, messy_id) DO UPDATE
    SET plays = day_tracks.plays + excluded.plays, ms = day_tracks.ms + excluded.ms
    """,
    """
    INSERT INTO listening.hours (user_id, day, hour, plays, ms)
    SELECT user_id, at::date, extract(hour FROM at), count(*), sum(ms) FROM bench.told GROUP BY 1, 2, 3 ORDER BY 1, 2
    ON CONFLICT (user_id, day, hour) DO UPDATE SET plays = hours.plays + excluded.plays, ms = hours.ms + excluded.ms
    """,
    """
    INSERT INTO listening.days (user_id, day, version, plays, ms, told)
    SELECT user_id, at::date, 1, count(*), sum(ms), true FROM bench.told GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (user_id, day) DO UPDATE SET plays = days.plays + excluded.plays, ms = days.ms + excluded.ms
    """,
    """
    INSERT INTO listening.month_items (user_id, month, kind, item_id, plays, ms)
    SELECT user_id, date_trunc('month', at)::date, kind, item_id, count(*), sum(ms)
    FROM bench.told CROSS JOIN LATERAL (VALUES (1, artist_id), (2, album_id), (3, track_id)) AS of(kind, item_id)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2
    ON CONFLICT (user_id, month, kind, item_id) DO UPDATE
    SET plays = month_items.plays + excluded.plays, ms = month_items.ms + excluded.ms
    """,
    """
    INSERT INTO listening.user_items (user_id, kind, item_id, plays, ms)
    SELECT user_id, kind, item_id, count(*), sum(ms)
    FROM bench.told CROSS JOIN LATERAL (VALUES (1, artist_id), (2, album_id), (3, track_id)) AS of(kind, item_id)
    GROUP BY 1, 2, 3 ORDER BY 1, 2
    ON CONFLICT (user_id, kind, item_id) DO UPDATE
    SET plays = user_items.plays + excluded.plays, ms = user_items.ms + excluded.ms
    """,
)
# Days of UTC, as the people have no zone. A play's id begins with its millisecond.
TOLD = """
    SET timezone = 'UTC'; SET work_mem = '512MB';
    CREATE UNLOGGED TABLE bench.told AS SELECT DISTINCT ON (p.id, h.at, t.messy_id) p.id AS user_id, h.at, t.*,
        (lpad(to_hex((extract(epoch FROM h.at) * 1000)::bigint), 12, '0')
        || substr(md5(h.person || ',' || h.at || ',' || h.track), 1, 20))::uuid AS play_id
    FROM bench.heard AS h JOIN bench.people AS p ON p.no = h.person JOIN bench.tracks AS t ON t.no = h.track
"""


async def stage(database: asyncpg.Connection, deployment: Deployment, tracks: list[Track]) -> list[str]:
    """The people, who are met by the club, and every track, spelled as it will be; the ids of the people."""
    await database.execute(STAGE)
    ids = await _people(deployment)
    await database.copy_records_to_table("people", schema_name="bench", records=[*enumerate(ids)])
    said = [Said(each.artist, each.title, each.album, each.ms) for each in tracks]
    counted = [own_pieces(each) for each in said]
    rows = [
        (no, s.id, c.track_id, c.artist_id, c.album_id, s.duration_ms)
        for no, (s, c) in enumerate(zip(said, counted, strict=True))
    ]
    await database.copy_records_to_table("tracks", schema_name="bench", records=rows)
    messy = [
        (s.id, s.artist, s.title, s.album, s.duration_ms, title_key(s.title), c.track_id, c.artist_id, c.album_id)
        for s, c in zip(said, counted, strict=True)
    ]
    await database.copy_records_to_table("messy_tracks", schema_name="listening", records=messy)
    names = {c.track_id: (s.title, s.artist) for s, c in zip(said, counted, strict=True)}
    names |= {c.artist_id: (s.artist, None) for s, c in zip(said, counted, strict=True)}
    names |= {c.album_id: (s.album, s.artist) for s, c in zip(said, counted, strict=True)}
    await database.copy_records_to_table(
        "piece_names", schema_name="listening", records=[(each, *called) for each, called in names.items()]
    )
    await database.execute("ANALYZE")
    return ids


async def fill(dsn: str, heard: Iterable[Heard]) -> int:
    """How many listens are there now."""
    async with asyncpg.create_pool(dsn, min_size=WRITERS, max_size=WRITERS, command_timeout=3600) as pool:
        for setting in FILLING:
            await pool.execute(f"ALTER SYSTEM SET {setting}")
        await pool.execute("SELECT pg_reload_conf()")
        heard = iter(heard)
        while some := [*islice(heard, AT_ONCE)]:
            await pool.copy_records_to_table("heard", schema_name="bench", records=some)
        await pool.execute(TOLD)
        waiting = iter(KEEP)

        async def write() -> None:
            async with pool.acquire() as connection:
                await connection.execute("SET synchronous_commit = off; SET work_mem = '512MB'")
                for each in waiting:
                    await connection.execute(each)

        await asyncio.gather(*(write() for _ in range(WRITERS)))
        await pool.execute("DROP TABLE bench.told; TRUNCATE bench.heard")
        for setting in FILLING:
            await pool.execute(f"ALTER SYSTEM RESET {setting.partition(' ')[0]}")
        await pool.execute("SELECT pg_reload_conf()")
        await pool.execute("VACUUM ANALYZE")
        await pool.execute("CHECKPOINT")
        return await pool.fetchval("SELECT count(*) FROM listening.sightings")


async def _people(deployment: Deployment) -> list[str]:
    async with aiohttp.ClientSession(deployment.url, headers=deployment.bot) as bot:
        slots = asyncio.Semaphore(16)

        async def meet(no: int) -> str:
            async with slots, bot.put(f"/users/discord/{700_000_000_000_000_000 + no}", json={}) as answer:
                answer.raise_for_status()
                return (await answer.json())["id"]

        return await asyncio.gather(*map(meet, range(PEOPLE)))
