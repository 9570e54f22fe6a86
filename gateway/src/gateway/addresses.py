"""What holds for some addresses and not for all others."""

import re
from collections.abc import Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class ByAddress(Generic[T]):
    """By path, where `{x}` is any one segment; one slash at the end is overlooked, as in routing."""

    def __init__(self, told: Mapping[str, T]) -> None:
        patterns = ((re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)), value) for path, value in told.items())
        self._told = [(re.compile(pattern), value) for pattern, value in patterns]

    def find(self, path: str) -> T | None:
        plain = path.rstrip("/")
        return next((value for pattern, value in self._told if pattern.fullmatch(plain)), None)
