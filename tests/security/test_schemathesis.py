"""Schemathesis makes requests of the OpenAPI document, and compares the answers with what it promises."""

import time
from collections import Counter

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tests.security.verdicts import told_well

# Seconds and examples: it ends by itself well before, on a slow machine, too.
SOME, MANY = (150, 40), (600, 150)
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "honest_refusal",
)


CLUBS = "/club", "/clubs/{slug}"
# What a form leaves blank is no mistake there, though no blank is a day.
FORMS = [f"GET {club}/{rest}" for club in CLUBS for rest in ("weeks", "albums", "stats")]
# Blanks around a text are no part of it, however many there are.
TEXTS = [f"POST {club}/parse/{what}" for club in CLUBS for what in ("rating", "nomination", "vote")]
# Of a batch each item is refused by itself.
BATCHES = [
    *(f"POST {club}/imports" for club in CLUBS),
    "POST /music/tracks/ensure",
    "POST /listens/bulk",
    "POST /admin/reviews/hide",
    "POST /admin/reviews/restore",
    "PATCH /admin/nominations",
]


class Told:
    """An answer as the verdicts read it."""

    def __init__(self, response):
        self.status_code, self.text, self.json = response.status_code, response.text, response.json
        self.headers = {name: texts[0] for name, texts in response.headers.items()}


@schemathesis.check
def honest_refusal(ctx, response, case):
    # What is no refusal may be no text either.
    fault = told_well(Told(response)) if response.status_code >= 400 else None
    assert fault is None, fault


class Run:
    """What was tried, what came back how often, and what was found: by check and operation, an example of each."""

    def __init__(self):
        self.tried, self.answers, self.found, self.broken = set(), Counter(), {}, []

    def note(self, event):
        if isinstance(event, events.NonFatalError | events.FatalError):
            self.broken.append(event)
        if isinstance(event, events.ScenarioFinished):
            self.tried.add(event.label)
            interactions = event.recorder.interactions.values()
            self.answers.update(each.response.status_code for each in interactions if each.response)
            for check in (check for checks in event.recorder.checks.values() for check in checks if check.failure_info):
                example = check.failure_info.failure.message, check.failure_info.code_sample
                self.found.setdefault((check.name, event.label), example)


@pytest.fixture(scope="module", params=[SOME, pytest.param(MANY, marks=pytest.mark.prove)], ids=["some", "many"])
def run(gateway, place, request):
    seconds, examples = request.param
    generation = {"deterministic": True, "max-examples": examples, "no-shrink": True, "database": "none"}
    settings = {
        # An admin's: no missing right hides what is missing elsewhere.
        "headers": {"Authorization": f"Bearer {gateway.admin_key}"},
        "seed": 3,
        "request-timeout": 20,
        "workers": 1,  # hypothesis moves the recursion limit, which breaks whatever parses in another thread
        "generation": generation,
        "checks": {"enabled": False} | {name: {"enabled": True} for name in CHECKS},
        "operations": [
            {"include-name": lenient, "checks": {"negative_data_rejection": {"enabled": False}}}
            for lenient in (*FORMS, *TEXTS, *BATCHES)
        ],
    }
    config = SchemathesisConfig.from_dict(settings)
    stream = from_schema(schemathesis.openapi.from_url(f"{gateway.url}/openapi.json", config=config)).execute()
    told, deadline = Run(), time.monotonic() + seconds
    for event in stream:
        told.note(event)
        if time.monotonic() > deadline:
            stream.stop()
    return told


def test_no_answer_breaks_what_the_document_promises(run):
    assert run.found == {}
    assert run.broken == []


def test_every_operation_was_tried_and_much_of_it_accepted(run, surface):
    assert set(map(str, surface)) <= run.tried
    accepted = sum(count for status, count in run.answers.items() if status < 300)
    assert accepted > len(surface) / 2, run.answers
