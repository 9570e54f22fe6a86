"""`sidetrack verify`: reading what is to be proved, and saying what was found."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from chassis.errors import Invalid
from club.proof.verification import faults, faults_of_receipt
from contracts.results import Receipt, Result

Document = TypeVar("Document", bound=BaseModel)


class NoResult(Invalid):
    sentence = "This file is not a whole result."


class NoHead(Invalid):
    sentence = "A head is written as its number, a colon and 64 hexadecimal digits: 12:9f86…"


def verify(file: Path, heads: Iterable[str], receipt: Path | None) -> tuple[Result, list[str]]:
    """The result in `file`, and what does not fit in it, with `heads` handed out earlier and with a voter's receipt.

    Raises NoResult, NoHead.
    """
    result = _read(file, Result)
    found = faults(result, dict(map(_head, heads)))
    return result, found + (faults_of_receipt(_read(receipt, Receipt), result) if receipt else [])


def _read(file: Path, kind: type[Document]) -> Document:
    try:
        return kind.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise NoResult(f"{file} is not a whole {kind.__name__.lower()}.") from error


def _head(written: str) -> tuple[int, str]:
    if (found := re.fullmatch(r"([0-9]{1,9}):([0-9A-Fa-f]{64})", written)) is None:
        raise NoHead
    return int(found[1]), found[2].lower()
