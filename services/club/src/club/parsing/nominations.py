"""The nomination form: album — artist (year), why, the pitch track, and three tags. No I/O here."""

import re
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from club.parsing import albums
from club.parsing.doubts import Doubts
from club.parsing.form import Form, Section, headings
from club.parsing.links import take_links
from club.parsing.marks import composed, is_blank, seen, undressed, western
from club.parsing.sheet import NO_HEADING, Sheet
from club.parsing.tags import read_tag, read_tags
from contracts.parsing import ParsedAlbum, ParsedNomination
from contracts.refs import Tags

FORM = Form(
    headings(
        album=r"((my|album) )?(nomination|pick)|album( title| name)?|title|nominee|nominating|i nominate",
        artist=r"artists?( name)?|band|by",
        year=r"(release )?year|year of release|released|release date",
        link=r"(album )?(links?|url)|listen here|(spotify|apple music|bandcamp|youtube)( link)?",
        pitch=r"why( this( one| album)?| i (chose|picked|love) it| you should listen| should we listen)?|"
        r"((my|the|elevator) )?pitch|reasons?|reasoning|description",
        track=r"((the )?pitch|key|sample|standout|starter|recommended) (track|song)s?|track( to try)?|song",
        tags=r"tags?|(tags )?genre decade (and )?country",
        genre=r"genres?",
        decade=r"decade|era",
        country=r"country|countries|(country of )?origin",
    ),
    (re.compile(":"), re.compile(r"\?(?=[\s*_]|$)")),
)

# The album or why there is none, the line it was looked for in, and the lines beside that.
Found: TypeAlias = tuple[albums.Album | str, str, list[str]]

# An album further down is more likely one that the pitch compares with.
LINES_TRIED = 5

NO_LINK = "No link can be read here. It begins with https://."
NO_YEAR = "No year can be read here. Write it like 1971."
TRACK_TOO_LONG = f"A track's title has at most {albums.LONGEST} characters."
_YEAR = re.compile(r"\b[12][0-9]{3}\b")


def parse_nomination(text: str) -> ParsedNomination:
    """What a message of at most 4,000 characters nominates. Never raises; takes time in proportion to its length."""
    unheaded, *headed = FORM.sections(text)
    doubts = Doubts()
    sheet = Sheet.filled(headed, doubts)
    album, beside = _album(sheet, unheaded, doubts)
    pitch, track, tags = _pitch(sheet, beside, doubts), _track(sheet, doubts), _tags(sheet, doubts)
    album_url, track_url = sheet.sort_links(doubts)
    if album_url and not album:
        doubts.add(album_url, albums.NOT_NAMED, 0)
    if not (album or pitch or track or tags):
        doubts.less(1)
    return ParsedNomination(
        album=album and ParsedAlbum(title=album.title, artist=album.artist, year=album.year, url=album_url),
        pitch=pitch,
        pitch_track=track,
        pitch_track_url=track_url,
        tags=Tags.model_validate(tags),
        confidence=doubts.confidence,
        not_understood=doubts.items,
    )


def _album(sheet: Sheet, unheaded: Section, doubts: Doubts) -> tuple[albums.Album | None, str]:
    """The album, and what else stands before the first heading."""
    _take_link(sheet, doubts)
    album, typed, beside = _found(sheet, unheaded, doubts)
    if isinstance(album, str):
        doubts.add(typed, album, 0.9)
        return None, ""
    sheet.of_album += take_links(typed)[1]
    return _dated(album, sheet, doubts), sheet.without_loose_links(beside)


def _take_link(sheet: Sheet, doubts: Doubts) -> None:
    typed = sheet.says("link")
    _, links = take_links(typed)
    sheet.of_album += links
    if typed and not links:
        doubts.add(typed, NO_LINK, 0.05)


def _found(sheet: Sheet, unheaded: Section, doubts: Doubts) -> Found:
    lines, album, artist = unheaded.lines, sheet.says("album"), sheet.says("artist")
    filled = [*islice((at for at, line in enumerate(lines) if albums.name_line(line)), LINES_TRIED)]
    if artist and not album and filled:
        album, lines = lines[filled[0]], _without(filled[0], lines)
    if artist:
        title, year = albums.take_year(albums.name_line(album), doubts)
        return albums.settled(title, albums.name_line(artist), year), album or artist, lines
    if album:
        return albums.read_album(album, doubts), album, lines
    return _found_in_a_line(unheaded, filled, doubts)


def _found_in_a_line(unheaded: Section, filled: list[int], doubts: Doubts) -> Found:
    """In the first line, or in the first one with a year, which hardly ever stands in a greeting."""
    refusal = albums.NOT_NAMED
    for at in filled:
        tried = Doubts()
        album = albums.read_album(unheaded.lines[at], tried)
        if isinstance(album, albums.Album) and (at == filled[0] or album.year):
            doubts.take(tried)
            return album, unheaded.lines[at], _without(at, unheaded.lines)
        if isinstance(album, str) and at == filled[0]:
            refusal = album
    return refusal, unheaded.text, []


def _without(at: int, lines: list[str]) -> list[str]:
    return lines[:at] + lines[at + 1 :]


def _dated(album: albums.Album, sheet: Sheet, doubts: Doubts) -> albums.Album:
    if not (typed := sheet.says("year")) or album.year:
        return album
    if found := _YEAR.search(western(typed)):
        return replace(album, year=int(found[0]))
    doubts.add(typed, NO_YEAR, 0.1)
    return album


def _pitch(sheet: Sheet, beside: str, doubts: Doubts) -> str | None:
    """What stands under its headings; without one, the lines around the album."""
    if sheet.pitches and beside:
        doubts.add(beside, NO_HEADING, 0.1)
    elif beside:
        doubts.less(0.1)
    pitch = composed("\n".join(sheet.pitches) if sheet.pitches else beside)
    return None if pitch is None or is_blank(pitch) else pitch


def _track(sheet: Sheet, doubts: Doubts) -> str | None:
    words, links = take_links(sheet.says("track"))
    sheet.of_track += links
    title = composed(undressed(seen(words)))
    if title is None or is_blank(title):
        return None
    if len(title) > albums.LONGEST:
        doubts.add(title, TRACK_TOO_LONG, 0.1)
        return None
    return title


def _tags(sheet: Sheet, doubts: Doubts) -> dict[str, str]:
    tags = read_tags(sheet.says("tags"), doubts)
    for name in ("genre", "decade", "country"):
        if tag := read_tag(name, sheet.says(name), doubts):
            tags[name] = tag
    return tags
