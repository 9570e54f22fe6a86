"""What of the audit can be asked for. No I/O here."""

import re
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.phases import Moment
from contracts.text import Query

Word = Annotated[str, Field(pattern=r"^[a-z_.]{1,60}$")]


SPELT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def ids_in(told: str) -> set[UUID]:
    """Every id that stands anywhere in it."""
    return {UUID(each) for each in SPELT.findall(told)}


class Filters(BaseModel):
    """Only entries for which all that is given is so."""

    model_config = ConfigDict(frozen=True)

    club_id: UUID | None = None
    service: Word | None = None
    action: Word | None = Field(default=None, description="week.changed; or week, for all that is done to weeks.")
    subject_id: Query | None = None
    actor_id: Query | None = None
    actor_kind: Word | None = None
    request_id: Query | None = None
    since: Moment | None = Field(default=None, alias="from", description="At this moment or later.")
    until: Moment | None = Field(default=None, alias="to", description="Before this moment.")

    @model_validator(mode="after")
    def _with_offsets(self) -> "Filters":
        if any(moment is not None and moment.tzinfo is None for moment in (self.since, self.until)):
            raise ValueError("A moment here needs its offset: 2025-11-24T20:00:00Z.")
        return self
