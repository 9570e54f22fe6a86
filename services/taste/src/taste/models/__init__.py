"""The taste schema: copies of what people do and of what music is like, and the profiles drawn from them."""

from taste.models.base import TasteTable
from taste.models.club import Belonging, Club, Nomination, Nominator, Rating, Vote, Week
from taste.models.copies import Album, AlbumAlias, Day, User, UserAlias
from taste.models.profiles import (
    ArtistListener,
    ChangedAlbum,
    Matches,
    OutsideProfile,
    Profile,
    StaleProfile,
    Unmatched,
)

__all__ = [
    "Album",
    "AlbumAlias",
    "ArtistListener",
    "Belonging",
    "ChangedAlbum",
    "Club",
    "Day",
    "Matches",
    "Nomination",
    "Nominator",
    "OutsideProfile",
    "Profile",
    "Rating",
    "StaleProfile",
    "TasteTable",
    "Unmatched",
    "User",
    "UserAlias",
    "Vote",
    "Week",
]
