"""What members mean by what they type."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from club.parsing import albums, figures, sheet
from club.parsing.nominations import parse_nomination
from club.parsing.ratings import NO_LINK_HERE, SEVERAL, parse_rating
from contracts.catalog import AlbumIn
from contracts.parsing import NOMINATION, RATING, ParsedNomination, ParsedRating
from contracts.ratings import NewRating
from contracts.refs import Tags

ALBUM = "https://open.spotify.com/album/1vz94WpXDVYIEGja8cjFNa"
TRACK = "https://open.spotify.com/track/3MbYhF8yzzUFPWdUnaXIPA"
BANDCAMP = "https://someone.bandcamp.com/album/blue"
APPLE_TRACK = "https://music.apple.com/us/album/blue/1440857781?i=1440857795"
YOUTUBE = "https://youtu.be/abc123"

BLUE = ("Blue", "Joni Mitchell", 1971)

# How the first line is typed, and the album it names.
FIRST_LINES = [
    ("Blue — Joni Mitchell (1971)", BLUE),
    ("Blue – Joni Mitchell (1971)", BLUE),
    ("Blue - Joni Mitchell (1971)", BLUE),
    ("Blue -- Joni Mitchell (1971)", BLUE),
    ("Blue—Joni Mitchell (1971)", BLUE),
    ("Blue by Joni Mitchell (1971)", BLUE),
    ("Blue BY Joni Mitchell, 1971", BLUE),
    ("Blue | Joni Mitchell (1971)", BLUE),
    ("Blue, Joni Mitchell (1971)", BLUE),
    ("**Blue** — Joni Mitchell (1971)", BLUE),
    ("**Blue — Joni Mitchell (1971)**", BLUE),
    ("***Blue*** — **Joni Mitchell** *(1971)*", BLUE),
    ("__Blue__ — ~~Joni Mitchell~~ [1971]", BLUE),
    ("||Blue — Joni Mitchell (1971)||", BLUE),
    ("“Blue” — Joni Mitchell (1971)", BLUE),
    ("「Blue」 by Joni Mitchell (1971)", BLUE),
    ('Joni Mitchell - "Blue" (1971)', BLUE),
    ("Joni Mitchell — *Blue* (1971)", BLUE),
    ("## Blue — Joni Mitchell (1971)", BLUE),
    ("- Blue — Joni Mitchell (1971)", BLUE),
    ("> Blue — Joni Mitchell (1971)", BLUE),
    ("🎵 Blue — Joni Mitchell (1971)", BLUE),
    ("Nomination: Blue — Joni Mitchell (1971)", BLUE),
    ("**My pick:** Blue — Joni Mitchell (1971)", BLUE),
    ("Album: Blue\nArtist: Joni Mitchell\nYear: 1971", BLUE),
    ("Blue (1971)\nArtist: Joni Mitchell", BLUE),
    ("Hello everyone!\nBlue — Joni Mitchell (1971)", BLUE),
    ("<@175928847299117063> Blue — Joni Mitchell (1971) <:blue:175928847299117063>", BLUE),
    ("\u200bBlue\u200b — \u2066Joni Mitchell\u2069 (1971)", BLUE),
    (f"[Blue — Joni Mitchell (1971)]({ALBUM})", BLUE),
    (f"[Blue]({ALBUM}) — Joni Mitchell (1971)", BLUE),
    (f"Blue — Joni Mitchell (1971) <{ALBUM}>", BLUE),
    ("Blue — Joni Mitchell (’71)", BLUE),
    ("Blue — Joni Mitchell (١٩٧١)", BLUE),
    ("Blue (1971) — Joni Mitchell", BLUE),
    ("Blue — Joni Mitchell — 1971", BLUE),
    ("Blue — Joni Mitchell (Reprise, 1971)", BLUE),
    ("Blue — Joni Mitchell", ("Blue", "Joni Mitchell", None)),
    ("1989 — Taylor Swift (2014)", ("1989", "Taylor Swift", 2014)),
    ("Taylor Swift - 1989", ("Taylor Swift", "1989", None)),
    ("Notes — The 1975", ("Notes", "The 1975", None)),
    ("Igor — Tyler, The Creator (2019)", ("Igor", "Tyler, The Creator", 2019)),
    ("Back in Black — AC/DC (1980)", ("Back in Black", "AC/DC", 1980)),
    ("Spider-Land — Jay-Z (1991)", ("Spider-Land", "Jay-Z", 1991)),
    ("Stand by Me — Ben E. King (1962)", ("Stand by Me", "Ben E. King", 1962)),
    ("Day by Day by Someone (1999)", ("Day by Day", "Someone", 1999)),
    ("Blue (2021 Remaster) — Joni Mitchell (1971)", ("Blue (2021 Remaster)", "Joni Mitchell", 1971)),
    ("F**k the World — Brent Faiyaz (2020)", ("F**k the World", "Brent Faiyaz", 2020)),
    ("Bjo\u0308rk's Debut — Bjo\u0308rk (1993)", ("Björk's Debut", "Björk", 1993)),
    ("小椋 佳 — 彷徨 (1972)", ("小椋 佳", "彷徨", 1972)),
    ("s/t — Weezer (1994)", ("Weezer", "Weezer", 1994)),
    ("!!! — !!! (2001)", ("!!!", "!!!", 2001)),
    ("1. Outside — David Bowie (1995)", ("1. Outside", "David Bowie", 1995)),
]

# What is no album, and why.
NO_ALBUMS = [
    ("hello there", albums.NOT_NAMED),
    ("Blue", albums.NOT_NAMED),
    ("album — artist (year)", albums.NOT_NAMED),
    ("— Joni Mitchell (1971)", albums.NOT_NAMED),
    ("Album: Blue", albums.NOT_NAMED),
    ("Artist: Joni Mitchell", albums.NOT_NAMED),
    (ALBUM, albums.NOT_NAMED),
    (f"Link: {ALBUM}", albums.NOT_NAMED),
    ("\u200b\u200b", albums.NOT_NAMED),
    (f"{'x' * 501} — Joni Mitchell (1971)", albums.TOO_LONG),
    (f"Blue — {'x' * 501} (1971)", albums.TOO_LONG),
]

# What stands under the tags' heading, and the genre, decade and country it names.
TAGS = [
    ("folk / 1970s / Canada", ("folk", "1970s", "Canada")),
    ("folk / '70s / Canada", ("folk", "1970s", "Canada")),
    ("folk, 70’s, Canada", ("folk", "1970s", "Canada")),
    ("folk | 70s | Canada", ("folk", "1970s", "Canada")),
    ("folk/70s/Canada", ("folk", "1970s", "Canada")),
    ("folk; 1971; Canada", ("folk", "1970s", "Canada")),
    ("**folk / ٧٠s / Canada**", ("folk", "1970s", "Canada")),
    ("folk /70s / Canada", ("folk", "1970s", "Canada")),
    ("folk - early 70s - Canada", ("folk", "1970s", "Canada")),
    ("#folk #70s #Canada", ("folk", "1970s", "Canada")),
    ("Genre: folk, Decade: the late seventies, Country: Canada", ("folk", "1970s", "Canada")),
    ("folk / Canada / 1970s", ("folk", "1970s", "Canada")),
    ("Folk, Singer-Songwriter, 1970s, Canada", ("Folk, Singer-Songwriter", "1970s", "Canada")),
    ("R&B/Soul / 90s", ("R&B/Soul", "1990s", None)),
    ("Folk/Rock / 1970s / Canada", ("Folk/Rock", "1970s", "Canada")),
    ("'90s", (None, "1990s", None)),
    ("folk", ("folk", None, None)),
    ("folk / / Canada", ("folk", None, "Canada")),
    ("folk / n/a / Canada", ("folk", None, "Canada")),
    ("folk / - / ?", ("folk", None, None)),
    ("pop / 00s / 🇸🇪", ("pop", "2000s", "🇸🇪")),
    ("pop / noughties / UK", ("pop", "2000s", "UK")),
    ("pop / 20s / UK", ("pop", "2020s", "UK")),
    ("pop / recently / UK", ("pop", None, "UK")),
    ("n/a", (None, None, None)),
    ("a, b, c, d, e", (None, None, None)),
    (f"{'x' * 61} / 70s / Canada", (None, "1970s", "Canada")),
]

# What stands under the pitch track's heading.
PITCH_TRACKS = [
    ("A Case of You", ("A Case of You", None)),
    ('**"A Case of You"**', ("A Case of You", None)),
    (f"A Case of You {TRACK}", ("A Case of You", TRACK)),
    (f"A Case of You (<{YOUTUBE}>)", ("A Case of You", YOUTUBE)),
    (f"A Case of You — {APPLE_TRACK}", ("A Case of You", APPLE_TRACK)),
    (f"[A Case of You]({TRACK})", ("A Case of You", TRACK)),
    (f"A Case of You\n{TRACK}", ("A Case of You", TRACK)),
    (f"\nA Case of You\n{TRACK}", ("A Case of You", TRACK)),
    (TRACK, (None, TRACK)),
    (f"{TRACK}.", (None, TRACK)),
    ("spotify:track:3MbYhF8yzzUFPWdUnaXIPA", (None, TRACK)),
    ("HTTPS://youtu.be/abc123", (None, YOUTUBE)),
    ("n/a", (None, None)),
    ("", (None, None)),
    ("x" * 501, (None, None)),
    (f"https://youtu.be/{'x' * 2048}", (None, None)),
]

PITCHES = [
    ("Why?: It is honest.", "It is honest."),
    ("Why: It is honest.", "It is honest."),
    ("**Why?:** It is honest.", "It is honest."),
    ("**Why?**: It is honest.", "It is honest."),
    ("**Why?: It is honest.**", "It is honest."),
    ("__Why?__\nIt is honest.", "It is honest."),
    ("Why? It is honest.", "It is honest."),
    ("> Pitch: It is honest.", "It is honest."),
    ("- Why this album?: It is honest.", "It is honest."),
    ("WHY？： It is honest.", "It is honest."),
    ("\u200bWhy?: It is honest.", "It is honest."),
    ("Why?: One.\nTwo: three.\n\n\tFour.", "One.\nTwo: three.\n\n\tFour."),
    ("Why?: <@175928847299117063> a\u200bb **c** `d`", "<@175928847299117063> a\u200bb **c** `d`"),
    ("It is honest.\nTruly.", "It is honest.\nTruly."),
    ("Why?: One.\nWhy: Two.", "One.\nTwo."),
    ("Why?:", None),
    ("Why?: n/a", None),
]

# What a message rates, and what is left of it as a review.
RATINGS = [
    ("Rating (1.0–5.0): 4.5", 4.5, None),
    ("Rating (1.0-5.0): 4,5", 4.5, None),
    ("**Rating (1.0–5.0):** 4.5/5", 4.5, None),
    ("**Rating: 4.5**", 4.5, None),
    ("Rating: **4.5** / 5", 4.5, None),
    ("Rating: **4.5**\nHonest.", 4.5, "Honest."),
    ("Rating (1.0–5.0) 4.5", 4.5, None),
    ("Rating - 4.5", 4.5, None),
    ("rating 4.5", 4.5, None),
    ("My rating = 4.5", 4.5, None),
    ("Score: 4.5 out of 5 stars!", 4.5, None),
    ("Rating:\n4.5\nHonest.", 4.5, "Honest."),
    ("Rating: 4.5 — honest\nTruly.", 4.5, "honest\nTruly."),
    ("Rating: 4/5 and 5/5 live", 4.0, "and 5/5 live"),
    ("9/10 and 4.5/5", 4.5, "9/10 and 4.5/5"),
    ("Rating: I would say 4.5/5", 4.5, "I would say 4.5/5"),
    ("Rating: ★★★★½", 4.5, None),
    ("Rating: 4 1/2", 4.5, None),
    ("Honest.\nRating: 4.5\nTruly.", 4.5, "Honest.\nTruly."),
    ("Overall: 4.5", 4.5, None),
    ("Overall: a joy.\nRating: 4.5", 4.5, "Overall: a joy."),
    ("Overall:\nA joy.\n4.5/5", 4.5, "Overall:\nA joy."),
    ("Top 5 of the year.\nRating: 4.5", 4.5, "Top 5 of the year."),
    ("Favourite 2 songs: both.\nRating: 4.5", 4.5, "Favourite 2 songs: both."),
    ("Least favourite track: River\nRating: 4.5", 4.5, "Least favourite track: River"),
    ("4.5", 4.5, None),
    ("4,5", 4.5, None),
    ("4.50", 4.5, None),
    ("4.5/5", 4.5, None),
    ("4.5 / 5.0", 4.5, None),
    ("4½", 4.5, None),
    ("4 ½ stars", 4.5, None),
    ("٤.٥", 4.5, None),
    ("٤٫٥", 4.5, None),
    ("４．５／５", 4.5, None),
    ("★★★★½", 4.5, None),
    ("★★★★ 1/2", 4.5, None),
    ("★★★★☆", 4.0, None),
    ("⭐️⭐️⭐️⭐️", 4.0, None),
    ("⭐ ⭐ ⭐", 3.0, None),
    ("⭐ 4.5", 4.5, None),
    ("★", 1.0, None),
    ("||5||", 5.0, None),
    ("\u200b5\u200b", 5.0, None),
    ("1", 1.0, None),
    ("4.5/5 honest", 4.5, "honest"),
    ("4.5 - honest", 4.5, "honest"),
    ("★★★★ honest", 4.0, "honest"),
    ("Honest.\n4.5", 4.5, "Honest."),
    ("A solid 4.5/5 from me.", 4.5, "A solid 4.5/5 from me."),
    ("Truly 4.5/5. As I said: 4.5/5.", 4.5, "Truly 4.5/5. As I said: 4.5/5."),
    ("4 songs on here are great", None, "4 songs on here are great"),
    ("1. Blue\n2. River", None, "1. Blue\n2. River"),
    ("I heard it 24/7 in 2019", None, "I heard it 24/7 in 2019"),
    ("100% honest", None, "100% honest"),
    ("⭐ honest", None, "⭐ honest"),
    ("NaN", None, "NaN"),
    ("Rating (1.0–5.0):\n\nHonest.", None, "Honest."),
    (
        "<@175928847299117063> **loved** a\u200bb \u202eit\u202c",
        None,
        "<@175928847299117063> **loved** a\u200bb \u202eit\u202c",
    ),
]

# What is no rating here, and why.
NO_RATINGS = [
    ("9/10", figures.OTHER_SCALE),
    ("Rating: 9/10", figures.OTHER_SCALE),
    ("An easy 9/10.", figures.OTHER_SCALE),
    ("90%", figures.OTHER_SCALE),
    ("Rating: 4.5/10", figures.OTHER_SCALE),
    ("4.25", figures.NO_HALF_STEP),
    ("4¼", figures.NO_HALF_STEP),
    ("Rating: 4.7/5", figures.NO_HALF_STEP),
    ("0.5", figures.OUT_OF_RANGE),
    ("½", figures.OUT_OF_RANGE),
    ("5.5", figures.OUT_OF_RANGE),
    ("6/5", figures.OUT_OF_RANGE),
    ("Rating: -4", figures.OUT_OF_RANGE),
    ("★★★★★★", figures.OUT_OF_RANGE),
    ("1e0", figures.NO_FIGURE),
    ("Rating: NaN", figures.NO_FIGURE),
    ("Rating: Infinity", figures.NO_FIGURE),
    ("4-5", figures.NO_FIGURE),
    ("Rating: 4 to 5", figures.NO_FIGURE),
    ("Rating: high", figures.NO_FIGURE),
    ("Rating:", figures.NO_FIGURE),
    ("Rating: " + "9" * 3900, figures.NO_FIGURE),
    ("Once 4/5, by now 5/5", SEVERAL),
    ("Rating: once 4/5, by now 5/5", SEVERAL),
]

TRACKS = [
    ("Favourite track: River", "River"),
    ("Favorite song: River", "River"),
    ("**Fav track:** *River*", "River"),
    ("fave - “River”", "River"),
    ("Standout tracks: River, Blue", "River, Blue"),
    ("Best song?\nRiver", "River"),
    (f"Favourite track: [River]({TRACK})", "River"),
    ("Favourite track: n/a", None),
    ("Favourite track:\n\nHonest.", None),
    ("Favourite track: " + "x" * 501, None),
]


def why(parsed):
    return [doubt.why for doubt in parsed.not_understood]


@pytest.mark.parametrize(("typed", "meant"), FIRST_LINES)
def test_an_album_is_named_in_many_ways(typed, meant):
    parsed = parse_nomination(typed)
    assert parsed.album is not None
    assert (parsed.album.title, parsed.album.artist, parsed.album.year) == meant


@pytest.mark.parametrize(("typed", "reason"), NO_ALBUMS)
def test_what_names_no_album_is_said_to_name_none(typed, reason):
    parsed = parse_nomination(typed)
    assert (parsed.album, parsed.confidence) == (None, 0)
    assert [(doubt.text, doubt.why) for doubt in parsed.not_understood] in (
        [(typed, reason)],
        [(typed.partition(": ")[2], reason)],
    )


@pytest.mark.parametrize(("typed", "meant"), TAGS)
def test_tags_are_parted_in_many_ways(typed, meant):
    tags = parse_nomination(f"Blue — Joni Mitchell (1971)\nTags (Genre / Decade / Country): {typed}").tags
    assert (tags.genre, tags.decade, tags.country) == meant


def test_tags_may_have_headings_of_their_own():
    tags = parse_nomination("Blue — Joni Mitchell\nGenre: folk\n**Decade:** 70s\nCountry of origin: Canada").tags
    assert tags == Tags(genre="folk", decade="1970s", country="Canada")


@pytest.mark.parametrize(("typed", "meant"), PITCH_TRACKS)
def test_a_pitch_track_is_a_title_a_link_or_both(typed, meant):
    parsed = parse_nomination(f"Blue — Joni Mitchell (1971)\nPitch track: {typed}")
    assert (parsed.pitch_track, parsed.pitch_track_url) == meant


@pytest.mark.parametrize(("typed", "pitch"), PITCHES)
def test_a_pitch_is_kept_as_it_was_typed(typed, pitch):
    parsed = parse_nomination(f"Blue — Joni Mitchell (1971)\n{typed}\nTags: folk / 70s / Canada")
    assert parsed.pitch == pitch
    assert parsed.tags.genre == "folk"


@pytest.mark.parametrize(
    ("typed", "album_url", "track_url"),
    [
        (f"Blue — Joni Mitchell {ALBUM}", ALBUM, None),
        (f"Blue — Joni Mitchell\n<{BANDCAMP}>\nWhy?: Honest.", BANDCAMP, None),
        (f"Blue — Joni Mitchell\n{TRACK}\n{ALBUM}", ALBUM, TRACK),
        (f"Blue — Joni Mitchell\nLink: {BANDCAMP}", BANDCAMP, None),
        (f"Blue — Joni Mitchell\nWhy?: Hear {ALBUM}.", ALBUM, None),
        (f"Blue — Joni Mitchell\nWhy?: Hear {TRACK}", None, None),
        (f"Blue — Joni Mitchell\nTags: folk\n{BANDCAMP}", BANDCAMP, None),
        (f"Blue — Joni Mitchell https://example.com\n{ALBUM}", ALBUM, None),
        ("Blue — Joni Mitchell spotify:album:1vz94WpXDVYIEGja8cjFNa", ALBUM, None),
        (f"Blue — Joni Mitchell {ALBUM}/{'x' * 2048}", None, None),
        (
            "Blue — Joni Mitchell https://en.wikipedia.org/wiki/Blue_(album)",
            "https://en.wikipedia.org/wiki/Blue_(album)",
            None,
        ),
    ],
)
def test_links_are_told_apart(typed, album_url, track_url):
    parsed = parse_nomination(typed)
    assert (parsed.album.title, parsed.album.artist) == BLUE[:2]
    assert (parsed.album.url, parsed.pitch_track_url) == (album_url, track_url)


def test_the_form_as_it_is_meant_is_read_without_a_doubt():
    parsed = parse_nomination(NOMINATION)
    assert (parsed.confidence, parsed.not_understood) == (1, [])
    assert (parsed.pitch_track, parsed.tags) == ("A Case of You", Tags(genre="folk", decade="1970s", country="Canada"))


@pytest.mark.parametrize(
    ("typed", "text", "reason"),
    [
        ("Blue - Joni Mitchell (1971)", "Blue - Joni Mitchell (1971)", albums.EITHER_ORDER),
        ("A — B — C (1971)", "A — B — C (1971)", albums.MORE_THAN_ONE),
        ("Notes — The 1975", "1975", albums.YEAR_OR_NAME),
        ("Blue — Joni Mitchell (Reprise, 1971)", "(Reprise, 1971)", albums.BESIDE_THE_YEAR),
        ("Blue — Joni Mitchell (1971)\nTags: folk\nWell\nthen", "Well\nthen", sheet.NO_HEADING),
        ("Blue — Joni Mitchell (1971)\nWell\nWhy: Honest.", "Well", sheet.NO_HEADING),
        ("Blue — Joni Mitchell (1971)\nTags: folk\nTags: rock", "Tags: rock", sheet.SAID_TWICE),
        (f"Blue — Joni Mitchell (1971) {ALBUM} {BANDCAMP}", BANDCAMP, sheet.ONE_LINK),
    ],
)
def test_a_guess_is_named_with_its_reason_and_lowers_the_confidence(typed, text, reason):
    parsed = parse_nomination(typed)
    assert parsed.album is not None
    assert [(doubt.text, doubt.why) for doubt in parsed.not_understood] == [(text, reason)]
    assert 0.5 <= parsed.confidence < 1


def test_a_title_in_quotes_settles_which_of_two_is_the_title():
    for typed in ('Joni Mitchell - "Blue" (1971)', "*Blue* - Joni Mitchell (1971)"):
        assert why(parse_nomination(typed)) == []


def test_fields_are_read_although_the_album_is_not():
    parsed = parse_nomination("Why?: It is honest.\nTags: folk / 70s / Canada")
    assert (parsed.album, parsed.pitch, parsed.tags.decade) == (None, "It is honest.", "1970s")
    assert 0 < parsed.confidence < 0.5


@pytest.mark.parametrize(("typed", "rating", "review"), RATINGS)
def test_a_rating_is_typed_in_many_ways_and_the_rest_is_the_review(typed, rating, review):
    parsed = parse_rating(typed)
    assert (parsed.model_dump()["rating"], parsed.review) == (rating, review)


@pytest.mark.parametrize(("typed", "reason"), NO_RATINGS)
def test_what_is_no_rating_is_named_with_its_reason(typed, reason):
    parsed = parse_rating(typed)
    assert (parsed.rating, why(parsed)) == (None, [reason])
    assert parsed.confidence < 0.5


@pytest.mark.parametrize(("typed", "track"), TRACKS)
def test_a_favourite_track_is_typed_in_many_ways(typed, track):
    parsed = parse_rating(f"Rating: 4\n{typed}")
    assert (parsed.rating, parsed.favorite_track) == (8, track)


def test_a_favourite_tracks_link_is_named():
    assert why(parse_rating(f"Rating: 4\nFavourite track: River {TRACK}")) == [NO_LINK_HERE]


def test_the_rating_form_as_it_is_meant_is_read_without_a_doubt():
    parsed = parse_rating(RATING)
    assert (parsed.rating, parsed.favorite_track, parsed.review) == (9, "A Case of You", "I have worn out two copies.")
    assert (parsed.confidence, parsed.not_understood) == (1, [])


# --- Whatever is typed ---

MARKS = "[](){}<>*_~`|\"'“”«»—–-/\\,;:=?!.#@&+%½★⭐☆ \n\r\t\u200b\u200d\u202e\ufeff\ufe0f\u0301\u2028éa19🎵"
HEADINGS = [
    "Why?:",
    *(f"\n{each}:" for each in ("Tags", "Pitch track", "Album", "Artist", "Rating", "Favourite track")),
]
LINKS = ["https://", "](http", "[a](https://b.c)", "spotify:album:", ALBUM, TRACK]
WORDS = [" — ", " - ", " by ", "(1971)", "'70s", "4.5", "/5", "9/10", "out of 5", "<@1>"]
PIECES = st.sampled_from([*MARKS, *HEADINGS, *LINKS, *WORDS])
ODD = st.one_of(
    st.text(),
    st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=60).map("".join),
    # One piece or two again and again up to the bound: what makes a careless pattern try for ever.
    st.builds(lambda first, often, last: (first + often * 4000)[: 4000 - len(last)] + last, PIECES, PIECES, PIECES),
    st.builds(lambda a, b: ((a + b) * 4000)[:4000], PIECES, PIECES),
)
TYPED = ODD.map(lambda text: unicodedata.normalize("NFC", text.replace("\0", ""))[:4000].strip()).filter(bool)
settled = settings(deadline=None, max_examples=400)


@settled
@given(TYPED)
@example("🎵 " * 1333)
@example("Tags: " + "+," * 1900 + "70s")
@example("(1971 " * 666)
@example("'" * 4000)
def test_whatever_is_typed_as_a_nomination_gives_an_answer_within_every_bound(text):
    parsed = parse_nomination(text)
    assert ParsedNomination.model_validate_json(parsed.model_dump_json()) == parsed
    if parsed.album:
        AlbumIn.model_validate(parsed.album.model_dump())
    for said in (parsed.pitch, parsed.pitch_track, *parsed.tags.model_dump().values()):
        assert said is None or said == unicodedata.normalize("NFC", said).strip()


@settled
@given(TYPED)
@example("9," * 2000)
@example("★ " * 2000)
def test_whatever_is_typed_as_a_rating_gives_an_answer_that_can_be_sent_on(text):
    parsed = parse_rating(text)
    assert ParsedRating.model_validate_json(parsed.model_dump_json()) == parsed
    said = parsed.model_dump(include={"rating", "favorite_track", "review"})
    NewRating.model_validate(said | {"rating": said["rating"] or 1})


NAMES = st.from_regex(r"[A-Z][a-zé]{1,8}( [A-Z][a-zé]{2,8}){0,2}", fullmatch=True).filter(
    lambda name: name.casefold() not in {"na", "nil", "none", "null", "tba", "tbd", "album", "artist", "title"}
)
LINES = st.lists(st.from_regex(r"[A-Z][a-z]{2,8}( [a-z]{2,8}){2,6}[.!]", fullmatch=True), min_size=1, max_size=5)
DECADES = st.sampled_from([f"{decade}s" for decade in range(1930, 2020, 10)])


def spelled_nomination(title, artist, year, pitch, track, url, tags):
    return (
        f"{title} — {artist} ({year})\nWhy?: {pitch}\nPitch track: {track} {url}\n"
        f"Tags (Genre / Decade / Country): {' / '.join(tags)}"
    )


@settled
@given(
    NAMES,
    NAMES,
    st.integers(1000, 2999),
    LINES.map("\n".join),
    NAMES,
    st.sampled_from([TRACK, YOUTUBE, APPLE_TRACK]),
    st.tuples(NAMES, DECADES, NAMES),
)
def test_a_nomination_in_the_form_says_exactly_what_was_filled_in(title, artist, year, pitch, track, url, tags):
    parsed = parse_nomination(spelled_nomination(title, artist, year, pitch, track, url, tags))
    assert parsed == ParsedNomination(
        album={"title": title, "artist": artist, "year": year},
        pitch=pitch,
        pitch_track=track,
        pitch_track_url=url,
        tags=dict(zip(("genre", "decade", "country"), tags, strict=True)),
        confidence=1,
        not_understood=[],
    )


@settled
@given(
    st.integers(2, 10).map(lambda steps: steps / 2),
    NAMES,
    LINES.map("\n".join),
    st.sampled_from([str, lambda rating: f"{rating}/5", lambda rating: "★" * int(rating) + "½" * (rating % 1 > 0)]),
)
def test_a_rating_in_the_form_says_exactly_what_was_filled_in(rating, track, review, spelled):
    parsed = parse_rating(f"Rating (1.0–5.0): {spelled(rating)}\nFavourite track: {track}\n{review}")
    assert parsed == ParsedRating(rating=rating, favorite_track=track, review=review, confidence=1, not_understood=[])
