"""What the sources of the catalogue know: real albums, read from a table, with ids that are invented.

Titles, artists, dates and numbers of tracks are facts. Every id here is made of a name and belongs to nobody; labels,
countries and the dates of later editions are made up, and so are tracks called "Track 1" and on, where the table lists
none.
"""

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

INVENTED = UUID("5f7d3a52-0f1e-4f0a-9a8b-6d5c4b3a2f10")
VARIOUS = {"9": 9, "10": 10}
LATER = {"deluxe": (" (Deluxe Edition)", "deluxe", "CD", 6), "5.1": ("", "5.1 surround mix", "DVD-Audio", 0)}
Json = dict[str, Any]


def invented(*name: str) -> str:
    return str(uuid5(INVENTED, "\x1f".join(name)))


def invented_base62(*name: str) -> str:
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return "".join(letters[byte % 62] for byte in hashlib.sha256("\x1f".join(name).encode()).digest()[:22])


@dataclass(frozen=True)
class Known:
    """A row of the table: an album as a club would type it, and as it should end."""

    artist: str
    title: str
    released: str
    tracks: int
    genres: tuple[str, ...]
    editions: tuple[str, ...] = ()
    tracklist: tuple[str, ...] = ()

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Who is credited, and what joins them."""
        pieces = [*self.artist.split("#"), ""]
        return list(zip(pieces[::2], pieces[1::2], strict=True))

    @property
    def line(self) -> str:
        return self.artist.replace("#", "")

    @property
    def year(self) -> int:
        return int(self.released[:4])

    @property
    def mbid(self) -> str:
        return invented("release group", self.artist, self.title, self.released)

    def track(self, number: int) -> str:
        return self.tracklist[number - 1] if number <= len(self.tracklist) else f"Track {number}"


def read(table: Path) -> list[Known]:
    with table.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE)
        return [
            Known(
                row["artist"],
                row["title"],
                row["released"],
                int(row["tracks"]),
                tuple(row["genres"].split(",")),
                tuple(filter(None, row["editions"].split(";"))),
                tuple(filter(None, row["tracklist"].split(";"))),
            )
            for row in rows
        ]


@dataclass
class Shelf:
    """What is where, by its id, as each source would tell it. A fifth has no cover, a seventh is not on Spotify."""

    groups: dict[str, Json] = field(default_factory=dict)
    releases: dict[str, Json] = field(default_factory=dict)
    artists: dict[str, Json] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    urls: dict[str, Json] = field(default_factory=dict)
    fronts: dict[str, str] = field(default_factory=dict)
    on_spotify: dict[str, Json] = field(default_factory=dict)
    features: dict[str, Json | None] = field(default_factory=dict)

    def add(self, album: Known, *, front: bool = True, spotify: bool = True) -> None:
        group = self.groups[album.mbid] = _group(album)
        for part in group["artist-credit"]:
            self.artists[part["artist"]["id"]] = _artist(part["artist"], group["genres"][:1])
        own = [_release(album, group), *(_edition(album, group, kind) for kind in ("reissue", *album.editions))]
        for release in own:
            self.releases[release["id"]] = release
        group["releases"] = [{"id": r["id"], "title": r["title"], "status": r["status"]} for r in own]
        if front:
            self.fronts[album.mbid] = own[0]["id"]
        if spotify:
            told = _on_spotify(album)
            self.on_spotify[told["id"]] = told
            for number, track in enumerate(told["tracks"]["items"]):
                # Of a few, as of live takes and spoken words there, nothing was measured.
                self.features[track["id"]] = None if number % 9 == 8 else _features(track)
            self._link(told["external_urls"]["spotify"], own[0])

    def merge(self, old: str, into: str) -> None:
        self.merged[old] = into

    def _link(self, resource: str, release: Json) -> None:
        target = {name: release[name] for name in ("id", "title", "date", "status")}
        relation = {"type": "free streaming", "direction": "backward", "target-type": "release", "release": target}
        self.urls[resource] = {"id": invented("url", resource), "resource": resource, "relations": [relation]}
        there = {"id": invented("url", resource), "resource": resource}
        release["relations"] = [{"type": "free streaming", "target-type": "url", "url": there}]


def shelf_of(albums: Iterable[Known]) -> Shelf:
    shelf = Shelf()
    for number, album in enumerate(albums):
        shelf.add(album, front=number % 5 != 4, spotify=number % 7 != 6)
    return shelf


def _credit(album: Known) -> list[Json]:
    return [
        {
            "name": name,
            "joinphrase": phrase,
            "artist": {
                "id": invented("artist", name),
                "name": name,
                "sort-name": f"{name.removeprefix('The ')}, The" if name.startswith("The ") else name,
                "disambiguation": "",
                "type": "Group",
            },
        }
        for name, phrase in album.parts
    ]


def _artist(credited: Json, genres: list[Json]) -> Json:
    """As a lookup has it; the country is made up, like all of it but the name."""
    name, link = credited["name"], f"https://open.spotify.com/artist/{invented_base62('artist', credited['name'])}"
    area = {"id": invented("area", "GB"), "name": "United Kingdom", "sort-name": "United Kingdom", "disambiguation": ""}
    alias = {"name": f"{name} (band)", "sort-name": name, "locale": None, "primary": None, "type": "Search hint"}
    url = {"id": invented("url", link), "resource": link}
    return {
        **credited,
        "type-id": "e431f5f6-b5d2-343d-8b36-72607fffb74b",
        "gender": None,
        "gender-id": None,
        "country": "GB",
        "area": {**area, "type": None, "type-id": None, "iso-3166-1-codes": ["GB"]},
        "begin-area": None,
        "end-area": None,
        "life-span": {"begin": "1965-07", "end": None, "ended": False},
        "ipis": [],
        "isnis": [],
        "aliases": [{**alias, "type-id": None, "begin": None, "end": None, "ended": False}],
        "genres": genres,
        "tags": [{"name": each["name"], "count": each["count"]} for each in genres] + [{"name": "seen", "count": 1}],
        "relations": [
            {"type": "free streaming", "direction": "forward", "target-type": "url", "ended": False, "url": url}
        ],
    }


def _features(track: Json) -> Json:
    """Made of the id: as if somebody had measured it."""
    digest = hashlib.sha256(track["id"].encode()).digest()
    axes = ("danceability", "energy", "speechiness", "acousticness", "instrumentalness", "liveness", "valence")
    return {
        **{axis: round(digest[place] / 255, 3) for place, axis in enumerate(axes)},
        "key": digest[8] % 12,
        "loudness": round(-digest[9] / 10, 3),
        "mode": digest[10] % 2,
        "tempo": round(60 + digest[11] / 2, 3),
        "type": "audio_features",
        "id": track["id"],
        "uri": f"spotify:track:{track['id']}",
        "track_href": f"https://api.spotify.com/v1/tracks/{track['id']}",
        "analysis_url": f"https://api.spotify.com/v1/audio-analysis/{track['id']}",
        "duration_ms": track["duration_ms"],
        "time_signature": 4,
    }


def _group(album: Known) -> Json:
    genres = [
        {"id": invented("genre", name), "name": name, "count": 10 - 4 * place, "disambiguation": ""}
        for place, name in enumerate(album.genres)
    ]
    tags = [{"name": genre["name"], "count": genre["count"]} for genre in genres]
    return {
        "id": album.mbid,
        "title": album.title,
        "disambiguation": "",
        "primary-type": "Album",
        "primary-type-id": "f529b476-6e62-324f-b0aa-1f3e33d313fc",
        "secondary-types": [],
        "secondary-type-ids": [],
        "first-release-date": album.released,
        "artist-credit": _credit(album),
        "genres": genres,
        "tags": [*tags, {"name": f"{album.released[:3]}0s", "count": 1}, {"name": "not this", "count": 0}],
        "aliases": [],
        "relations": [],
    }


def _release(album: Known, group: Json, **other: Any) -> Json:
    """The first one; `other` says how an edition differs, by `kind`, `suffix`, `told`, `format`, `date`, `tracks`."""
    kind, count = other.get("kind", "first"), other.get("tracks", album.tracks)
    form = other.get("format", '12" Vinyl' if album.year < 1987 else "CD")
    return {
        "id": invented("release", album.mbid, kind),
        "title": album.title + other.get("suffix", ""),
        "disambiguation": other.get("told", ""),
        "status": other.get("status", "Official"),
        "status-id": "4e304316-386d-3409-af2e-78857eec5cfe",
        "quality": "normal",
        "packaging": None,
        "barcode": None,
        "asin": None,
        "date": other.get("date", album.released),
        "country": other.get("country", "GB"),
        "text-representation": {"language": "eng", "script": "Latn"},
        "artist-credit": group["artist-credit"],
        "release-group": {name: said for name, said in group.items() if name not in {"releases", "relations"}},
        "relations": [],
        "media": [
            {
                "position": 1,
                "title": "",
                "format": form,
                "track-count": count,
                "track-offset": 0,
                "tracks": [_track(album, group, kind, number) for number in range(1, count + 1)],
            }
        ],
    }


def _track(album: Known, group: Json, kind: str, number: int) -> Json:
    title, length = album.track(number), 150_000 + 7_000 * number
    recording = {
        "id": invented("recording", album.mbid, title),
        "title": title,
        "length": length,
        "disambiguation": "",
        "video": False,
        "artist-credit": group["artist-credit"],
        "isrcs": [f"GBZZZ{int(invented('isrc', album.mbid, title)[:7], 16) % 10**7:07d}"],
    }
    return {
        "id": invented("track", album.mbid, kind, str(number)),
        "position": number,
        "number": str(number),
        "title": title,
        "length": length,
        "artist-credit": group["artist-credit"],
        "recording": recording,
    }


def _edition(album: Known, group: Json, kind: str) -> Json:
    if kind in LATER:
        suffix, told, form, more = LATER[kind]
        # Where nobody knew the day of the first, an edition with an exact date must still not come before it.
        later = {"kind": kind, "suffix": suffix, "told": told, "format": form, "date": str(album.year), "country": "XE"}
        return _release(album, group, tracks=album.tracks + more, **later)
    if kind in VARIOUS:
        return _release(album, group, kind=kind, date=album.released, country="US", tracks=VARIOUS[kind])
    return _release(album, group, kind=kind, date=f"{album.year + 20}-03", country="JP")


def _on_spotify(album: Known) -> Json:
    spotify_id = invented_base62("spotify", album.mbid)
    pictures = [
        {"url": f"https://i.scdn.co/image/{spotify_id}{size}", "height": size, "width": size} for size in (640, 300, 64)
    ]
    return {
        "album_type": "album",
        "id": spotify_id,
        "name": album.title,
        "artists": [{"id": invented_base62("artist", name), "name": name, "type": "artist"} for name, _ in album.parts],
        "external_urls": {"spotify": f"https://open.spotify.com/album/{spotify_id}"},
        "images": pictures,
        "release_date": album.released,
        "release_date_precision": ("year", "month", "day")[album.released.count("-")],
        "total_tracks": album.tracks,
        "tracks": {
            "href": f"https://api.spotify.com/v1/albums/{spotify_id}/tracks",
            "limit": 50,
            "next": None,
            "offset": 0,
            "previous": None,
            "total": album.tracks,
            "items": [_track_on_spotify(album, number) for number in range(1, min(album.tracks, 50) + 1)],
        },
        "type": "album",
        "uri": f"spotify:album:{spotify_id}",
    }


def _track_on_spotify(album: Known, number: int) -> Json:
    track_id = invented_base62("spotify track", album.mbid, str(number))
    return {
        "artists": [{"id": invented_base62("artist", name), "name": name, "type": "artist"} for name, _ in album.parts],
        "disc_number": 1,
        "duration_ms": 150_000 + 7_000 * number,
        "explicit": False,
        "id": track_id,
        "is_local": False,
        "name": f"{album.track(number)} - 2021 Remaster",
        "track_number": number,
        "type": "track",
        "uri": f"spotify:track:{track_id}",
    }
