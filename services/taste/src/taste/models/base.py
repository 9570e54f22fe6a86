"""What the tables of taste have in common."""

from chassis.db import Base, schema


class TasteTable(Base):
    __abstract__ = True
    metadata = schema()
