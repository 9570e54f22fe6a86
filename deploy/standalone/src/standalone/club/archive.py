"""An admin's side of export and restore: a file that is whole or not there, and what Sidetrack said of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from pydantic import ValidationError

from chassis.errors import Invalid, Refusal
from contracts.archive import ExportFormat, Restored
from contracts.problem import Problem
from standalone.backup import appearing
from standalone.demo.client import NobodyAnswers, NotTaken

# A whole club is written before it is answered; the gateway waits as long.
PATIENCE = httpx2.Timeout(610, connect=10)


class NoFile(Invalid):
    sentence = "This file cannot be read or written."


def export(base_url: str, admin_key: str, slug: str, file: Path, form: ExportFormat) -> int:
    """Write the club to `file`, for its owner's eyes only; how many bytes. Raises NobodyAnswers, NotTaken, NoFile."""
    with (
        _speaking(base_url, admin_key, file) as http,
        http.stream("GET", f"/clubs/{slug}/export", params={"format": form}) as answer,
    ):
        if not answer.is_success:
            answer.read()
            raise _refusal(answer)
        with appearing(file) as draft:
            return sum(draft.write(chunk) for chunk in answer.iter_bytes())


def restore(base_url: str, admin_key: str, slug: str, file: Path) -> Restored:
    """Make the export in `file` the club of that slug. Raises NobodyAnswers, NotTaken, NoFile."""
    with _speaking(base_url, admin_key, file) as http:
        answer = http.post(f"/clubs/{slug}/restore", content=file.read_bytes())
        if not answer.is_success:
            raise _refusal(answer)
        return Restored.model_validate_json(answer.content)


@contextmanager
def _speaking(base_url: str, admin_key: str, file: Path) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {admin_key}", "Content-Type": "application/json"}
    try:
        with httpx2.Client(base_url=base_url, headers=headers, timeout=PATIENCE) as http:
            yield http
    except httpx2.TransportError as error:
        raise NobodyAnswers(f"{NobodyAnswers.sentence} ({base_url}: {error!r})") from error
    except OSError as error:
        raise NoFile(f"{file}: {error.strerror}.") from error


def _refusal(answer: httpx2.Response) -> Refusal:
    try:
        return NotTaken(Problem.model_validate_json(answer.content).detail)
    except ValidationError:
        return NotTaken(f"Sidetrack answered with status {answer.status_code}.")
