"""What a worker told, as a profile; and when it is taken. No I/O here."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chassis.errors import Forbidden, Invalid, NotFound
from contracts.ids import AlbumId, UserId
from contracts.taste import TasteProfile
from contracts.taste_outside import OutsideTaste
from taste.profiles.weighing import ranked, sums

# Clocks differ; but what is of the future would stand against all that is told until then.
AHEAD = timedelta(minutes=5)
# What ratings tell, we know ourselves.
UNTOLD: Mapping[str, Any] = {"loved": [], "disliked": [], "rated": 0}
WEIGHED = ("genres", "families", "countries", "top_artists", "top_albums", "top_tracks")


class MayNotTell(Forbidden):
    sentence = "Your key does not allow telling what members like."


class NotToldBy(NotFound):
    sentence = "Nobody of this name has told of their taste."


class ComputedInFuture(Invalid):
    sentence = "A profile cannot have been computed in the future."


def check_computed(at: datetime, now: datetime) -> None:
    if at > now + AHEAD:
        raise ComputedInFuture


def profile_told(user_id: UserId, told: OutsideTaste) -> TasteProfile:
    """The greatest shares first, whatever order they came in; the hash is of all but when it was computed."""
    document = told.model_dump(mode="json", exclude={"computed_at"})
    for name in WEIGHED:
        document[name].sort(key=lambda each: (-each["share"], json.dumps(each)))
    document["mood"].sort(key=lambda each: str(each["axis"]))
    document["decades"].sort(key=lambda each: int(each["decade"]))
    spelled = json.dumps([str(user_id), document], sort_keys=True)
    about = {"user_id": user_id, "sentence": f"Drawn by {told.origin}.", "computed_at": told.computed_at}
    digest = {"inputs_hash": hashlib.sha256(spelled.encode()).hexdigest()}
    return TasteProfile.model_validate({**UNTOLD, **document, **about, **digest})


def by_what_they_mean(profile: TasteProfile, now: Mapping[AlbumId, AlbumId]) -> TasteProfile:
    """Albums by the ids that they mean now; of two that turned out to be one, the shares together."""
    if not now:
        return profile
    meant = [each.model_copy(update={"id": now.get(each.id, each.id)}) for each in profile.top_albums]
    # Of several, the weightiest names it.
    named = {each.id: each for each in reversed(meant)}
    shares = ranked(sums((each.id, each.share) for each in meant))
    albums = [named[key].model_copy(update={"share": min(1.0, share)}) for key, share in shares]
    return profile.model_copy(update={"top_albums": albums})
