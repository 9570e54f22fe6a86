"""What of a profile a reader sees: what it tells of plays and of ratings is for those who may see them."""

from typing import Any, Literal

from chassis.caller import Caller
from contracts.privacy import Audience
from contracts.taste import TasteProfile, TasteWindow
from taste.models import Profile, User
from taste.profiles.window import HALF_LIFE
from taste.sight import privacy_of, shows

Withheld = Literal["listening", "ratings"]
# Of plays, what names them, counts them or tells when they were; the rest is what taste itself is.
NOTHING: dict[Withheld, dict[str, Any]] = {
    "listening": {
        "top_artists": [],
        "top_albums": [],
        "top_tracks": [],
        "obscurity": None,
        "time_of_day": None,
        "window": TasteWindow(first_day=None, last_day=None, half_life_days=HALF_LIFE, plays=0),
        "sentence": "Drawn from what this person does not show you.",
    },
    "ratings": {"loved": [], "disliked": [], "rated": 0},
}


def withheld_from(caller: Caller, user: User) -> list[Withheld]:
    return [what for what, audience in _audiences(user) if not shows(user, audience, caller)]


def withheld_from_members(user: User) -> list[Withheld]:
    """What somebody shows to nobody but themself."""
    return [what for what, audience in _audiences(user) if audience == "private"]


def as_members_see(user: User, kept: Profile) -> TasteProfile:
    """A profile as it is kept, without what its owner shows to nobody."""
    return shown(TasteProfile.model_validate(kept.document), withheld_from_members(user))


def _audiences(user: User) -> list[tuple[Withheld, Audience]]:
    privacy = privacy_of(user)
    return [("listening", privacy.listening), ("ratings", privacy.ratings)]


def shown(profile: TasteProfile, withheld: list[Withheld]) -> TasteProfile:
    hidden: dict[str, Any] = {}
    for what in withheld:
        hidden |= NOTHING[what]
    if "listening" in withheld and profile.computed_at:
        # To the second it would tell when they listened last.
        hidden["computed_at"] = profile.computed_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return profile.model_copy(update={**hidden, "withheld": withheld})
