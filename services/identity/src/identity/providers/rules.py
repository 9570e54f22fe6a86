"""What the answers of a provider may be taken for. No I/O here."""

from collections.abc import Mapping
from typing import Any

from chassis.errors import BadRequest, Unavailable
from chassis.providers import LONGEST_COOLDOWN, ProviderAway
from contracts.text import tidy

LONGEST_ACCOUNT, LONGEST_NAME, LONGEST_ADDRESS = 128, 100, 2048


class ProviderNotConfigured(Unavailable):
    sentence = "This way to sign in or link an account is not set up here."


class NotAccepted(BadRequest):
    sentence = "The other service does not accept this sign-in any more; please begin anew."


class GrantEnded(Exception):
    """The provider will never again take this authorisation: asking once more would change nothing."""


def text_of(answer: Mapping[str, Any], name: str, longest: int = 4096) -> str:
    """A field that must be there as text. Raises ProviderAway."""
    text = answer.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= longest or not text.isprintable():
        raise ProviderAway
    return text


def account_of(answer: Mapping[str, Any], name: str) -> str:
    """What the account is called at the provider for good."""
    return text_of(answer, name, LONGEST_ACCOUNT)


def seconds_of(answer: Mapping[str, Any], name: str) -> int:
    """For how long a token lasts. Raises ProviderAway."""
    number = answer.get(name)
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < LONGEST_COOLDOWN * 10:
        raise ProviderAway
    return int(number)


def display_name(*candidates: object) -> str | None:
    """The first that can be a member's name; None when none can."""
    for each in candidates:
        if isinstance(each, str):
            try:
                name = tidy(each)[:LONGEST_NAME].strip()
            except ValueError:
                continue
            if name:
                return name
    return None


def picture(url: object) -> str | None:
    fits = isinstance(url, str) and url.startswith("https://") and len(url) <= LONGEST_ADDRESS and url.isprintable()
    return url if isinstance(url, str) and fits and " " not in url else None
