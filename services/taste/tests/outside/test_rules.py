"""What a worker told as a profile: checked, and the same in whatever order its parts came."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from services.taste.tests.outside.telling_outside import album_share, axis, outside
from services.taste.tests.telling import IDA, named

from contracts.taste_outside import OutsideTaste
from taste.outside.rules import ComputedInFuture, by_what_they_mean, check_computed, profile_told

NOW = datetime(2025, 11, 18, 12, tzinfo=UTC)
GENRES = [{"name": name, "share": share} for name, share in (("folk", 0.4), ("house", 0.2), ("ambient", 0.2))]


def told(**more):
    return profile_told(IDA, OutsideTaste.model_validate(outside(**more)))


@settings(deadline=None)
@given(st.permutations(GENRES))
def test_in_whatever_order_it_is_told_it_is_the_same_profile(genres):
    profile = told(genres=genres)
    assert [each.name for each in profile.genres] == ["folk", "ambient", "house"]
    assert profile.model_dump_json() == told(genres=GENRES).model_dump_json()


def test_the_hash_is_of_what_was_told_and_not_of_when():
    same, later = told(), told(at="2025-11-19T04:00:00Z")
    assert same.inputs_hash == later.inputs_hash
    others = [told(formula=2), told(origin="another"), told(genres=GENRES), told(enough=False)]
    assert len({each.inputs_hash for each in (same, *others)}) == 5


def test_what_is_left_out_is_not_known_and_of_ratings_a_worker_tells_nothing():
    profile = told()
    assert (profile.origin, profile.sentence) == ("essentia-worker", "Drawn by essentia-worker.")
    assert (profile.mood, profile.top_albums, profile.diversity, profile.obscurity) == ([], [], None, None)
    assert (profile.loved, profile.disliked, profile.rated, profile.window.plays) == ([], [], 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "computed"},
        {"origin": "Essentia Worker"},
        {"formula_version": 0},
        {"computed_at": "2025-11-18T04:00:00"},
        {"genres": [{"name": "folk", "share": 1.2}]},
        {"genres": [{"name": "folk", "share": -0.1}]},
        {"genres": [{"name": "folk", "share": float("nan")}]},
        {"genres": [{"name": "folk", "share": "0.5"}]},
        {"genres": [{"name": "folk", "share": 0.7}, {"name": "house", "share": 0.5}]},
        {"genres": [{"name": "folk", "share": 0.1}, {"name": "folk", "share": 0.1}]},
        {"genres": [{"name": " ", "share": 0.5}]},
        {"genres": [{"name": "x" * 101, "share": 0.5}]},
        {"genres": [{"name": f"genre {number}", "share": 0.0} for number in range(501)]},
        {"top_albums": [album_share("Blue", 0.1), album_share("Blue", 0.2)]},
        {"mood": [axis("danceability", 0.5)]},
        {"mood": [axis("energy", 1.5)]},
        {"mood": [axis("energy", 0.5, spread=1.5)]},
        {"mood": [axis("tempo", float("inf"))]},
        {"mood": [axis("energy", 0.5), axis("energy", 0.6)]},
        {"time_of_day": {"hours": [0.1] * 24, "weekdays": [0.1] * 7, "timezone": "UTC"}},
        {"time_of_day": {"hours": [0.0] * 23, "weekdays": [0.1] * 7, "timezone": "UTC"}},
        {"decades": [{"decade": 1975, "share": 1}]},
        {"countries": [{"country": "ca", "share": 1}]},
        {"rated": 3},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValidationError):
        OutsideTaste.model_validate(outside() | wrong)


def test_shares_may_be_off_by_what_rounding_adds_and_tempo_is_in_beats():
    profile = told(
        genres=[{"name": f"genre {number}", "share": 0.3334} for number in range(3)], mood=[axis("tempo", 104.5)]
    )
    assert (len(profile.genres), profile.mood[0].value) == (3, 104.5)


def test_the_future_is_refused_but_for_what_clocks_differ():
    check_computed(NOW + timedelta(minutes=4), NOW)
    with pytest.raises(ComputedInFuture):
        check_computed(NOW + timedelta(minutes=6), NOW)


def test_albums_that_turned_out_to_be_one_have_their_shares_together():
    albums = [album_share("Blue", 0.5), album_share("Blue (Remaster)", 0.25), album_share("Hejira", 0.125)]
    profile = told(top_albums=albums)
    meant = by_what_they_mean(profile, {named("Blue (Remaster)"): named("Hejira"), named("Hejira"): named("Hejira")})
    assert [(each.id, each.title, each.share) for each in meant.top_albums] == [
        (named("Blue"), "Blue", 0.5),
        (named("Hejira"), "Blue (Remaster)", 0.375),
    ]
    assert by_what_they_mean(profile, {}) == profile
