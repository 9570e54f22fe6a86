"""Every event there is: importing this module fills the registry with all of them."""

from contracts import (
    audit,
    catalog,
    clubs,
    identity,
    listening,
    nominations,
    phases,
    ratings,
    results,
    taste,
    votes,
)
from contracts.event import REGISTRY

__all__ = [
    "REGISTRY",
    "audit",
    "catalog",
    "clubs",
    "identity",
    "listening",
    "nominations",
    "phases",
    "ratings",
    "results",
    "taste",
    "votes",
]
