"""What the gateway reads beyond what every process reads."""

import re
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from chassis.settings import Settings

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?|https?://\[[0-9a-f:]+\](?::\d{1,5})?")


class GatewaySettings(Settings):
    """`cors_origins` are exact origins, divided by commas; timeouts are seconds.

    `rate_…` is how often one may ask in a minute: a person, or an address of those who are nobody; 0 is without bound.
    Keys of bots, workers and admins may 200 times as often.
    """

    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    connect_timeout: float = 3
    upstream_timeout: float = 15
    rate_reads: int = Field(default=1200, ge=0)
    rate_writes: int = Field(default=300, ge=0)
    rate_ingest: int = Field(default=600, ge=0)
    rate_auth: int = Field(default=30, ge=0)

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _divided(cls, given: object) -> object:
        return [each.strip() for each in given.split(",") if each.strip()] if isinstance(given, str) else given

    @field_validator("cors_origins")
    @classmethod
    def _exact(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is not an exact origin such as https://club.example")
        return origins
