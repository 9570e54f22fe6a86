"""What the tables of listening have in common."""

from chassis.db import Base, schema


class ListeningTable(Base):
    __abstract__ = True
    metadata = schema()
