"""The listening schema: so far, a copy of the people who will listen."""

from sqlalchemy import BigInteger, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Base, schema
from contracts.ids import UserId


class ListeningTable(Base):
    __abstract__ = True
    metadata = schema()


class User(ListeningTable):
    """A person, as `identity.user.changed` tells of them."""

    __tablename__ = "users"

    id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    display_name: Mapped[str]
    handle: Mapped[str | None]
