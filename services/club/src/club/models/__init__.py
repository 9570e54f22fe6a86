"""The club schema: weeks and what members say in them, and copies of the people and albums they speak of."""

from club.models.ballots import Ballot, BallotLink, BallotSecret, Vote
from club.models.bars import Bar
from club.models.clubs import DEFAULT_CLUB, Belonging, Club, Participant
from club.models.copies import Album, AlbumAlias, ClubTable, Member, UserAlias
from club.models.imports import Import, ImportItem
from club.models.nominations import Nomination, Nominator
from club.models.phases import Moved
from club.models.ratings import DiaryEntry, Rating, RatingCount, RatingState
from club.models.results import Override, Poll, Result
from club.models.weeks import Ref, Week

__all__ = [
    "DEFAULT_CLUB",
    "Album",
    "AlbumAlias",
    "Ballot",
    "BallotLink",
    "BallotSecret",
    "Bar",
    "Belonging",
    "Club",
    "ClubTable",
    "DiaryEntry",
    "Import",
    "ImportItem",
    "Member",
    "Moved",
    "Nomination",
    "Nominator",
    "Override",
    "Participant",
    "Poll",
    "Rating",
    "RatingCount",
    "RatingState",
    "Ref",
    "Result",
    "UserAlias",
    "Vote",
    "Week",
]
