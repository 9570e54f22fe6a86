"""MusicBrainz's and Spotify's answers, as far as they are read. What is no such answer does not validate."""

from typing import Annotated, Any, TypeAlias
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from contracts.ids import SpotifyId
from contracts.sound import Axis
from contracts.text import CoverUrl, tidy


def _plain(text: Any) -> Any:
    return tidy(text) if isinstance(text, str) else text


def _plain_or_none(text: Any) -> Any:
    return _plain(text) or None


Text = Annotated[str, BeforeValidator(_plain), Field(max_length=2000)]
Bounded = Annotated[str, Field(max_length=2000)]
Maybe: TypeAlias = Annotated[Bounded | None, BeforeValidator(_plain_or_none)]


class Answer(BaseModel):
    """MusicBrainz divides its words by hyphens."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=lambda name: name.replace("_", "-"), populate_by_name=True
    )


class ArtistTold(Answer):
    id: UUID
    name: Text
    sort_name: Maybe = None
    disambiguation: Maybe = None


class CreditTold(Answer):
    """A part of an artist line: `name` as it stands there, `joinphrase` up to the next."""

    name: Text
    joinphrase: Annotated[str, Field(max_length=200)] = ""
    artist: ArtistTold


class TagTold(Answer):
    name: Text
    count: int = 0


class AliasTold(Answer):
    name: Text


class ReleaseGroup(Answer):
    id: UUID
    title: Text
    primary_type: Maybe = None
    secondary_types: list[Text] = []
    first_release_date: Maybe = None
    artist_credit: list[CreditTold] = Field(default=[], max_length=100)
    genres: list[TagTold] = []
    tags: list[TagTold] = []
    aliases: list[AliasTold] = []

    @property
    def line(self) -> str:
        return "".join(part.name + part.joinphrase for part in self.artist_credit)


class ReleaseGroups(Answer):
    release_groups: list[ReleaseGroup]


class RecordingTold(Answer):
    id: UUID
    title: Text
    length: int | None = Field(default=None, ge=0, le=2**31 - 1)
    artist_credit: list[CreditTold] = Field(default=[], max_length=100)
    isrcs: list[Text] = []


class TrackTold(Answer):
    position: int = Field(ge=0, le=9999)
    title: Text
    length: int | None = Field(default=None, ge=0, le=2**31 - 1)
    recording: RecordingTold


class Medium(Answer):
    position: int = Field(default=1, ge=1, le=9999)
    format: Maybe = None
    track_count: int = Field(default=0, ge=0, le=9999)
    tracks: list[TrackTold] = []


class Linked(Answer):
    resource: Text


class Named(Answer):
    id: UUID


class Relation(Answer):
    url: Linked | None = None
    release: Named | None = None
    release_group: Named | None = None


class Release(Answer):
    id: UUID
    title: Text
    disambiguation: Maybe = None
    status: Maybe = None
    date: Maybe = None
    country: Maybe = None
    media: list[Medium] = []
    relations: list[Relation] = []
    release_group: ReleaseGroup | None = None

    @property
    def tracks(self) -> int:
        return sum(medium.track_count for medium in self.media)

    @property
    def format(self) -> str | None:
        formats = dict.fromkeys(medium.format for medium in self.media if medium.format)
        return " + ".join(formats) or None


class Area(Answer):
    """A country has codes; what is smaller, or larger, has none of these."""

    iso_3166_1_codes: list[Text] = []


class LifeSpan(Answer):
    begin: Maybe = None
    end: Maybe = None


class WholeArtist(ArtistTold):
    type: Maybe = None
    country: Maybe = None
    area: Area | None = None
    life_span: LifeSpan = LifeSpan()
    aliases: list[AliasTold] = []
    genres: list[TagTold] = []
    tags: list[TagTold] = []
    relations: list[Relation] = []

    @property
    def from_country(self) -> str | None:
        return self.country or next(iter(self.area.iso_3166_1_codes if self.area else []), None)


class Releases(Answer):
    release_count: int
    releases: list[Release]


class Url(Answer):
    relations: list[Relation] = []


class SpotifyAnswer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Picture(SpotifyAnswer):
    url: Annotated[CoverUrl, Field(pattern=r"^https://[^\s]+$")]
    width: int | None = None


class SpotifyArtist(SpotifyAnswer):
    name: Text


class SpotifyTrack(SpotifyAnswer):
    id: SpotifyId
    name: Text
    disc_number: int = 1
    track_number: int


class SpotifyTracks(SpotifyAnswer):
    items: list[SpotifyTrack]


class SpotifyAlbum(SpotifyAnswer):
    """`tracks` are the first fifty, and none in a list of albums."""

    id: SpotifyId
    name: Text
    artists: list[SpotifyArtist]
    release_date: Maybe = None
    total_tracks: int | None = None
    images: list[Picture] = []
    tracks: SpotifyTracks = SpotifyTracks(items=[])

    @property
    def picture(self) -> str | None:
        """The widest."""
        return max(self.images, key=lambda image: image.width or 0).url if self.images else None


class SpotifyPage(SpotifyAnswer):
    items: list[SpotifyAlbum | None]


class SpotifySearch(SpotifyAnswer):
    albums: SpotifyPage


class MeasuredTrack(SpotifyAnswer):
    """How a track sounds, in the units of `contracts.sound`."""

    id: SpotifyId
    energy: Axis | None = None
    valence: Axis | None = None
    acousticness: Axis | None = None
    danceability: Axis | None = None
    instrumentalness: Axis | None = None
    speechiness: Axis | None = None
    liveness: Axis | None = None
    loudness: float | None = Field(default=None, ge=-1000, le=1000)
    tempo: float | None = Field(default=None, ge=0, le=1000)
    key: int | None = Field(default=None, ge=-1, le=11)
    mode: int | None = Field(default=None, ge=0, le=1)
    time_signature: int | None = Field(default=None, ge=0, le=100)


class MeasuredTracks(SpotifyAnswer):
    """In the order that was asked in; null for what was not measured."""

    audio_features: list[MeasuredTrack | None]


class ApplicationToken(SpotifyAnswer):
    access_token: Annotated[str, Field(min_length=1, max_length=4096)]
    expires_in: int = Field(ge=1, le=86_400)
