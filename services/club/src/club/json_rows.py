"""Rows as PostgreSQL itself tells them, in JSON: a week with all that is in it is one statement then."""

from itertools import chain
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, func, literal_column, null, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from club.models import Album, Member
from contracts import catalog
from contracts.identity import Person

NOTHING: ColumnElement[Any] = literal_column("'[]'::json")


def json_object(row: Any, *names: str, **more: Any) -> ColumnElement[Any]:
    """An object of these columns of a row, and of what is said besides."""
    members = {name: getattr(row, name) for name in names} | more
    # The names are not parameters, of which the server would have to be told the type.
    spelt: list[tuple[Any, Any]] = [(literal_column(f"'{name}'"), value) for name, value in members.items()]
    return func.json_build_object(*chain.from_iterable(spelt), type_=JSON)


def json_array(each: ColumnElement[Any], rows: Select[Any], *order: Any) -> ColumnElement[Any]:
    """What is told of each of the rows, in their order; `[]` without any."""
    gathered = func.json_agg(aggregate_order_by(each, *order) if order else each)
    return rows.with_only_columns(func.coalesce(gathered, NOTHING, type_=JSON)).scalar_subquery()


def json_album() -> ColumnElement[Any]:
    return json_object(Album, *catalog.Album.model_fields)


def json_person(member: Any = Member, *, with_discord: bool) -> ColumnElement[Any]:
    """As answers show them: the Discord id only to those who may see it."""
    names = (name for name in Person.model_fields if name != "discord_id")
    return json_object(member, *names, discord_id=member.discord_id if with_discord else null())


def json_album_of(album_id: Any) -> ColumnElement[Any]:
    return select(json_album()).where(Album.id == album_id).scalar_subquery()
