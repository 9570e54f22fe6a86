"""Nominations from before several members could stand behind one."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from uuid import UUID

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

PATH = Path(__file__).parents[2] / "migrations" / "versions" / "0005_nominators.py"
WEEK, IDA, BEN, BLUE, HEJIRA, *NOMINATIONS = (UUID(int=number) for number in range(1, 9))
BEFORE = """
INSERT INTO members (id, version, display_name) VALUES (:ida, 1, 'Ida'), (:ben, 1, 'Ben');
INSERT INTO albums (id, version, title, artist, artists, match_key) VALUES
  (:blue, 1, 'Blue', 'Joni Mitchell', '[]', ''), (:hejira, 1, 'Hejira', 'Joni Mitchell', '[]', '');
INSERT INTO weeks (id, club_id, number, kind, phase, version)
  SELECT :week, id, 3, 'album', 'open', 1 FROM clubs WHERE slug = 'main';
UPDATE clubs SET rules = '{"same_album": "apart", "self_votes": true}' WHERE slug = 'main';
INSERT INTO nominations (id, week_id, user_id, album_id, pitch, ref, withdrawn_at) VALUES
  (:first, :week, :ida, :blue, 'A river.', '{"id": "77"}', NULL), (:second, :week, :ben, :blue, NULL, NULL, NULL),
  (:third, :week, :ben, :hejira, 'Cold.', NULL, now())
"""
NAMES = dict(
    zip(
        ("week", "ida", "ben", "blue", "hejira", "first", "second", "third"),
        (WEEK, IDA, BEN, BLUE, HEJIRA, *NOMINATIONS),
        strict=True,
    )
)


@pytest.fixture
async def owner(test_settings):
    """A transaction of the owner's in the club's schema, as it was before; it never commits."""
    seen = {"server_settings": {"search_path": "club, ext"}}
    engine = create_async_engine(test_settings.role_url("club_owner"), connect_args=seen)
    spec = spec_from_file_location("nominators", PATH)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(connection, step):
        with Operations.context(MigrationContext.configure(connection)):
            getattr(module, step)()

    async with engine.connect() as connection:
        await connection.run_sync(run, "downgrade")
        for statement in BEFORE.split(";"):
            await connection.execute(
                text(statement), {name: value for name, value in NAMES.items() if f":{name}" in statement}
            )
        await connection.run_sync(run, "upgrade")
        yield lambda query: connection.execute(text(query)), lambda: connection.run_sync(run, "downgrade")
        await connection.rollback()
    await engine.dispose()


async def test_each_nomination_has_its_nominator_who_said_what_it_says(owner):
    ask, _ = owner
    rows = await ask("SELECT nomination_id, user_id, pitch, ref, withdrawn_at IS NULL FROM nominators ORDER BY 1")
    first, second, third = NOMINATIONS
    assert [tuple(row) for row in rows] == [
        (first, IDA, "A river.", {"id": "77"}, True),
        (second, BEN, None, None, True),
        (third, BEN, "Cold.", None, False),
    ]


async def test_those_that_were_apart_stay_two_and_are_numbered_in_their_order(owner):
    ask, _ = owner
    rows = await ask("SELECT id, number, version > 1000000 FROM nominations ORDER BY number")
    assert [tuple(row) for row in rows] == [(each, number, True) for number, each in enumerate(NOMINATIONS, start=1)]
    assert (await ask("SELECT rules FROM clubs WHERE slug = 'main'")).scalar() == {"self_votes": True}


async def test_going_back_keeps_what_the_leading_ones_said(owner):
    ask, back = owner
    await back()
    rows = await ask("SELECT id, pitch, ref FROM nominations ORDER BY id")
    first, second, third = NOMINATIONS
    assert [tuple(row) for row in rows] == [
        (first, "A river.", {"id": "77"}),
        (second, None, None),
        (third, "Cold.", None),
    ]
