"""What every table of the catalogue has in common."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Computed, Index, SmallInteger, Text, func, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from chassis.db import Base, Timestamp, schema
from contracts.naming import MATCHING

# How much of a name is its beginning. A btree's row has a bound, which a whole name could pass.
START = 64


class CatalogTable(Base):
    __abstract__ = True
    metadata = schema()


class Piece(CatalogTable):
    """What artists, albums and tracks have in common.

    `mbid` and `spotify_id` are the ids it is shown with; all of them are in `external_ids`. `match_key` and `search`
    are the names as contracts.naming folds them, in its version `matching`: for finding the same, and the similar.
    `start` is how `search` begins, in the order of its bytes, whatever the locale: an index of it is read from where a
    beginning starts. Another index has the words of `search`.
    """

    __abstract__ = True

    version: Mapped[int] = mapped_column(BigInteger)
    mbid: Mapped[UUID | None] = mapped_column(unique=True)
    spotify_id: Mapped[str | None] = mapped_column(unique=True)
    match_key: Mapped[str]
    search: Mapped[str]
    matching: Mapped[int] = mapped_column(SmallInteger, default=MATCHING, server_default="1")
    start: Mapped[str] = mapped_column(
        Text(collation="C"), Computed(f'"left"((search)::text, {START})', persisted=True), deferred=True
    )
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 — a class is what SQLAlchemy passes
        # A key may be longer than a btree's row can be; a hash has no such bound.
        return (
            Index(None, "match_key", postgresql_using="hash"),
            Index(None, "search", postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"}),
            Index(None, "start"),
            Index(
                f"ix_{cls.__tablename__}_words",
                text("to_tsvector('simple'::regconfig, search)"),
                postgresql_using="gin",
            ),
        )
