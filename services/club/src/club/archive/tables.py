"""Which rows are a club's, found by following foreign keys from it: a table that is added later travels by itself."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, ForeignKeyConstraint, Select, Table, select, tuple_

from club.archive.rules import Reference, Shape
from club.models import ClubTable
from contracts.ids import ClubId

TABLES = ClubTable.metadata.tables
CLUBS = TABLES["clubs"]
# What is others' own: of it goes along what the club speaks of, by the names it has there.
COPIES = {"people": TABLES["members"], "albums": TABLES["albums"]}
NAMES = {table: name for name, table in COPIES.items()}


@dataclass(frozen=True)
class Part:
    """A table of which some rows are a club's; `way` is the foreign key that tells which."""

    table: Table
    way: ForeignKeyConstraint = field(repr=False)
    steps: int

    @property
    def key(self) -> list[Column[Any]]:
        return list(self.table.primary_key)

    @property
    def club(self) -> Column[Any] | None:
        """The column that names the club itself: its address, not what it is."""
        return next((key.parent for key in self.table.foreign_keys if key.column.table is CLUBS), None)

    @property
    def version(self) -> Column[Any] | None:
        """What is raised with every announcement; a version that is part of the key tells one row from another."""
        column = self.table.columns.get("version")
        return None if column is None or column.primary_key else column

    @property
    def columns(self) -> list[Column[Any]]:
        """Those that travel."""
        stay = (self.club, self.version)
        return [each for each in self.table.columns if each.computed is None and not any(each is one for one in stay)]

    @property
    def late(self) -> list[Column[Any]]:
        """Those that refer to tables which themselves refer to this one."""
        late = [each for each in self.table.foreign_key_constraints if each.use_alter]
        return [column for constraint in late for column in constraint.columns]


def _parts() -> dict[str, Part]:
    """In an order in which each refers to those before it only."""
    parts: dict[str, Part] = {}
    for table in ClubTable.metadata.sorted_tables:
        if table.info.get("derived"):
            continue
        ways = [
            Part(table, key, 1 + (0 if key.referred_table is CLUBS else parts[key.referred_table.name].steps))
            for key in table.foreign_key_constraints
            if key.referred_table is CLUBS or key.referred_table.name in parts
            if not any(column.nullable for column in key.columns)
        ]
        if ways:
            # The shortest; of some as short, always the same one.
            parts[table.name] = min(ways, key=lambda way: (way.steps, [column.name for column in way.way.columns]))
    return parts


PARTS = _parts()


def of_club(table: Table, club_id: ClubId) -> ColumnElement[bool]:
    """Which rows of the table are the club's."""
    if table is CLUBS:
        return CLUBS.c.id == club_id
    way = PARTS[table.name].way
    if way.referred_table is CLUBS:
        return way.columns.values()[0] == club_id
    theirs = select(*(key.column for key in way.elements)).where(of_club(way.referred_table, club_id))
    own = list(way.columns)
    return own[0].in_(theirs) if len(own) == 1 else tuple_(*own).in_(theirs)


def spoken_of(copy: Table, club_id: ClubId) -> list[Select[Any]]:
    """The ids of people, or albums, that the club's rows refer to: a query for each column that does."""
    return [
        select(key.parent).where(of_club(part.table, club_id), key.parent.is_not(None))
        for part in PARTS.values()
        for key in sorted(part.table.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table is copy
    ]


def _shape(part: Part) -> Shape:
    references = [
        Reference(
            columns=tuple(key.columns.keys()),
            table=NAMES.get(key.referred_table, key.referred_table.name),
            theirs=tuple(each.column.name for each in key.elements),
        )
        for key in part.table.foreign_key_constraints
        if key.referred_table is not CLUBS
    ]
    return Shape(
        columns=frozenset(column.name for column in part.columns),
        key=tuple(column.name for column in part.key),
        references=sorted(references, key=lambda reference: reference.columns),
    )


SHAPES = {name: _shape(part) for name, part in PARTS.items()}
