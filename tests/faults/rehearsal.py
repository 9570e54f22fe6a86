"""A service only for tests: its effects are appended, so that one too many would show."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Identity, insert, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from chassis.announcer import Announcer, raise_versions, reannounce
from chassis.consumer import Consumer
from chassis.copies import keep_newest
from chassis.db import Base, Tx, first_version, next_version, schema
from chassis.errors import Conflict
from chassis.http import router as make_router
from chassis.outbox import publish
from chassis.service import service
from chassis.testing import signed
from contracts.event import Event
from contracts.text import Name


class NotePlayed(Event):
    topic: ClassVar[str] = "rehearsal.note.played"
    consumers: ClassVar[tuple[str, ...]] = ("rehearsal.count_note",)

    version: int = 1
    note: int
    name: Name = "a"


class NoteMissed(Event):
    topic: ClassVar[str] = "rehearsal.note.missed"
    consumers: ClassVar[tuple[str, ...]] = ("rehearsal.stumble", "rehearsal.count_miss")

    version: int = 1
    note: int


class MelodyChanged(Event):
    topic: ClassVar[str] = "rehearsal.melody.changed"
    consumers: ClassVar[tuple[str, ...]] = ("rehearsal.copy_melody",)

    melody_id: UUID
    name: str


class CurtainFell(Event):
    """Nobody listens to this one."""

    topic: ClassVar[str] = "rehearsal.curtain.fell"

    version: int = 1


class RehearsalTable(Base):
    __abstract__ = True
    metadata = schema()


class Effect(RehearsalTable):
    __tablename__ = "effects"

    row: Mapped[int] = mapped_column(Identity(), primary_key=True)
    handler: Mapped[str]
    note: Mapped[int]


class Accepted(RehearsalTable):
    __tablename__ = "accepted"

    note: Mapped[int] = mapped_column(primary_key=True)


class Melody(RehearsalTable):
    __tablename__ = "melodies"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]


class MelodyCopy(RehearsalTable):
    __tablename__ = "melody_copies"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]


@dataclass
class Trouble:
    """How often `stumble` still fails, when it tried, and how long counting a note takes."""

    failures: float = math.inf
    tries: list[float] = field(default_factory=list)


trouble = Trouble()
router = make_router(prefix="/rehearsal")
consumer = Consumer()


class WrongNote(Conflict):
    sentence = "That note is not in the score."


@router.put("/played/{note}")
async def play(note: int, tx: Tx) -> None:
    tx.add(Accepted(note=note))
    await publish(tx, NotePlayed(note=note))


@router.put("/held/{note}")
async def hold(note: int, tx: Tx, seconds: float = 1) -> None:
    """Takes its time between writing and announcing."""
    tx.add(Accepted(note=note))
    await tx.flush()
    await asyncio.sleep(seconds)
    await publish(tx, NotePlayed(note=note))


@router.put("/missed/{note}")
async def miss(note: int, tx: Tx) -> None:
    await publish(tx, NoteMissed(note=note))


@router.put("/wrong/{note}")
async def play_wrong(note: int, tx: Tx) -> None:
    tx.add(Accepted(note=note))
    await publish(tx, NotePlayed(note=note))
    raise WrongNote


@router.post("/wrong")
async def play_wrong_again(tx: Tx) -> None:
    await play_wrong(1, tx)


@router.get("/score")
async def score() -> list[int]:
    return [1, 2, 3]


@router.post("/melodies/{melody_id}", status_code=201)
async def name_melody(melody_id: UUID, name: Name, tx: Tx) -> int:
    renamed = update(Melody).where(Melody.id == melody_id).values(name=name, version=next_version(Melody.version))
    version = await tx.scalar(renamed.returning(Melody.version))
    if version is None:
        made = insert(Melody).values(id=melody_id, name=name, version=first_version())
        version = (await tx.scalars(made.returning(Melody.version))).one()
    await publish(tx, MelodyChanged(melody_id=melody_id, name=name, version=version))
    return version


@router.post("/curtain")
async def fall(tx: Tx) -> None:
    await publish(tx, CurtainFell())


@consumer.on(NotePlayed)
async def count_note(played: NotePlayed, tx: AsyncSession) -> None:
    await tx.execute(insert(Effect).values(handler="count_note", note=played.note))


@consumer.on(NoteMissed)
async def stumble(missed: NoteMissed, tx: AsyncSession) -> None:
    trouble.tries.append(time.monotonic())
    await tx.execute(insert(Effect).values(handler="stumble", note=missed.note))
    if trouble.failures > 0:
        trouble.failures -= 1
        raise RuntimeError("out of breath")


@consumer.on(NoteMissed)
async def count_miss(missed: NoteMissed, tx: AsyncSession) -> None:
    await tx.execute(insert(Effect).values(handler="count_miss", note=missed.note))


@consumer.on(MelodyChanged)
async def copy_melody(changed: MelodyChanged, tx: AsyncSession) -> None:
    await keep_newest(tx, MelodyCopy, {"id": changed.melody_id, "name": changed.name, "version": changed.version})


async def melodies(_: AsyncSession, rows: Sequence[Melody]) -> list[MelodyChanged]:
    return [MelodyChanged(melody_id=row.id, name=row.name, version=row.version) for row in rows]


announcer = Announcer(MelodyChanged, Melody, melodies)


async def reannounce_melodies(to: str) -> None:
    await reannounce(app.state.db, announcer, to)


async def restore_melodies() -> None:
    await raise_versions(app.state.db, announcer)
    await reannounce(app.state.db, announcer)


def make():
    return service(
        "rehearsal", metadata=RehearsalTable.metadata, routers=[router], consumers=[consumer], announcers=[announcer]
    )


def signed_bot() -> dict[str, str]:
    """Headers as the gateway would send them for a bot."""
    return signed(app)


app = make()
