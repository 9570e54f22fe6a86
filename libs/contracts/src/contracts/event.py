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
    """

    topic: ClassVar[str]
    schema_version: ClassVar[int] = 1
    consumers: ClassVar[tuple[str, ...]] = ()

    version: int = Field(description="Of two states of one aggregate, the higher version is the truth.")

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        REGISTRY[cls.topic] = cls


REGISTRY: dict[str, type[Event]] = {}


def consumers_of(topic: str) -> tuple[str, ...]:
    event = REGISTRY.get(topic)
    return event.consumers if event else ()
