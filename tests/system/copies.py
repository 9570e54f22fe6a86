"""What taste knows of a week, and whether it is what the club has."""

from typing import NamedTuple
from uuid import UUID

VOTES = "SELECT user_id, first, second FROM taste.votes WHERE week_id = $1"
RATINGS = "SELECT user_id, album_id, half_steps FROM taste.ratings WHERE week_id = $1 AND NOT withdrawn"
# Tombstones count, too.
BEHIND = """
    SELECT 1 FROM (SELECT user_id, version FROM club.{} WHERE week_id = $1) AS owner
    FULL JOIN (SELECT user_id, version FROM taste.{} WHERE week_id = $1) AS copy USING (user_id)
    WHERE owner.version IS DISTINCT FROM copy.version
"""


class Copies(NamedTuple):
    """Members with their two choices, and with the album and half steps that they rated."""

    votes: set[tuple[str | None, ...]]
    ratings: set[tuple[str | int, ...]]
    # How many ballots and ratings are not there in the version that the club has.
    behind: int = 0


def copied(wire, week: str) -> Copies:
    def rows(query):
        return {tuple(str(each) if isinstance(each, UUID) else each for each in row) for row in wire.ask(query, week)}

    pairs = (("ballots", "votes"), ("ratings", "ratings"))
    return Copies(rows(VOTES), rows(RATINGS), sum(len(wire.ask(BEHIND.format(*pair), week)) for pair in pairs))
