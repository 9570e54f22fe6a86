"""A blend takes turns."""

from services.taste.tests.telling import BEN, CLEO, IDA, named

from contracts.taste import TrackShare
from taste.blending.rules import Player, blended


def tracks(*titles, artist=None):
    return [
        TrackShare(id=named(title), title=title, artist=artist or f"{title}'s", share=round(0.5 / place, 4))
        for place, title in enumerate(titles, start=1)
    ]


def test_everybody_has_their_turn_as_long_as_they_have_tracks():
    ida, ben = Player(IDA, "Ida", tracks("A", "B", "C", "D")), Player(BEN, "Ben", tracks("X"))
    cleo = Player(CLEO, "Cleo", tracks("P", "Q"))
    turns = blended([ida, ben, cleo], 30)
    assert [turn.track.title for turn in turns] == ["A", "X", "P", "B", "Q", "C", "D"]
    assert [turn.track.title for turn in blended([ida, ben, cleo], 4)] == ["A", "X", "P", "B"]
    assert turns[3].why == "Ida plays it: number 2 of theirs."


def test_what_several_play_comes_first_and_once():
    ida, ben = Player(IDA, "Ida", tracks("A", "B", "C")), Player(BEN, "Ben", tracks("X", "C", "Y"))
    turns = blended([ida, ben], 30)
    assert [turn.track.title for turn in turns] == ["C", "X", "A", "Y", "B"]
    assert turns[0].why == "Ida and Ben play it."


def test_no_artist_comes_twice_in_a_row_where_another_is_left():
    mine = zip(tracks("A", "B", "C"), ("Joni", "Joni", "Nick"), strict=True)
    theirs = zip(tracks("X", "Y"), ("Joni", "Vashti"), strict=True)
    ida, ben = (
        Player(who, name, [each.model_copy(update={"artist": artist}) for each, artist in pairs])
        for who, name, pairs in ((IDA, "Ida", mine), (BEN, "Ben", theirs))
    )
    assert [turn.track.artist for turn in blended([ida, ben], 9)] == ["Joni", "Vashti", "Joni", "Joni", "Nick"]


def test_of_nobody_who_plays_anything_there_is_no_blend():
    assert blended([Player(IDA, "Ida", []), Player(BEN, "Ben", [])], 30) == []
