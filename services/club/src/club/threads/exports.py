"""One exported channel or thread, read from a file's bytes. No I/O here."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.errors import Invalid
from contracts.ids import Snowflake

LARGEST = 64 * 2**20
DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
CLOCK_SHIFT = 22
# Discord's stand-in for all accounts that are gone.
DELETED_USER = "456226577798135808"
_UNHOLDABLE = re.compile("[\0\ud800-\udfff]")


class TooLarge(Invalid):
    sentence = f"is larger than {LARGEST // 2**20} MiB. Export threads one by one, or in parts (--partition 20mb)."


class NotText(Invalid):
    sentence = "is not UTF-8 text."


class NotJson(Invalid):
    sentence = "is not JSON."


class CutOff(Invalid):
    sentence = "ends in the middle; export it again."


class NotAnExport(Invalid):
    sentence = "is JSON, but no export of a channel by DiscordChatExporter."


class NotOfAGuild(Invalid):
    sentence = "is of a conversation outside any server."


def moment_of(snowflake: str) -> datetime:
    """When something was made, which its id holds."""
    return DISCORD_EPOCH + timedelta(milliseconds=int(snowflake) >> CLOCK_SHIFT)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Guild(_Part):
    id: str
    name: str = ""


class Channel(_Part):
    id: Snowflake
    type: str = ""
    name: str
    category: str | None = None
    topic: str | None = None


class Author(_Part):
    id: Snowflake
    name: str = ""
    nickname: str | None = None
    isBot: bool = False  # noqa: N815 — as the file has it


class Message(_Part):
    id: Snowflake
    type: str
    content: str = ""
    author: Author

    @property
    def at(self) -> datetime:
        """When it was sent, by Discord's clock, which is in its id."""
        return moment_of(self.id)


class Export(_Part):
    """`malformed` is how many of its messages are none."""

    file: str
    digest: str
    guild: Guild
    channel: Channel
    messages: list[Message]
    malformed: int = 0


class _Outline(_Part):
    guild: Guild
    channel: Channel
    messages: list[Any] = Field(strict=True)


def read_export(file: str, content: bytes) -> Export:
    """The export in a file of that name. Raises one of the refusals above, which reads on from the name."""
    if len(content) > LARGEST:
        raise TooLarge
    outline = _outline(_parsed(content))
    if outline.guild.id == "0" or outline.channel.type.startswith("Direct"):
        raise NotOfAGuild
    messages = [*_messages(outline.messages)]
    return Export(
        file=mended(file)[:100],
        digest=hashlib.sha256(content).hexdigest(),
        guild=outline.guild,
        channel=outline.channel,
        messages=sorted(messages, key=lambda message: int(message.id)),
        malformed=len(outline.messages) - len(messages),
    )


def _parsed(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        # A character that only begins is the end of a file that was cut.
        raise (
            CutOff if error.end == len(content) and error.reason.startswith("unexpected end") else NotText
        ) from error
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        begun = text.startswith("{") and (error.pos >= len(text) or error.msg.startswith("Unterminated"))
        raise (CutOff if begun else NotJson) from error
    except (RecursionError, ValueError) as error:
        raise NotJson from error


def _outline(parsed: Any) -> _Outline:
    try:
        return _Outline.model_validate(parsed)
    except ValidationError as error:
        raise NotAnExport from error


def _messages(items: list[Any]) -> Iterator[Message]:
    for item in items:
        try:
            message = Message.model_validate(item)
            yield message.model_copy(update={"content": mended(message.content)})
        except (ValidationError, OverflowError):
            continue


def mended(text: str) -> str:
    """Without what neither PostgreSQL nor UTF-8 can hold."""
    return _UNHOLDABLE.sub("", text)


def display_name(author: Author) -> str | None:
    return mended(author.nickname or author.name).strip()[:100].strip() or None
