"""The base of every event, and the registry of all of them."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Message(BaseModel):
    """Anything that crosses a service boundary; unknown fields are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class Request(BaseModel):
    """What a client sends: unknown fields are refused, so that a typing error is never taken for consent."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Event(Message):
    """A fact, named in the past tense by the service that owns it.

    `consumers` are the handlers (`<service>.<handler>`) that must hear it: from this alone the whole topology is
    declared before any of them runs, and a topic with none is published without asking whether anyone listened.
    Its owner can state it again at any time (`restated`), unless it tells of what was asked or done once.
    A `broadcast` is heard besides by every process that listens just now, and by none that comes later.
    """

    topic: ClassVar[str]
    schema_version: ClassVar[int] = 1
    consumers: ClassVar[tuple[str, ...]] = ()
    broadcast: ClassVar[bool] = False
    restated: ClassVar[bool] = True

    version: int = Field(description="Of two states of one aggregate, the higher version is the truth.")

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        REGISTRY[cls.topic] = cls


REGISTRY: dict[str, type[Event]] = {}


def is_broadcast(topic: str) -> bool:
    event = REGISTRY.get(topic)
    return event is not None and event.broadcast


def consumers_of(topic: str) -> tuple[str, ...]:
    event = REGISTRY.get(topic)
    return event.consumers if event else ()
