"""What people like, who listens to whom, and whose profile is behind what is known of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Integer, SmallInteger, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.db import Timestamp
from contracts.ids import AlbumId, ArtistId, UserId
from taste.models.base import TasteTable


class Profile(TasteTable):
    """As it was last computed; `document` is a TasteProfile without what depends on the clock, the reader or others.

    `artist_count` is how many artists it names.
    """

    __tablename__ = "profiles"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    formula_version: Mapped[int]
    inputs_hash: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    artist_count: Mapped[int] = mapped_column(server_default="0")
    computed_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())


class OutsideProfile(TasteTable):
    """As a worker outside told it last, beside what is computed here; `document` is likewise a TasteProfile."""

    __tablename__ = "outside_profiles"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    origin: Mapped[str] = mapped_column(primary_key=True)
    formula_version: Mapped[int]
    inputs_hash: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    computed_at: Mapped[datetime] = mapped_column(Timestamp)


class ArtistListener(TasteTable):
    """Somebody whose profile names an artist, written with it: by artist, for they are counted."""

    __tablename__ = "artist_listeners"

    artist_id: Mapped[ArtistId] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True, index=True)


class StaleProfile(TasteTable):
    """Somebody of whom more became known, written with it; `since` is when the first of it did."""

    __tablename__ = "stale_profiles"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    since: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp(), index=True)


class ChangedAlbum(TasteTable):
    """An album that is another now, or means another: the profiles of all who heard or rated it are stale."""

    __tablename__ = "changed_albums"

    album_id: Mapped[AlbumId] = mapped_column(Uuid, primary_key=True)
    changes: Mapped[int] = mapped_column(BigInteger, server_default="1")


class Matches(TasteTable):
    """How alike somebody is to each fellow member, by seats that ascend: tenths of points, hundredths of confidence.

    Where there is no score, it is -1. Of two people the row that was computed later is right.
    """

    __tablename__ = "matches"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    seats: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    scores: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    confidences: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    computed_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp())


class Unmatched(TasteTable):
    """Somebody who is to be compared with their fellow members anew, written with what changed."""

    __tablename__ = "unmatched"

    user_id: Mapped[UserId] = mapped_column(Uuid, primary_key=True)
    since: Mapped[datetime] = mapped_column(Timestamp, server_default=func.clock_timestamp(), index=True)
