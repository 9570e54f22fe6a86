"""What stays of somebody who left, and as whose. No I/O here."""

from collections.abc import Collection, Mapping
from typing import Any

from contracts.phases import Phase

CALLED = "A former member"
RULES = {
    "nominations": "They stay for whoever voted for them, without what was said of them.",
    "ballots": "In an open poll the ballot is struck; what was counted stays counted.",
    "ratings": "In a closed week the rating stays, without its words; elsewhere it is removed.",
    "roster": "They are on no roster any more.",
    "bars": "They are barred from nothing any more.",
}
# What of a nomination or a rating was said in words, or says where.
WORDS = frozenset({"pitch", "pitch_track_url", "favorite_track", "review", "ref"})


def rating_stays(phase: Phase, *, withdrawn: bool) -> bool:
    """Whether others have seen an average that holds it."""
    return phase == "closed" and not withdrawn


def state_of_former(state: Mapping[str, Any] | None, ids: Collection[str], former: str) -> dict[str, Any] | None:
    """How something of theirs stood, as an import remembers it: told of somebody former, without words."""
    if state is None:
        return None
    told = {name: None if name in WORDS else former if value in ids else value for name, value in state.items()}
    return told | {name: False for name in ("review_hidden_at",) if name in state}


def source_of_former(source: Mapping[str, Any], authors: Collection[str], *, theirs: bool) -> dict[str, Any]:
    """Where it was read, without its author if that is one of these, and of what was `theirs` without the message."""
    told = {**source}
    if theirs or source.get("author") in authors:
        told["author"] = None
    return told | ({"message_id": None} if theirs else {})
