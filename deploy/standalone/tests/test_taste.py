"""`sidetrack taste backtest`, on a database that the command finds in its environment."""

import asyncio
import json

import pytest
from sqlalchemy import text
from typer.testing import CliRunner
from uuid_utils.compat import uuid7

from chassis.db import Database
from standalone.command import app

CLUB, ALBUM = uuid7(), uuid7()
KIND, STERN = uuid7(), uuid7()
MADE = "INSERT INTO clubs (id, slug) VALUES (:club, 'backtested')"
WEEK = (
    "INSERT INTO weeks (week_id, version, club_id, number, label, phase, album_id)"
    " VALUES (:week, 1, :club, :number, 'WEEK', 'closed', :album)"
)
RATED = (
    "INSERT INTO ratings (week_id, user_id, version, album_id, half_steps, visible_from, withdrawn, given_at)"
    " VALUES (:week, :user, 1, :album, :half, now(), false, now())"
)


def run_on(settings, statements):
    async def run():
        db = Database(settings, "taste")
        async with db.transaction() as tx:
            for statement, values in statements:
                await tx.execute(text(statement), values)
        await db.engine.dispose()

    asyncio.run(run())


@pytest.fixture
def command(monkeypatch, test_settings):
    monkeypatch.setenv("SIDETRACK_DATABASE_URL", test_settings.database_url)
    monkeypatch.setenv("SIDETRACK_ROLE_SECRET", test_settings.role_secret.get_secret_value())
    told = [(MADE, {"club": CLUB})]
    for number in range(1, 6):
        week = uuid7()
        told.append((WEEK, {"week": week, "club": CLUB, "number": number, "album": ALBUM}))
        told += [
            (RATED, {"week": week, "user": user, "album": ALBUM, "half": half})
            for user, half in ((KIND, 10), (STERN, 4))
        ]
    run_on(test_settings, told)
    yield lambda *words: CliRunner().invoke(app, ["taste", "backtest", *words])
    weeks = "SELECT week_id FROM weeks WHERE club_id = :club"
    gone = [f"DELETE FROM ratings WHERE week_id IN ({weeks})", "DELETE FROM weeks WHERE club_id = :club"]
    run_on(test_settings, [(each, {"club": CLUB}) for each in (*gone, "DELETE FROM clubs WHERE id = :club")])


def test_past_weeks_are_foreseen_beside_both_means(command):
    told = command("--club", "backtested")
    assert told.exit_code == 0, told.output
    assert "within" in told.stdout
    report = json.loads(command("--club", "backtested", "--json").stdout)
    assert [each["number"] for each in report["weeks"]] == [4, 5]
    assert report["whole"]["ratings"] == 4
    # The kind one and the stern one give what they always give.
    assert report["whole"]["member_mean"]["mae"] == 0
    assert report["whole"]["forecast"]["mae"] < report["whole"]["club_mean"]["mae"] == 1.5


def test_a_club_that_is_none_is_refused_in_a_sentence(command):
    told = command("--club", "nowhere")
    assert told.exit_code == 1
    assert "There is no such club" in told.output
