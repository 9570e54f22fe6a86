"""What travels beside an event's body, under the names CloudEvents 1.0 gives it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.event import Event


class Envelope(BaseModel):
    """`attempt` counts the rungs climbed; `error` says why the last one failed."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)

    id: UUID
    type: str
    source: str
    dataschema: str
    time: datetime
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    attempt: int = 0
    error: str | None = None
    body: str


def dataschema(event: Event | type[Event]) -> str:
    return f"urn:sidetrack:{event.topic}:{event.schema_version}"
