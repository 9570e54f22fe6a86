"""Text that enters: no NUL (PostgreSQL refuses it, and its whole batch), no lone surrogate, NFC, trimmed, bounded."""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints


def tidy(text: str) -> str:
    if "\0" in text:
        raise ValueError("Text cannot contain a NUL character.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("Text cannot contain half a surrogate pair.")
    return unicodedata.normalize("NFC", text).strip()


def _tidy_first(value: Any) -> Any:
    # Before the bounds are checked: what is only blanks is too short, what is long only by its blanks is not.
    return tidy(value) if isinstance(value, str) else value


# Pictures there are the same over https, and links to them are often older than that.
_SECURE_NOW = re.compile(r"^http://(?=([^/]+\.)?(coverartarchive\.org|archive\.org|scdn\.co)(/|$))", re.IGNORECASE)


def secure(url: str) -> str:
    """By https where it is known to be there: a page over https does not show a picture that is not."""
    return _SECURE_NOW.sub("https://", url)


Tidy = BeforeValidator(_tidy_first)

Name = Annotated[str, Tidy, Field(min_length=1, max_length=100)]
Title = Annotated[str, Tidy, Field(min_length=1, max_length=500)]
Tag = Annotated[str, Tidy, Field(min_length=1, max_length=60)]
Pitch = Annotated[str, Tidy, Field(min_length=1, max_length=4000)]
Reason = Annotated[str, Tidy, Field(min_length=1, max_length=500)]
Review = Annotated[str, Tidy, Field(min_length=1, max_length=4000)]
Query = Annotated[str, Tidy, Field(min_length=1, max_length=200)]
# Tidy comes last here, which is first to run: written before it, the pattern would be left out of the schema.
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2048), Tidy]
CoverUrl = Annotated[Url, AfterValidator(secure)]
