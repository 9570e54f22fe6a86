"""When somebody's doing becomes news, and to whom. No I/O here."""

from datetime import datetime

from chassis.caller import Caller
from contracts.privacy import Audience

# To these nothing is hidden.
SEES_ALL = frozenset({"bot", "admin"})


def news_at(done_at: datetime, seen_from: datetime | None) -> datetime:
    """When others could first see it: what is revealed late is not buried under what came before."""
    return done_at if seen_from is None else max(done_at, seen_from)


def audiences(caller: Caller) -> tuple[Audience, ...]:
    """What somebody must have decided at most for this reader to see it."""
    if caller.kind in SEES_ALL or caller.has("admin"):
        return ("public", "members", "private")
    return ("public",) if caller.kind == "anonymous" else ("public", "members")
