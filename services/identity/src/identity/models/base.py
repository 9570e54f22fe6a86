"""What all tables of identity have in common."""

from chassis.db import Base, schema


def one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


class IdentityTable(Base):
    __abstract__ = True
    metadata = schema()
