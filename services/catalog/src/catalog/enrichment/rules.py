"""Which of what the sources offer is the album, and which of its releases stands for it. No I/O here."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from catalog.sources.answers import Release, ReleaseGroup, SpotifyAlbum, TagTold, WholeArtist
from catalog.sources.rules import exactness, year_of
from contracts.ids import AlbumId
from contracts.links import album_ids
from contracts.naming import match_artist, match_title, search_text

OFFICIAL = "Official"
JOINING = {"and", "feat", "ft", "featuring", "with", "vs", "x", "the"}
_OTHER_EDITION = re.compile(
    r"\b(5\.1|surround|quadraphonic|deluxe|expanded|anniversary|collector'?s|box(ed)? ?set|super|legacy|bonus|demos?|"
    r"sampler|karaoke|instrumental|remix(ed|es)?|live)\b",
    re.IGNORECASE,
)
_ARTIST_ON_SPOTIFY = re.compile(r"https?://open\.spotify\.com/artist/([0-9A-Za-z]{22})(?![0-9A-Za-z])")
_OTHER_FORMAT = re.compile(r"DVD|Blu-?ray|SACD|HD-?DVD|VHS|Quadraphonic", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """An album as it is known here, before anybody is asked. `links` are the addresses it is known to have."""

    album_id: AlbumId
    title: str
    artist: str
    year: int | None = None
    mbid: UUID | None = None
    spotify_id: str | None = None
    releases: tuple[UUID, ...] = ()
    links: tuple[str, ...] = ()


def without_edition(title: str) -> str:
    """As it is searched for: what names an edition at the end is in no title of a release group."""
    shorter = re.sub(r"\s*(?:[(\[][^()\[\]]*[)\]]|\s[-\u2013]\s[^-\u2013]*)$", "", title)
    if shorter and shorter != title and match_title(shorter) == match_title(title):
        return without_edition(shorter)
    return title


def same_names(wanted: Wanted, group: ReleaseGroup) -> bool:
    """Title and whole artist line, but for edition, accents and punctuation; by credited or by proper names."""
    proper = "".join(part.artist.name + part.joinphrase for part in group.artist_credit)
    if match_title(group.title) != match_title(wanted.title):
        return False
    return match_artist(wanted.artist) in {match_artist(group.line), match_artist(proper)}


def pick_group(wanted: Wanted, groups: Iterable[ReleaseGroup]) -> ReleaseGroup | None:
    """The one that is surely meant: by its names, and at most a year apart; None where none or several would do.

    An album that is only an album goes before a live one or a collection of the same name, those before an EP, that
    before a single; the very year goes before a neighbouring one, and what has a year before what has none.
    """
    possible = [group for group in groups if same_names(wanted, group) and _near(wanted, group)]
    if not possible:
        return None
    ranked = {group.id: (_sort_of(group), _years_apart(wanted, group)) for group in possible}
    best = min(ranked.values())
    first = [group for group in possible if ranked[group.id] == best]
    return first[0] if len({group.id for group in first}) == 1 else None


def representative(releases: Sequence[Release]) -> Release | None:
    """Whose tracklist stands for the album.

    Official ones before others; no 5.1, deluxe or other enlarged edition, and none on a disc for pictures, where there
    is any other; of those the earliest, a date known to the day before one known to its month or year; of several on
    one day the one that has as many tracks as most of them all.
    """
    with_tracks = [release for release in releases if release.tracks]
    official = [release for release in with_tracks if release.status == OFFICIAL] or with_tracks
    plain = [release for release in official if not is_other_edition(release)] or official
    usual = Counter(release.tracks for release in plain)
    # Of counts that are equally common, the smaller: what is more was added.
    return min(
        plain,
        key=lambda release: (exactness(release.date), -usual[release.tracks], release.tracks, release.id),
        default=None,
    )


def is_other_edition(release: Release) -> bool:
    """Whether it is more, or something else, than the album as it came out."""
    told = release.disambiguation or ""
    return bool(
        _OTHER_EDITION.search(told) or _OTHER_EDITION.search(_suffix(release.title)) or _is_other_format(release)
    )


def pick_on_spotify(
    wanted: Wanted, year: int | None, tracks: int | None, albums: Iterable[SpotifyAlbum]
) -> SpotifyAlbum | None:
    """The first of the same names that came out within a year of it, or has as many tracks: Spotify dates reissues."""
    for album in albums:
        theirs = year_of(album.release_date)
        near = year is not None and theirs is not None and abs(year - theirs) <= 1
        if _same_on_spotify(wanted, album) and (near or (tracks is not None and album.total_tracks == tracks)):
            return album
    return None


def weights(told: Iterable[TagTold]) -> dict[str, float]:
    """Each name's share of the most often given one's count, above 0 and at most 1; what nobody gives is left out."""
    counts: dict[str, int] = {}
    for tag in told:
        if tag.count > 0 and tag.name:
            name = tag.name.lower()
            counts[name] = max(counts.get(name, 0), tag.count)
    most = max(counts.values(), default=1)
    return {name: count / most for name, count in counts.items()}


def spotify_link(release: Release) -> str | None:
    """The id on Spotify that MusicBrainz links to a release."""
    for relation in release.relations:
        if relation.url and (found := album_ids(relation.url.resource).get("spotify_id")):
            return str(found)
    return None


def spotify_artist(artist: WholeArtist) -> str | None:
    """The id on Spotify that MusicBrainz links to an artist."""
    links = (relation.url.resource for relation in artist.relations if relation.url)
    return next((found[1] for link in links if (found := _ARTIST_ON_SPOTIFY.match(link))), None)


def _near(wanted: Wanted, group: ReleaseGroup) -> bool:
    theirs = year_of(group.first_release_date)
    return wanted.year is None or theirs is None or abs(theirs - wanted.year) <= 1


def _years_apart(wanted: Wanted, group: ReleaseGroup) -> int:
    theirs = year_of(group.first_release_date)
    if theirs is None:
        return 9
    return 0 if wanted.year is None else abs(theirs - wanted.year)


def _sort_of(group: ReleaseGroup) -> int:
    if group.primary_type == "Album":
        return 1 if group.secondary_types else 0
    return {"EP": 2, "Single": 4}.get(group.primary_type or "", 3)


def _suffix(title: str) -> str:
    """What is in brackets at the end, or behind a dash."""
    found = re.search(r"[(\[]([^()\[\]]*)[)\]]\s*$|(?:\s[-\u2013]|:)\s(.*)$", title)
    return (found[1] or found[2] or "") if found else ""


def _is_other_format(release: Release) -> bool:
    return any(_OTHER_FORMAT.search(medium.format or "") for medium in release.media)


def _same_on_spotify(wanted: Wanted, album: SpotifyAlbum) -> bool:
    """Spotify does not tell what joins its artists: each has to stand in our line, and nobody else."""
    if match_title(album.name) != match_title(wanted.title):
        return False
    left = f" {search_text(wanted.artist)} "
    for name in sorted((search_text(artist.name) for artist in album.artists), key=len, reverse=True):
        if f" {name} " not in left:
            return False
        left = left.replace(f" {name} ", " ", 1)
    return set(left.split()) <= JOINING
