"""What an export must be to be restored, and what a spreadsheet may be given. No I/O here."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from chassis.errors import Conflict, Invalid
from contracts.archive import FORMAT

Row: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str | int, ...]

ABOUT = ("format", "schema", "club")
COPIED = ("people", "albums")
# What makes a spreadsheet take a text for something to be worked out; the wide ones are read so in some languages.
WORKED_OUT = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class NoExport(Invalid):
    sentence = "This is not the export of a club."


class BrokenExport(Invalid):
    sentence = "Something in this export is not as it was exported."


class NewerExport(Conflict):
    sentence = "A newer release of Sidetrack made this export; restore it there, or update this one first."


class ClubNotEmpty(Conflict):
    sentence = "This club has weeks already; an export is restored into a club that has none."


class AlreadyHere(Conflict):
    sentence = "Some of what is in this export is here already, in this club or in another."


class PeopleDiffer(Conflict):
    sentence = "Some people of this export are somebody else here."


class AlbumsDiffer(Conflict):
    sentence = "Some albums of this export are another album here."


@dataclass(frozen=True)
class Reference:
    """These columns name a row of another list, by its columns `theirs`."""

    columns: tuple[str, ...]
    table: str
    theirs: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """A list of an export: what its rows hold, what tells them apart, and what they refer to."""

    columns: frozenset[str]
    key: tuple[str, ...]
    references: Sequence[Reference]


def broken(*place: str | int, why: str) -> BrokenExport:
    """A refusal that says where: the list, the row counted from 0, and the field."""
    steps = [f"row {step}" if isinstance(step, int) else step for step in place]
    return BrokenExport(f"{', '.join(steps)}: {why}")


def check_schema(document: Any, schema: int) -> bool:
    """Whether an older release made the export, which is not held to know all that this one does."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise NoExport
    made_by = document.get("schema")
    if type(made_by) is not int or made_by < 1:
        raise broken("schema", why="It must be a number from 1.")
    if made_by > schema:
        raise NewerExport
    return made_by < schema


def check_lists(document: Mapping[str, Any], shapes: Mapping[str, Shape], *, older: bool) -> None:
    """Every list of this release and no other, made of rows; an older release may lack some."""
    expected = {*ABOUT, *COPIED, *shapes}
    for name in document:
        if name not in expected:
            raise broken(name[:60], why="This release knows no such list.")
    needed = {*ABOUT, *COPIED} if older else expected
    for name in sorted(needed.difference(document)):
        raise broken(name, why="It is missing.")
    for name in shapes:
        rows = document.get(name, [])
        if not isinstance(rows, list):
            raise broken(name, why="It must be a list.")
        _check_columns(name, rows, shapes[name], older=older)


def _check_columns(name: str, rows: Sequence[Any], shape: Shape, *, older: bool) -> None:
    # What an older release did not know, it knew of no row.
    expected = set(rows[0]) if older and rows and isinstance(rows[0], dict) else shape.columns
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise broken(name, number, why="It must be an object.")
        for column in sorted(row.keys() - shape.columns):
            raise broken(name, number, column[:60], why="This release knows no such column.")
        for column in sorted(expected ^ row.keys()):
            raise broken(name, number, column, why="It is missing.")


def check_references(
    document: Mapping[str, Any], shapes: Mapping[str, Shape], copies: Mapping[str, Collection[Key]]
) -> None:
    """Whatever a row refers to is in the export itself: nothing reaches into what else is here."""
    known: dict[tuple[str, tuple[str, ...]], Collection[Key]] = {(name, ("id",)): ids for name, ids in copies.items()}
    for name, shape in shapes.items():
        for reference in shape.references:
            there = (reference.table, reference.theirs)
            if there not in known:
                known[there] = set(_keys(reference.table, document.get(reference.table, []), reference.theirs))
            for number, key in enumerate(_keys(name, document.get(name, []), reference.columns)):
                if None not in key and key not in known[there]:
                    place = " and ".join(reference.columns)
                    raise broken(name, number, place, why=f"There is no such row among the {reference.table}.")


def _keys(name: str, rows: Sequence[Row], columns: tuple[str, ...]) -> Iterator[Key]:
    for number, row in enumerate(rows):
        key = tuple(row.get(column) for column in columns)
        if not all(isinstance(each, str | int | None) for each in key):
            raise broken(name, number, " and ".join(columns), why="This names no row.")
        yield key  # type: ignore[misc]  # what is None is sorted out where it matters


def same_key_twice(rows: Sequence[Row], key: tuple[str, ...]) -> bool:
    """Whether two rows of the list itself claim to be the same one."""
    return len({tuple(str(row.get(column)) for column in key) for row in rows}) < len(rows)


def cell(value: object) -> object:
    """What a spreadsheet shows, and does not work out."""
    return f"'{value}" if isinstance(value, str) and value.startswith(WORKED_OUT) else value
