"""What every answer to hostility must be."""

import re

# Nothing of how it is made may be read from how it fails.
INSIDES = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|asyncpg|sqlalchemy|pydantic\.|fastapi|starlette|"
    r"SELECT |INSERT |UPDATE |relation \"|SIDETRACK_|sdt_|/home/|127\.0\.0\.1"
)
# Of secrets it is not told what is wrong, and what is for people is refused a program before it is read.
UNPLACED = {
    "wrong_password",
    "weak_password",
    "too_many_logins",
    "bad_grant",
    "incomplete_grant",
    "only_people",
    "only_for_members",
    "for_people_only",
}
PROBLEM = {"type", "title", "status", "code", "detail", "request_id"}


def told_well(answer) -> str | None:
    """Why this is not an answer we would give: None if it is a success, a redirection, or an honest refusal."""
    if answer.status_code < 400:
        return None
    if answer.status_code >= 500:
        return f"{answer.status_code}: {answer.text[:300]}"
    if answer.headers.get("content-type") != "application/problem+json":
        return f"{answer.status_code} as {answer.headers.get('content-type')}: {answer.text[:300]}"
    return _spoken_well(answer, answer.json())


def refused(answer) -> str | None:
    """Why this is no refusal as it should be, if it is none. A batch is refused item by item."""
    if answer.status_code >= 400 or _refuses_each(answer):
        return told_well(answer)
    return f"{answer.status_code}, accepted: {answer.text[:300]}"


def refused_at(answer, path) -> str | None:
    """Why this is no refusal that names the place, if it is none."""
    if fault := refused(answer):
        return fault
    if answer.status_code < 400:
        return None
    if answer.json().get("code") in UNPLACED:
        return None
    named = [fault["at"] for fault in answer.json().get("errors", [])]
    return None if ["body", *path] in named else f"{answer.status_code}, but names {named or answer.json()['code']}"


def _refuses_each(answer) -> bool:
    told = answer.json() if answer.text else None
    items = told.get("items", told.get("outcomes")) if isinstance(told, dict) else None
    return bool(items) and all(item.get("code") and (item.get("detail") or item.get("reason")) for item in items)


def faults(verdicts) -> dict[str, str]:
    """Of verdicts by name, those that found something."""
    return {name: fault for name, fault in verdicts if fault}


def _spoken_well(answer, problem) -> str | None:
    if missing := PROBLEM - set(problem):
        return f"without {missing}"
    if problem["status"] != answer.status_code or problem["request_id"] != answer.headers["x-request-id"]:
        return f"another status or request id than its own: {answer.text[:300]}"
    if not re.fullmatch(r"[a-z_]+", problem["code"]) or not problem["detail"]:
        return f"without a code or a sentence: {answer.text[:300]}"
    if leak := INSIDES.search(answer.text):
        return f"tells of its insides: {leak[0]} in {answer.text[:300]}"
    return None
