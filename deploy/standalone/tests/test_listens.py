"""`sidetrack import listens`, on a database that the command finds in its environment."""

import asyncio
import json

import pytest
from sqlalchemy import text
from typer.testing import CliRunner
from uuid_utils.compat import uuid7

from chassis.db import Database
from standalone.command import app

USER = uuid7()
ROWS = [
    {"endTime": f"2021-01-{day:02} 22:10", "artistName": "Joni Mitchell", "trackName": "Carey", "msPlayed": 182_000}
    for day in range(1, 29)
]
KEPT = "SELECT count(*) FROM sightings WHERE user_id = :user"
MADE = "INSERT INTO users (id, version, display_name, handle) VALUES (:user, 1, 'Wren', 'wren')"
TABLES = ("users", "imports", "sightings", "plays", "user_sources", "days", "hours", "day_tracks")
SUMS = ("month_items", "user_items")


def ask(settings, *statements):
    async def run():
        db = Database(settings, "listening")
        async with db.transaction() as tx:
            answers = [await tx.execute(text(each), {"user": USER} if ":user" in each else {}) for each in statements]
            number = answers[-1].scalar() if answers[-1].returns_rows else None
        await db.engine.dispose()
        return number

    return asyncio.run(run())


@pytest.fixture
def run(monkeypatch, tmp_path, test_settings):
    monkeypatch.setenv("SIDETRACK_DATABASE_URL", test_settings.database_url)
    monkeypatch.setenv("SIDETRACK_ROLE_SECRET", test_settings.role_secret.get_secret_value())
    path = tmp_path / "StreamingHistory0.json"
    path.write_text(json.dumps([*ROWS, ROWS[0] | {"msPlayed": 100}]))
    ask(test_settings, MADE)
    yield lambda *words: CliRunner().invoke(app, ["import", "listens", str(path), *words])
    mine = [
        f"DELETE FROM {table} WHERE {'id' if table == 'users' else 'user_id'} = :user" for table in (*TABLES, *SUMS)
    ]
    # What was said of tracks is nobody's.
    ask(test_settings, *mine, "DELETE FROM messy_tracks", "DELETE FROM piece_names", "DELETE FROM outbox")


def test_a_rehearsal_writes_nothing_and_tells_all(run, test_settings):
    told = run("--user", "@Wren", "--dry-run")
    assert told.exit_code == 0, told.output
    assert "29 = 28 inserted + 0 duplicate + 1 rejected + 0 quarantined" in told.stdout
    assert "1 rejected: heard for less than 30 seconds." in told.stdout
    assert ask(test_settings, KEPT) == 0


@pytest.mark.parametrize("named", ["wren", str(USER)], ids=["handle", "id"])
def test_a_file_comes_in_and_the_sums_are_told(run, test_settings, named):
    told = run("--user", named)
    assert told.exit_code == 0, told.output
    assert "29 = 28 inserted + 0 duplicate + 1 rejected + 0 quarantined" in told.stdout
    again = run("--user", named)
    assert "29 = 0 inserted + 28 duplicate + 1 rejected + 0 quarantined" in again.stdout
    assert ask(test_settings, KEPT) == 28


def test_who_is_not_there_is_told_so(run):
    told = run("--user", "nobody")
    assert (told.exit_code, told.stderr.strip()) == (1, "There is nobody by this handle or id.")
