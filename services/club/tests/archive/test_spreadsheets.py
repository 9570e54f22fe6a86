"""Spreadsheets: what people can open, and nothing that a spreadsheet would run."""

import csv
import io
from zipfile import ZipFile

import pytest


@pytest.fixture
def sheets(export):
    """`await sheets()`: the rows of each file, by its name."""

    async def read(path="/club/export?format=csv"):
        answer = await export(path)
        assert answer.headers["content-type"] == "application/zip"
        zipped = ZipFile(io.BytesIO(answer.content))
        assert zipped.testzip() is None
        files = {name: zipped.read(name).decode("utf-8-sig") for name in zipped.namelist()}
        return {name: [*csv.DictReader(io.StringIO(file, newline=""))] for name, file in files.items()}

    return read


@pytest.fixture
async def decided(booth, ask, sign):
    (ida, ben, _), (blue, hejira, _) = booth.people, booth.nominations
    await booth.cast(ida, hejira)
    await booth.cast(ida, blue, hejira)
    await booth.cast(ben, blue)
    await booth.close()
    body = {"user": {"user_id": str(ida.user_id)}, "rating": 4.5, "review": 'Says "so",\nand so.'}
    await ask("POST", f"{booth.week}/ratings", body)
    return booth


async def test_each_noun_has_a_file(sheets, decided):
    told = await sheets()
    assert [*told] == [f"{name}.csv" for name in ("weeks", "nominations", "ballots", "places", "ratings", "members")]
    (week,) = told["weeks.csv"]
    assert (week["week"], week["phase"], week["title"], week["nominator"]) == ("7", "discussing", "Blue", "Xenia")
    assert [each["title"] for each in told["nominations.csv"]] == ["Blue", "Hejira", "Mingus"]
    assert [(each["position"], each["title"], each["points"]) for each in told["places.csv"]] == [
        ("1", "Blue", "4"),
        ("2", "Hejira", "1"),
        ("3", "Mingus", "0"),
    ]
    (rating,) = told["ratings.csv"]
    assert (rating["member"], rating["rating"], rating["review"]) == ("Ida", "4.5", 'Says "so",\nand so.')
    assert {each["member"] for each in told["members.csv"]} >= {"Ida", "Ben", "Cleo"}


async def test_a_discord_id_is_no_number_that_a_spreadsheet_would_round(sheets, decided):
    assert {each["discord_id"].partition(":")[0] for each in (await sheets())["members.csv"]} == {"discord"}


async def test_ballots_are_told_as_they_were_counted_last(sheets, decided):
    told = [(each["voter"], each["first"], each["second"]) for each in (await sheets())["ballots.csv"]]
    assert told == [("Ida", "Blue", "Hejira"), ("Ben", "Blue", "")]


async def test_a_club_that_shows_counts_only_names_no_voter(sheets, decided, rules):
    await rules(poll_visibility="counts_only")
    told = (await sheets())["ballots.csv"]
    assert [(each["voter"], each["voter_id"], each["first"]) for each in told] == [("", "", "Blue")] * 2


async def test_a_poll_that_still_runs_is_in_no_file(sheets, booth):
    await booth.cast(booth.people[0], booth.nominations[0])
    told = await sheets()
    assert told["ballots.csv"] == told["places.csv"] == []


@pytest.mark.parametrize("review", ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1+1", "=cmd|' /C calc'!A0"])
async def test_nothing_that_somebody_typed_is_worked_out(sheets, decided, ask, review):
    body = {"user": {"user_id": str(decided.people[1].user_id)}, "rating": 1, "review": review}
    assert (await ask("POST", f"{decided.week}/ratings", body)).status_code == 201
    told = {each["member"]: each["review"] for each in (await sheets())["ratings.csv"]}
    assert told["Ben"] == f"'{review}"


async def test_lines_end_as_the_standard_has_it(export, decided):
    file = ZipFile(io.BytesIO((await export("/club/export?format=csv")).content)).read("weeks.csv").decode()
    assert file.startswith("\ufeffweek,")
    assert file.endswith("\r\n")
    assert file.count("\r\n") == 2
