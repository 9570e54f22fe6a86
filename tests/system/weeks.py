"""A week as a club secretary would keep it with pencil and paper: what each write must answer, and what then holds."""

from collections import Counter
from dataclasses import dataclass, field

ORDER = ("open", "draft", "nominating", "voting", "discussing", "rating", "closed")
TAKES = {
    "nominate": {"open", "nominating"},
    "withdraw": {"open", "nominating", "voting"},
    "vote": {"open", "voting"},
    "rate": {"open", "discussing", "rating", "closed"},
}
DONE = None


@dataclass
class Week:
    """Members and albums go by their names; a write answers the codes it may be refused with, or DONE."""

    phase: str = "open"
    # Who stands behind which album, who came first first; an album that nobody stands behind is withdrawn.
    parts: dict[str, list[str]] = field(default_factory=dict)
    # Also who withdrew since: to say so again is no mistake.
    ever: set[tuple[str, str]] = field(default_factory=set)
    ballots: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    ratings: dict[str, tuple[str, float]] = field(default_factory=dict)
    counted: bool = False
    # Level at the top by points and first votes: what decides between them is proved from the result itself.
    leaders: frozenset[str] = frozenset()
    winner: str | None = None

    def nominate(self, who: str, album: str) -> set[str] | None:
        if self.phase not in TAKES["nominate"]:
            return {"phase_closed"}
        standing = self.parts.get(album, [])
        if who in standing:
            return DONE
        refused = set()
        if any(who in others for others in self.parts.values()):
            refused.add("nomination_limit")
        if album in self.ballots.get(who, ()):
            refused.add("voted_for_it")
        if refused:
            return refused
        self.parts[album] = [*standing, who]
        self.ever.add((who, album))
        return DONE

    def withdraw(self, who: str, album: str) -> set[str] | None:
        if album not in self.parts:
            return {"not_nominated"}
        refused = set()
        if (who, album) not in self.ever:
            refused.add("not_nominator")
        if self.phase not in TAKES["withdraw"]:
            refused.add("phase_closed")
        if album == self.winner:
            refused.add("winner_stays")
        if refused:
            return refused
        if who in self.parts[album]:
            self.parts[album].remove(who)
        return DONE

    def vote(self, who: str, first: str | None, second: str | None) -> set[str] | None:
        refused = set()
        for album in (first, second):
            if album is not None and not self.parts.get(album):
                refused.add("nomination_withdrawn" if album in self.parts else "not_nominated")
            if album is not None and who in self.parts.get(album, ()):
                refused.add("own_nomination")
        if self.phase not in TAKES["vote"]:
            refused.add("phase_closed")
        if refused:
            return refused
        self.ballots[who] = (first, second)
        return DONE

    def choose(self, who: str, rank: int, album: str) -> set[str] | None:
        before = self.ballots.get(who, (None, None))
        after = (album, before[1]) if rank == 1 else (before[0], album)
        if after[0] == after[1]:
            # It stood at the other rank: the two change places.
            after = (album, before[0]) if rank == 1 else (before[1], album)
        kept = self.ballots.get(who)
        if refused := self.vote(who, *((album, None) if rank == 1 else (None, album))):
            return refused
        self.ballots[who] = after if kept or after != (None, None) else (None, None)
        return DONE

    def rate(self, who: str, rating: float) -> set[str] | None:
        if self.winner is None:
            return {"no_winner"}
        if self.phase not in TAKES["rate"]:
            return {"phase_closed"}
        stands = self.ratings.get(who, (None, 0))[0] == self.winner
        if not (self.phase == "closed" and stands):
            self.ratings[who] = (self.winner, rating)
        return DONE

    def take_back(self, who: str) -> set[str] | None:
        refused = set()
        if self.ratings.get(who, (None, 0))[0] != self.winner or self.winner is None:
            refused.add("no_rating")
        if self.phase not in TAKES["rate"]:
            refused.add("phase_closed")
        if refused:
            return refused
        del self.ratings[who]
        return DONE

    def advance(self, to: str) -> set[str] | None:
        if ORDER.index(to) < ORDER.index(self.phase) and self.phase != "draft":
            return {"only_forward"}
        if ORDER.index(self.phase) <= ORDER.index("voting") < ORDER.index(to) and not self.counted:
            self.counted, self.leaders = True, self._leaders()
        self.phase = to
        return DONE

    def override(self, album: str) -> set[str] | None:
        if not self.counted:
            return {"no_result", "not_nominated", "nomination_withdrawn"}
        if not self.parts.get(album):
            return {"nomination_withdrawn" if album in self.parts else "not_nominated"}
        self.winner = album
        return DONE

    @property
    def standing(self) -> dict[str, list[str]]:
        return {album: nominators for album, nominators in self.parts.items() if nominators}

    def points(self) -> dict[str, tuple[int, int]]:
        """Points and first votes of what stands, each ballot looked at by itself."""
        points, firsts = Counter(), Counter()
        for first, second in self.ballots.values():
            points[first] += 2
            firsts[first] += 1
            points[second] += 1
        return {album: (points[album], firsts[album]) for album in self.standing}

    def _leaders(self) -> frozenset[str]:
        counted = self.points()
        most = max(counted.values(), default=(0, 0))
        return frozenset(album for album, strength in counted.items() if strength == most and most[0] > 0)

    def rated(self) -> list[float]:
        return sorted(rating for album, rating in self.ratings.values() if album == self.winner)
