"""How often what people type is resolved right, on rows that no rule was tuned by."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog.resolve.rules import SURE

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    text: str
    title: str
    artist: str
    year: int | None
    album: str | None

    @property
    def typed(self):
        """As a body of /music/resolve."""
        said = {"text": self.text, "title": self.title, "artist": self.artist, "year": self.year}
        return {name: value for name, value in said.items() if value}

    @property
    def held_out(self):
        what = "\x1f".join((self.text, self.title, self.artist, str(self.year or "")))
        return bool(hashlib.sha256(what.encode()).digest()[0] % 2)


def shelf():
    """By key: title, artist and year."""
    with (HERE / "shelf.csv").open(encoding="utf-8", newline="") as file:
        return {row["album"]: (row["title"], row["artist"], int(row["year"])) for row in csv.DictReader(file)}


def rows(*, held_out):
    with (HERE / "labelled.csv").open(encoding="utf-8", newline="") as file:
        read = [
            Row(
                row["text"],
                row["title"],
                row["artist"],
                int(row["year"]) if row["year"] else None,
                None if row["album"] == "new" else row["album"],
            )
            for row in csv.DictReader(file)
        ]
    return [row for row in read if row.held_out is held_out]


@dataclass(frozen=True)
class Report:
    """How often resolve was sure and right. Of `misses`, each is a row and what was answered for it."""

    rows: int
    right: int
    sure: int
    there: int
    misses: tuple[tuple[Row, str | None], ...]

    @property
    def precision(self):
        return self.right / self.sure

    @property
    def recall(self):
        return self.right / self.there

    def __str__(self):
        head = f"{self.rows} rows: precision {self.precision:.3f}, recall {self.recall:.3f}; misses:"
        lines = [f"  {row.typed} is {row.album or 'new'}, answered {said or 'new'}" for row, said in self.misses]
        return "\n".join([head, *lines])


def report_of(answered):
    """Of pairs of a row and the key that was answered for it."""
    return Report(
        rows=len(answered),
        right=sum(said is not None and said == row.album for row, said in answered),
        sure=sum(said is not None for _, said in answered),
        there=sum(row.album is not None for row, _ in answered),
        misses=tuple((row, said) for row, said in answered if said != row.album),
    )


@pytest.fixture
async def shelved(client, sign):
    """The shelf in the catalogue: its keys by the ids that its albums have."""
    keys = {}
    for key, (title, artist, year) in shelf().items():
        body = {"title": title, "artist": artist, "year": year}
        keys[(await client.post("/music/albums", json=body, headers=sign())).json()["id"]] = key
    assert len(keys) == len(shelf())
    return keys


@pytest.fixture
def ask(client, sign, shelved):
    async def answered(row):
        answer = await client.post("/music/resolve", json=row.typed, headers=sign("anonymous"))
        assert answer.status_code == 200, (row, answer.text)
        sure = [item for item in answer.json()["items"] if item["confidence"] >= SURE]
        return shelved[sure[0]["album"]["id"]] if sure else None

    return answered


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned by", "held out"])
async def test_resolve_is_right_when_it_is_sure_and_sure_of_nearly_all(ask, held_out):
    report = report_of([(row, await ask(row)) for row in rows(held_out=held_out)])
    print(report)
    assert report.precision >= 0.98, report
    assert report.recall >= 0.95, report


def test_the_labelled_set_is_large_and_in_two_halves():
    halves = [rows(held_out=half) for half in (False, True)]
    assert min(map(len, halves)) >= 200
    assert {row.album for half in halves for row in half} <= {None, *shelf()}
