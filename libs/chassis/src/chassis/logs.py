"""JSON logs: one line an event, secrets redacted, no local variables in tracebacks (they would print parameters)."""

import logging
import re
from functools import cache

import orjson
import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict

SECRET = re.compile(r"authorization|cookie|password|secret|token|signing_key", re.IGNORECASE)


@cache
def _is_secret(name: str) -> bool:
    return SECRET.search(name) is not None


def redact(_: object, __: str, event: EventDict) -> EventDict:
    return {key: "…" if _is_secret(key) else value for key, value in event.items()}


def configure(level: str = "INFO") -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        logger_factory=structlog.BytesLoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
    )
