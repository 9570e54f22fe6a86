"""What a score promises, whoever it is of: by what happens to it when what it is drawn from changes."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services.taste.tests.compatibility.pairs import also, profile, rated
from services.taste.tests.profiles.playing import person, played, traits
from services.taste.tests.telling import BEN, IDA

from taste.compatibility.rules import WEIGHTS, compare
from taste.profiles.rules import profile_of

GOLDEN = Path(__file__).parent / "golden.json"
PLAYS = st.dictionaries(
    st.sampled_from(["Joni", "Daft", "Portishead", "Gilberto", "Neil", "Björk"]), st.integers(5, 60), min_size=1
)
HALVES = st.lists(st.tuples(st.integers(2, 10), st.integers(2, 10)), max_size=8)
FOLK = {"Joni": 30, "Gilberto": 10, "Neil": 5}
HOUSE = {"Daft": 30, "Kerri": 10, "Larry": 5}
metamorphic = settings(max_examples=50, deadline=None)


@metamorphic
@given(PLAYS, PLAYS, HALVES)
def test_it_is_the_same_whoever_is_named_first(one, other, halves):
    there = compare(profile(**one), also(**other), rated(*halves))
    back = compare(also(**other), profile(**one), rated(*(each[::-1] for each in halves)))
    assert there.model_dump_json() == back.model_dump_json()


@metamorphic
@given(PLAYS, st.lists(st.integers(2, 10), max_size=8))
def test_with_oneself_and_with_who_is_like_oneself_it_is_100(plays, halves):
    alike = rated(*((each, each) for each in halves))
    assert compare(profile(**plays), profile(**plays), alike).score == 100
    assert compare(profile(**plays), also(**plays), alike).score == 100


@metamorphic
@given(PLAYS, PLAYS, HALVES, st.randoms(use_true_random=False))
def test_it_is_the_same_in_whatever_order_things_are_listed(one, other, halves, chance):
    first, second, weeks = profile(**one), also(**other), rated(*halves)
    lists = ("top_artists", "top_albums", "top_tracks", "genres", "mood", "decades")
    mixed = first.model_copy(update={each: chance.sample(v := getattr(first, each), len(v)) for each in lists})
    told, again = compare(first, second, weeks), compare(mixed, second, chance.sample(weeks, len(weeks)))
    assert (told.score, told.explanations) == (again.score, again.explanations)
    assert (told.shared_artists, told.shared_tracks) == (again.shared_artists, again.shared_tracks)


@metamorphic
@given(PLAYS, PLAYS, HALVES, st.data())
def test_an_artist_that_is_not_shared_any_more_never_raises_it(one, other, halves, draw):
    first, second = profile(**one), also(**other)
    before = compare(first, second, rated(*halves))
    if not before.shared_artists or min(len(one), len(other)) == 1:
        return
    lost = draw.draw(st.sampled_from([each.id for each in before.shared_artists]))
    less = [
        each.model_copy(update={"top_artists": [artist for artist in each.top_artists if artist.id != lost]})
        for each in (first, second)
    ]
    for pair in ((less[0], second), (first, less[1]), less):
        assert (compare(*pair, rated(*halves)).score or 0) <= before.score


@metamorphic
@given(PLAYS, PLAYS, st.integers(2, 20))
def test_it_matters_not_how_much_somebody_listens(one, other, times):
    if sum(one.values()) < 30:
        return
    more = {name: plays * times for name, plays in one.items()}
    told, again = (compare(profile(**each), also(**other), []) for each in (one, more))
    assert (told.score, told.explanations) == (again.score, again.explanations)


@metamorphic
@given(PLAYS, PLAYS, HALVES)
def test_it_is_the_sum_of_what_its_parts_contribute_each_with_a_sentence(one, other, halves):
    told = compare(profile(**one), also(**other), rated(*halves))
    if told.score is None:
        assert (told.parts, told.explanations) == ([], ["Not enough to say."])
        return
    assert 0 <= told.score <= 100
    assert 0 < told.confidence < 1
    assert sum(each.contribution for each in told.parts) == pytest.approx(told.score, abs=0.06)
    assert sum(each.weight for each in told.parts) == pytest.approx(1, abs=0.001)
    assert len(told.explanations) == len(told.parts)
    assert [each.name for each in told.parts] == [name for name in WEIGHTS if name in {p.name for p in told.parts}]


def test_genres_of_one_family_are_more_alike_than_genres_of_none():
    def with_genre(name, user_id, **parents):
        albums = traits("Any", name, "shared", parents=parents)
        plays = [played(f"{each} {user_id}", 20, album="Any") for each in range(3)]
        return profile_of(person(*plays, albums=albums, user_id=user_id))

    kin, strange = (
        compare(with_genre("indie folk", IDA, **{"indie folk": ["folk"]}), with_genre(*other), []).score
        for other in (("folk", BEN), ("house", BEN))
    )
    assert kin > strange


def test_the_more_is_shared_the_higher_it_is():
    others = [{**HOUSE, **dict.fromkeys([*FOLK][:shared], 15)} for shared in range(4)]
    scores = [compare(profile(**FOLK), also(**other), []).score or 0 for other in others]
    assert scores == sorted(scores)
    assert scores[3] > scores[1] > scores[0]


def test_little_that_is_shared_counts_less_than_its_share():
    ten = {f"Artist {each}": 10 for each in range(10)}
    other = {**{f"Other {each}": 10 for each in range(8)}, "Artist 0": 10, "Artist 1": 10}
    (part,) = (each for each in compare(profile(**ten), also(**other), []).parts if each.name == "artists")
    assert 0 < part.value < 0.2


def test_two_shared_artists_are_evidence_that_is_not_sure():
    told = compare(profile(Joni=3, Neil=3), also(Joni=2, Neil=9, Kerri=1), [])
    assert told.score > 50
    assert 0 < told.confidence < 0.2


@pytest.mark.parametrize(
    ("one", "other"), [({}, {}), (FOLK, {}), (FOLK, {"Daft": 3, "Kerri": 2}), (FOLK, HOUSE)], ids=str
)
def test_with_nothing_in_common_there_is_no_score(one, other):
    told = compare(profile(**one), also(**other), [])
    assert (told.score, told.confidence, told.parts) == (None, 0, [])
    assert told.explanations == ["Not enough to say."]


def test_of_ratings_alone_it_is_how_alike_they_are():
    close, apart = ([(8, 8), (6, 7), (9, 9), (3, 4)], [(8, 2), (6, 9), (9, 3), (3, 10)])
    alike, unlike = (compare(profile(), also(), rated(*each)).score for each in (close, apart))
    assert alike > 80
    assert unlike < 30


def test_what_both_play_most_is_listed_with_the_mean_of_its_shares():
    shared = {"Joni": 20, "Gilberto": 12, "Neil": 8}
    told = compare(profile(**shared, Daft=40), also(**shared), [])
    assert [(each.title, each.artist, each.share) for each in told.shared_tracks] == [
        ("Joni's song", "Joni", 0.375),
        ("Gilberto's song", "Gilberto", 0.225),
        ("Neil's song", "Neil", 0.15),
    ]


def test_one_s_ratings_and_another_s_plays_say_nothing():
    assert compare(profile(), also(**FOLK), []).score is None


def test_sentences_name_the_evidence_in_the_order_of_the_weights():
    told = compare(profile(**FOLK, Portishead=5), also(**FOLK, Portishead=9), rated((8, 8), (3, 9)))
    assert told.explanations[:3] == [
        "Both come back to Joni, Gilberto and Portishead.",
        "Both like folk, singer-songwriter and trip hop.",
        "Both gave *Album 1* the same 4.0.",
    ]


def test_what_is_told_is_told_like_this_for_ever():
    told = compare(
        profile(**FOLK, Portishead=5), also(BEN, Joni=10, Portishead=20, Daft=10), rated((8, 8), (3, 9), (6, 7))
    )
    assert json.loads(told.model_dump_json()) == json.loads(GOLDEN.read_text("utf-8"))
    assert told.model_dump_json(indent=2) + "\n" == GOLDEN.read_text("utf-8")
