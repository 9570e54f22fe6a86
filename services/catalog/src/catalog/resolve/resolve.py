"""Resolving what was typed: by ids first, then by names."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from catalog.external_ids import Named, holders
from catalog.resolve.reading import Reading, readings
from catalog.resolve.rules import Field, Match, by_id, rank
from catalog.resolve.store import known, likely
from contracts.ids import AlbumId
from contracts.links import album_ids, links_in
from contracts.resolving import AlbumQuestion

MOST = 10


async def resolve(tx: AsyncSession, question: AlbumQuestion) -> list[Match]:
    """The albums that may be meant, likeliest first. An id decides, also where the names say otherwise."""
    ways = _ways(question)
    named = await _named(tx, question)
    similar = await likely(tx, ways) if ways else []
    missing = set(named) - {album.id for album in similar}
    albums = [*similar, *(await known(tx, missing) if missing else [])]
    by_name = {match.id: match for match in rank(ways, albums)}
    certain = [_certain(album_id, fields, by_name.get(album_id)) for album_id, fields in named.items()]
    # Where an id says which album is meant, the others are only alike.
    rest = [_doubted(match) if certain else match for match in by_name.values() if match.id not in named]
    return [*certain, *rest][:MOST]


def _ways(question: AlbumQuestion) -> list[Reading]:
    if question.text:
        return readings(question.text)
    return [Reading(question.title, question.artist, question.year)] if question.title else []


async def _named(tx: AsyncSession, question: AlbumQuestion) -> dict[AlbumId, list[Field]]:
    """The albums that the ids and links of the question name, and which of them do: MusicBrainz's first."""
    asked = _ids(question)
    held = await holders(tx, "album", [*asked])
    found: dict[AlbumId, list[Field]] = {}
    for named, told in asked.items():
        if named in held:
            found.setdefault(AlbumId(held[named]), []).append(told)
    return found


def _ids(question: AlbumQuestion) -> dict[Named, Field]:
    asked: dict[Named, Field] = {}
    if question.mbid:
        asked |= {("musicbrainz", str(question.mbid)): "mbid", ("musicbrainz-release", str(question.mbid)): "mbid"}
    if question.spotify_id:
        asked["spotify", question.spotify_id] = "spotify_id"
    for link in ([question.url] if question.url else []) + links_in(question.text or ""):
        read = album_ids(link)
        if "mbid" in read:
            asked.setdefault(("musicbrainz", str(read["mbid"])), "url")
        if "spotify_id" in read:
            asked.setdefault(("spotify", read["spotify_id"]), "url")
        asked.setdefault(("url", link), "url")
    return asked


def _certain(album_id: AlbumId, fields: list[Field], named: Match | None) -> Match:
    found = by_id(album_id, [*dict.fromkeys(fields)])
    return replace(found, matched=found.matched + named.matched, differs=named.differs) if named else found


def _doubted(match: Match) -> Match:
    return replace(match, confidence=round(match.confidence / 2, 3))
