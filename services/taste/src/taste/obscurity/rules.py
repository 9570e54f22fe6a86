"""How obscure somebody's taste is among the people here, by the formula that docs/taste.md explains. No I/O here."""

import math
from collections.abc import Mapping

from contracts.ids import ArtistId
from contracts.taste import TasteProfile
from taste.profiles.weighing import PLACES

FEWEST = 5
TOO_FEW = "There are too few people here to say how obscure that is."


def told_among(profile: TasteProfile, listeners: Mapping[ArtistId, int], people: int) -> TasteProfile:
    """The profile with its obscurity; where too few people are there to tell, its sentence says so.

    Of all `people`, `listeners` are how many play each artist, whoever the profile is of among them.
    """
    if not profile.enough:
        return profile
    if people < FEWEST:
        return profile.model_copy(update={"sentence": f"{profile.sentence} {TOO_FEW}"})
    shares = {each.id: each.share for each in profile.top_artists}
    return profile.model_copy(update={"obscurity": obscurity(shares, listeners, people)})


def obscurity(shares: Mapping[ArtistId, float], listeners: Mapping[ArtistId, int], people: int) -> float:
    """The mean of the artists' by their shares: 0 for one whom all others play, too, and 1 for one whom nobody does."""
    weighed = (share * _of_one(listeners.get(artist, 1) - 1, people - 1) for artist, share in shares.items())
    return round(math.fsum(weighed) / math.fsum(shares.values()), PLACES)


def _of_one(who_play: int, others: int) -> float:
    """What inverse document frequency is of words (Spärck Jones, 1972), brought to 0 to 1."""
    return 1 - math.log1p(min(who_play, others)) / math.log1p(others)
