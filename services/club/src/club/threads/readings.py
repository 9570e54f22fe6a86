"""What one message of a thread says, as the club's API takes it, and how sure that is. No I/O here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from club.parsing.doubts import LONGEST
from club.parsing.nominations import FORM, parse_nomination
from club.parsing.ratings import parse_rating
from club.threads.exports import DELETED_USER, Export, Message, display_name
from club.threads.places import Place
from contracts.history import HistoricItem, ItemKind
from contracts.parsing import Doubt
from contracts.text import tidy

LeftOut = Literal[
    "bot", "system", "deleted_user", "empty", "too_long", "malformed", "twice", "elsewhere", "chatter", "withdrawal",
    "corrected", "dropped",
]  # fmt: skip
THRESHOLD = 0.5
TAKEN_BACK = re.compile(
    r"\bwithdraw|\bscratch (?:that|this|mine)|\bnever ?mind|\bnvm\b|\bdisregard|\bchanged my mind|\bcancel my|"
    r"\b(?:ignore|delete|remove|retract) (?:my|this|that|mine)|\btake (?:it|that|this|mine) back|\[?deleted\]|^\s*~~",
    re.IGNORECASE | re.MULTILINE,
)
MAYBE_TALK = "There is no heading, year or link: this may be talk."
READS_AS_TAKEN_BACK = "This reads as if it had been taken back."
TAKEN_BACK_LATER = "Its author seems to have taken this back later."
NOT_TAKEN = "The club would not take this: {}."

_ITEM: TypeAdapter[HistoricItem] = TypeAdapter(Annotated[HistoricItem, Field(discriminator="kind")])


@dataclass(frozen=True)
class Reading:
    """`body` is what is sent to the club; `why` are the doubts, each a sentence; `decided`: a person accepted it."""

    kind: ItemKind
    body: Mapping[str, Any]
    confidence: float
    why: tuple[str, ...] = ()
    typed: str = field(default="", repr=False)
    decided: bool = False

    @property
    def key(self) -> str:
        said = self.body["provenance"].get("message_id")
        return f"{self.kind}:{said or self.body['number']}"

    @property
    def number(self) -> int:
        return int(self.body["number"])

    @property
    def author(self) -> str | None:
        author: str | None = self.body["provenance"].get("author")
        return author

    @property
    def believed(self) -> bool:
        return self.confidence >= THRESHOLD

    def doubted(self, share: float, why: str | None) -> "Reading":
        """Only so much of the confidence is left."""
        more = (why,) if why and why not in self.why else ()
        return replace(self, confidence=round(self.confidence * share, 2), why=self.why + more)

    def item(self) -> dict[str, Any]:
        return {**self.body, "kind": self.kind, "confidence": self.confidence}


def checked(reading: Reading) -> Reading:
    """Not to be believed where the club would refuse it."""
    if not reading.believed:
        return reading
    try:
        _ITEM.validate_python(reading.item())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"][1:]))
        return reading.doubted(0, NOT_TAKEN.format(f"{place}: {first['msg']}".removesuffix(".")))
    return reading


def unsaid(message: Message) -> LeftOut | None:
    """Why a message says nothing, whatever is in it."""
    if message.author.isBot:
        return "bot"
    if message.type not in {"Default", "Reply"}:
        return "system"
    if message.author.id == DELETED_USER:
        return "deleted_user"
    if not message.content.strip():
        return "empty"
    return "too_long" if len(message.content) > LONGEST else None


def read_nomination(message: Message, export: Export, place: Place) -> Reading | LeftOut:
    text = tidy(message.content)
    parsed = parse_nomination(text)
    if parsed.album is None:
        return "withdrawal" if TAKEN_BACK.search(text) else "chatter"
    body: dict[str, Any] = {"album": parsed.album.model_dump(exclude_none=True), "pitch": parsed.pitch}
    body |= {"pitch_track_url": parsed.pitch_track_url, "tags": parsed.tags.model_dump(exclude_none=True) or None}
    reading = _reading("nomination", message, export, place, body, parsed.confidence, parsed.not_understood)
    if not is_form(text, has_year=parsed.album.year is not None, has_link=parsed.album.url is not None):
        reading = reading.doubted(0.5, MAYBE_TALK)
    return reading.doubted(0.4, READS_AS_TAKEN_BACK) if TAKEN_BACK.search(text) else reading


def is_form(text: str, *, has_year: bool, has_link: bool) -> bool:
    """Whether more than a dash or a “by” speaks for a nomination."""
    return has_year or has_link or any(section.heading for section in FORM.sections(text))


def read_rating(message: Message, export: Export, place: Place) -> Reading | LeftOut:
    text = tidy(message.content)
    parsed = parse_rating(text)
    if parsed.rating is None and not parsed.not_understood:
        return "withdrawal" if TAKEN_BACK.search(text) else "chatter"
    # Half steps inside, 1.0 to 5.0 as it is sent.
    rating = None if parsed.rating is None else parsed.rating / 2
    body = {"rating": rating, "favorite_track": parsed.favorite_track, "review": parsed.review}
    return _reading("rating", message, export, place, body, parsed.confidence, parsed.not_understood)


def _reading(  # noqa: PLR0913, PLR0917 — all that a reading is made of
    kind: ItemKind,
    message: Message,
    export: Export,
    place: Place,
    said: Mapping[str, Any],
    confidence: float,
    doubts: list[Doubt],
) -> Reading:
    who = {"discord_id": message.author.id, "display_name": display_name(message.author)}
    carried = {name: value for name, value in said.items() if value is not None}
    body = {"number": place.number, "user": {name: value for name, value in who.items() if value}, **carried}
    read = Reading(
        kind=kind,
        body=body | {"provenance": provenance(message, export)},
        confidence=confidence,
        why=tuple(dict.fromkeys(doubt.why for doubt in doubts)),
        typed=message.content,
    )
    return read.doubted(place.confidence, place.why)


def provenance(message: Message, export: Export) -> dict[str, str]:
    """Where it was said; when, by the message's id, whatever a clock said."""
    return origin(export) | {"message_id": message.id, "author": message.author.id, "at": message.at.isoformat()}


def origin(export: Export) -> dict[str, str]:
    channel = {"channel": export.channel.name.strip()[:100], "channel_id": export.channel.id}
    return {
        "file": export.file,
        "guild_id": export.guild.id,
        **{name: value for name, value in channel.items() if value},
    }
