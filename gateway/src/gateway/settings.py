"""What the gateway reads beyond what every process reads."""

import re
from typing import Annotated

from pydantic import field_validator
from pydantic_settings import NoDecode

from chassis.settings import Settings

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?|https?://\[[0-9a-f:]+\](?::\d{1,5})?")


class GatewaySettings(Settings):
    """`cors_origins` are exact origins, divided by commas; timeouts are seconds."""

    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    connect_timeout: float = 3
    upstream_timeout: float = 15

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
