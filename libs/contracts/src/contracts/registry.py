"""Every event there is: importing this module fills the registry with all of them."""

from contracts import catalog, clubs, identity, listening, nominations, phases, ratings, results, taste, votes
from contracts.event import REGISTRY

__all__ = [
    "REGISTRY",
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
