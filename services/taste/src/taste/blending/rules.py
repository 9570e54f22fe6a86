"""Whose track comes next. No I/O here."""

from collections.abc import Sequence
from typing import NamedTuple

from contracts.ids import TrackId, UserId
from contracts.taste import TrackShare


class Player(NamedTuple):
    """Somebody with the tracks they play most, the most played first."""

    user_id: UserId
    name: str
    tracks: Sequence[TrackShare]


class Turn(NamedTuple):
    track: TrackShare
    whose: UserId
    why: str


def blended(players: Sequence[Player], size: int) -> list[Turn]:
    """In turns, so that nobody has more than another who has tracks left; no track twice.

    Each gives what others play, too, before what they alone do, and by how much they play it; not the artist who came
    just before, where there is another.
    """
    left = {player.user_id: _wished(player, players) for player in players}
    turns: list[Turn] = []
    while len(turns) < size and any(left.values()):
        for player in players:
            mine = left[player.user_id]
            if not mine or len(turns) == size:
                continue
            before = turns[-1].track.artist if turns else None
            chosen = next((each for each in mine if each.artist != before), mine[0])
            turns.append(Turn(chosen, player.user_id, _why(chosen, player, players)))
            for user_id, tracks in left.items():
                left[user_id] = [each for each in tracks if each.id != chosen.id]
    return turns


def _wished(player: Player, players: Sequence[Player]) -> list[TrackShare]:
    known = {each.id: len(_also(each.id, player, players)) for each in player.tracks}
    return sorted(player.tracks, key=lambda each: (-known[each.id], -each.share, str(each.id)))


def _also(track_id: TrackId, player: Player, players: Sequence[Player]) -> list[str]:
    others = (each for each in players if each.user_id != player.user_id)
    return [each.name for each in others if any(track.id == track_id for track in each.tracks)]


def _why(track: TrackShare, player: Player, players: Sequence[Player]) -> str:
    if also := _also(track.id, player, players):
        *first, last = [player.name, *also]
        return f"{', '.join(first)} and {last} play it."
    return f"{player.name} plays it: number {1 + player.tracks.index(track)} of theirs."
