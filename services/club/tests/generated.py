"""Whole weeks written straight into the tables, with an honest chain: what thousands of requests would leave there."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import insert
from uuid_utils.compat import uuid7

from club.models import Album, Member, Nomination, Nominator, Poll, Rating, Week
from club.proof import rules

OPENED = datetime(2025, 11, 21, 20, tzinfo=UTC)
COLUMNS = {
    "ballots": ("id", "week_id", "user_id", "version", "cast_at"),
    "votes": ("week_id", "user_id", "rank", "nomination_id"),
    "ballot_secrets": ("ballot_ref", "week_id", "user_id", "salt_key"),
    "ballot_links": ("week_id", "number", "ballot_ref", "first", "second", "cast_at", "leaf", "previous", "head"),
}


class Generated(NamedTuple):
    """`choices` are what each voter chose last: first, and second or None."""

    week_id: UUID
    nominations: list[UUID]
    choices: dict[UUID, tuple[UUID, UUID | None]]


async def members(db, number: int) -> list[UUID]:
    """So many people whom the club knows."""
    rows = [{"id": uuid7(), "version": 1, "display_name": f"Member {each}"} for each in range(number)]
    async with db.transaction() as tx:
        await tx.execute(insert(Member), rows)
    return [row["id"] for row in rows]


async def open_week(db, number: int, people: Sequence[UUID], nominations: int, changed: float = 0.1) -> Generated:
    """A week whose poll is open: everybody has voted, and a share of them once more."""
    random, seed = Random(number), secrets.token_bytes(32)
    week_id, commitment = uuid7(), rules.commitment(seed)
    albums = [{**_album(each), "id": uuid7()} for each in range(nominations)]
    put_up = [
        {"id": uuid7(), "week_id": week_id, "user_id": person, "album_id": album["id"], "number": nth}
        for nth, person, album in zip(count(1), people, albums, strict=False)
    ]
    stood = [each["id"] for each in put_up]
    cast = [(person, _choices(random, stood)) for person in people]
    cast += [(person, _choices(random, stood)) for person in random.sample(people, int(changed * len(people)))]
    async with db.transaction() as tx:
        await tx.execute(insert(Week).values(id=week_id, number=number, phase="voting"))
        await tx.execute(insert(Poll).values(week_id=week_id, seed=seed, commitment=commitment))
        await tx.execute(insert(Album), albums)
        await tx.execute(insert(Nomination), put_up)
        behind = [{"nomination_id": each["id"], "user_id": each["user_id"]} for each in put_up]
        await tx.execute(insert(Nominator), behind)
        connection = await (await tx.connection()).get_raw_connection()
        for table, rows in _rows(week_id, commitment, cast).items():
            await connection.driver_connection.copy_records_to_table(table, records=rows, columns=COLUMNS[table])
    return Generated(week_id, stood, dict(cast))


def _album(number: int) -> dict[str, object]:
    title = f"Album {number}"
    return {"version": 1, "title": title, "artist": "Various Artists", "artists": [], "match_key": title}


def _choices(random: Random, nominations: Sequence[UUID]) -> tuple[UUID, UUID | None]:
    first, second = random.sample(nominations, 2)
    return first, None if random.random() < 0.1 else second


def _rows(week_id: UUID, commitment: bytes, cast: Sequence[tuple[UUID, tuple[UUID, UUID | None]]]) -> dict[str, list]:
    hidden = {person: (uuid4(), secrets.token_bytes(32)) for person, _ in cast}
    links, head, last = [], rules.beginning(week_id, commitment), {}
    for number, (person, (first, second)) in zip(count(1), cast):
        ballot_ref, salt_key = hidden[person]
        moment = OPENED + timedelta(milliseconds=17 * number)
        leaf = rules.leaf(ballot_ref, rules.salt(salt_key, number), first, second, moment)
        previous, head = head, rules.next_head(head, number, rules.Link(ballot_ref, leaf))
        links.append((week_id, number, ballot_ref, first, second, moment, leaf, previous, head))
        last[person] = (first, second, moment)
    return {
        "ballots": [(uuid7(), week_id, person, 1, moment) for person, (_, _, moment) in last.items()],
        "votes": [
            (week_id, person, rank, chosen)
            for person, choices in last.items()
            for rank, chosen in enumerate(choices[:2], start=1)
            if chosen
        ],
        "ballot_secrets": [(ballot_ref, week_id, person, key) for person, (ballot_ref, key) in hidden.items()],
        "ballot_links": links,
    }


async def rate(db, week_id: UUID, album_id: UUID, people: Sequence[UUID]) -> None:
    """Everybody's rating of the week's winner."""
    rows = [
        {"week_id": week_id, "user_id": person, "album_id": album_id, "half_steps": 2 + each % 9, "version": 1}
        for each, person in enumerate(people)
    ]
    async with db.transaction() as tx:
        await tx.execute(insert(Rating), rows)
