"""The taste schema: copies of what people do and of what music is like, and the profiles drawn from them."""

from taste.models.base import TasteTable
from taste.models.club import Rating, Vote
from taste.models.copies import Album, AlbumAlias, Day, User, UserAlias
from taste.models.profiles import ArtistListener, ChangedAlbum, OutsideProfile, Profile, StaleProfile

__all__ = [
    "Album",
    "AlbumAlias",
    "ArtistListener",
    "ChangedAlbum",
    "Day",
    "OutsideProfile",
    "Profile",
    "Rating",
    "StaleProfile",
    "TasteTable",
    "User",
    "UserAlias",
    "Vote",
]
