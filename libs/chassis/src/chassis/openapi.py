"""A service's OpenAPI document, which also tells how it refuses."""

from typing import Any

from fastapi import FastAPI

from contracts.problem import Problem

MEDIA_TYPE = "application/problem+json"
# Said of every endpoint; it takes the place of FastAPI's own 422, which is not what http.py answers.
REFUSAL: dict[int | str, dict[str, Any]] = {"default": {"model": Problem, "description": "Refused, and why."}}


class Documented(FastAPI):
    """FastAPI declares every answer with the media type of the first; a refusal has its own."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for answers in _answers(document):
            refusal = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
            answers |= {
                status: {**answer, "content": refusal} for status, answer in answers.items() if _refuses(status)
            }
        return document


def _answers(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation["responses"] for methods in document["paths"].values() for operation in methods.values()]


def _refuses(status: str) -> bool:
    return status == "default" or status.startswith(("4", "5"))
