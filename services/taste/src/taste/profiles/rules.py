"""What somebody likes, by the formula that docs/taste.md explains: pure, and the same for the same evidence."""

import math
from typing import Any

from contracts.taste import JudgedAlbum, TasteProfile
from taste.profiles.evidence import Evidence, digest
from taste.profiles.listening import Listening
from taste.profiles.mood import mood
from taste.profiles.weighing import diversity
from taste.profiles.window import in_window, window_of

# Whoever changes what comes out of the same evidence makes it one more: all profiles are computed anew then.
FORMULA = 2
ENOUGH_PLAYS, ENOUGH_ARTISTS = 30, 3
LOVED, DISLIKED = 9, 4
UNSAID: dict[str, Any] = {
    "genres": [],
    "families": [],
    "genre_coverage": 0.0,
    "mood": [],
    "time_of_day": None,
    "decades": [],
    "countries": [],
    "diversity": None,
}


def profile_of(evidence: Evidence) -> TasteProfile:
    """All that the evidence tells; when it was computed is not of it."""
    counted = in_window(evidence)
    listening = Listening(counted)
    enough = listening.plays >= ENOUGH_PLAYS and len(listening.artists) >= ENOUGH_ARTISTS
    return TasteProfile(
        user_id=evidence.user_id,
        enough=enough,
        sentence=_sentence(listening, enough=enough),
        **(_drawn(listening) if enough else UNSAID),
        top_artists=listening.top_artists(),
        top_albums=listening.top_albums(),
        top_tracks=listening.top_tracks(),
        loved=[each for each in _judged(counted) if each.rating * 2 >= LOVED],
        disliked=[each for each in _judged(counted) if each.rating * 2 <= DISLIKED],
        rated=len(counted.judged),
        window=window_of(counted),
        formula_version=FORMULA,
        inputs_hash=digest(FORMULA, counted),
        origin="computed",
    )


def _drawn(listening: Listening) -> dict[str, Any]:
    return {
        "genres": listening.genres(),
        "families": listening.families(),
        "genre_coverage": listening.genre_coverage(),
        "mood": mood(listening.known, listening.albums, math.fsum(listening.artists.values())),
        "time_of_day": listening.time_of_day(),
        "decades": listening.decades(),
        "countries": listening.countries(),
        "diversity": diversity(listening.artists.values()),
    }


def _sentence(listening: Listening, *, enough: bool) -> str:
    plays, artists = listening.plays, len(listening.artists)
    if enough:
        return f"Drawn from {plays} plays of {artists} artists."
    return (
        f"Not enough to say: {plays} plays of {artists} artists so far, "
        f"and it takes {ENOUGH_PLAYS} of {ENOUGH_ARTISTS}."
    )


def _judged(evidence: Evidence) -> list[JudgedAlbum]:
    """Each album by the last week it was rated in, the best first."""
    last = {each.album_id: each for each in sorted(evidence.judged, key=lambda each: (each.given_at, each.week_id))}
    albums = [
        JudgedAlbum(id=key, title=traits and traits.title, artist=traits and traits.artist, rating=each.half_steps / 2)
        for key, each in last.items()
        for traits in [evidence.albums.get(key)]
    ]
    return sorted(albums, key=lambda each: (-each.rating, each.title or "", str(each.id)))
