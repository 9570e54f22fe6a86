"""The review file: a line of JSON for everything doubtful, and what a person decided about it. No I/O here."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.errors import Invalid


class BadDecisions(Invalid):
    sentence = "This is no review file."


class Line(BaseModel):
    """`decision` and `item` are for whoever reviews it; the rest tells them why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    decision: Literal["accept", "drop"] | None = None
    why: list[str] = []
    confidence: float | None = None
    typed: str | None = None
    item: dict[str, Any] | None = None


Decision = Line


def written(lines: Iterable[Line]) -> str:
    """As a file that can be edited and given back."""
    return "".join(json.dumps(line.model_dump(), ensure_ascii=False) + "\n" for line in lines)


def read_decisions(text: str) -> Mapping[str, Decision]:
    """By key. Raises BadDecisions with the number of the line that is none."""
    decisions = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            decision = Line.model_validate_json(line)
        except ValidationError as error:
            raise BadDecisions(f"Line {number} is no line of a review file: {error.errors()[0]['msg']}.") from error
        decisions[decision.key] = decision
    return decisions
