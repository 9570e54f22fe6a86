"""Every endpoint of the running gateway against bodies that nobody sends who means well."""

import random
import unicodedata
from dataclasses import replace
from itertools import count, cycle, islice
from uuid import uuid4

import pytest

from contracts.results import NOMINATION
from gateway.limits import limit_of
from tests.security import hostile
from tests.security.surface import kinds, variants
from tests.security.verdicts import faults, refused, refused_at, told_well

WEEKS = count(1000)
JSON = {"Content-Type": "application/json"}

ODD_TEXTS = {
    "from right to left": "שלום \u202eabc\u202c",
    "zero width": "a\u200bb\u200d\u2060c\ufeffd",
    "combining, to be composed": "Bjo\u0308rk, e\u0301",
    "combining without end": "Z" + "\u0300\u0316" * 20,
    "a family of emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f3f3\ufe0f\u200d\U0001f308",
    "astral letters": "\U0001d11e \U0001d505\U0001d529\U0001d532\U0001d522 \U00020bb7",
    "noncharacters": "\uffff\U0010ffff \ufdd0",
    "control characters": "a\x01\x1b[31mb\x7f\x85c",
    "several lines": "a\r\n\tb\u2028c",
    "full-width": "\uff37\uff29\uff24\uff25\uff05\uff3f",
    "SQL and HTML": "'; DROP TABLE weeks; -- <script>alert(1)</script> ${7*7} %s {0}",
}


def send(caller, operation, place, content, headers=JSON):
    if isinstance(content, bytes):
        # No example knows the id of a nomination that is there.
        content = content.replace(NOMINATION.encode(), place["nomination_id"].encode())
    # Whoever was signed in by an answer before is nobody again.
    caller.cookies.clear()
    return caller.request(
        operation.method, operation.template.format_map(place), content=content, headers={**JSON, **headers}
    )


def test_every_body_brings_an_example_that_is_accepted(bot, with_body, place, make_place):
    answers = []
    for number, operation in enumerate(with_body, start=100):
        # In a week of its own: some moves it on, and then it does not take the next.
        own = make_place(number)
        honest = operation.honest.replace(place["nomination_id"].encode(), own["nomination_id"].encode())
        answers.append((str(operation), send(bot, operation, own, honest)))
    refused = {name: answer.json()["code"] for name, answer in answers if not answer.is_success}
    # An account is made once, and by whoever comes first.
    for once in ("POST /auth/register", "POST /auth/login", "POST /auth/token"):
        refused.pop(once, None)
    # A result is overridden once there is one, and a review restored that was given: no example can know of those,
    # nor of a key to rotate. And what people do for themselves, no program does.
    # Nor of two that are one.
    assert refused == {
        "POST /admin/albums/{album_id}/merge": "unknown_album",
        "POST /admin/albums/{album_id}/undo": "never_merged",
        "POST /admin/artists/{artist_id}/merge": "unknown_artist",
        "POST /admin/artists/{artist_id}/undo": "never_merged",
        "POST /admin/users/merge": "no_such_user",
        "POST /api/auth": "for_people_only",
        "POST /auth/listenbrainz/link": "only_for_members",
        "POST /auth/password": "only_people",
        "POST /admin/weeks/{week_id}/override-winner": "no_result",
        "POST /admin/reviews/{rating_id}/restore": "no_such_review",
        "POST /admin/keys/{key_id}/rotate": "invalid",
        "POST /users/me/keys": "for_people_only",
        "PATCH /users/me": "for_people_only",
        "PATCH /users/me/listens/{listen}": "for_people_only",
        "POST /users/me/listens/{listen}/merge": "for_people_only",
    }


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("offence", hostile.FIELDS)
def test_every_field_refuses(caller, bot, with_body, place, offence):
    verdict = refused_at if caller is bot else lambda answer, _: refused(answer)
    offences = [
        (operation, path, spelled)
        for operation in with_body
        for path, schema in operation.fields()
        if (spelled := hostile.FIELDS[offence](schema)) is not None
    ]
    if caller is not bot:
        # Whoever is nobody is told so before anything is read: one field of each body shows it.
        offences = [*{str(operation): (operation, path, spelled) for operation, path, spelled in offences}.values()]
    assert offences
    assert not faults(
        (f"{operation} {path}", verdict(send(caller, operation, place, operation.with_field(path, spelled)), path))
        for operation, path, spelled in offences
    )


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("offence", hostile.TOO_MUCH_TO_READ)
def test_no_field_takes_more_than_can_be_read(bot, with_body, place, offence):
    spelled = hostile.TOO_MUCH_TO_READ[offence]
    assert not faults(
        (f"{operation} {path}", refused(send(bot, operation, place, operation.with_field(path, spelled))))
        for operation in with_body
        for path, _ in operation.fields()
    )


@pytest.mark.usefixtures("untouched")
def test_no_object_takes_a_field_it_does_not_know(bot, with_body, place):
    assert not faults(
        (f"{operation} {path}", refused_at(send(bot, operation, place, operation.with_field(path, "1")), path))
        for operation in with_body
        for path in ((*inside, "sneaky") for inside in operation.objects())
    )


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("body", hostile.BODIES)
def test_no_endpoint_takes_a_body_of(caller, with_body, place, body):
    assert not faults(
        (str(operation), refused(send(caller, operation, place, hostile.BODIES[body]))) for operation in with_body
    )


def test_a_key_said_twice_breaks_nothing(bot, with_body, place):
    for operation in with_body:
        first, *_ = operation.example
        twice = b'{"%b": {"a": []}, ' % first.encode() + operation.honest[1:]
        assert told_well(send(bot, operation, place, twice)) is None, str(operation)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("disguise", hostile.DISGUISES)
def test_no_endpoint_takes_a_body_that_comes(caller, with_body, place, disguise):
    headers, disguised = hostile.DISGUISES[disguise]
    assert not faults(
        (str(operation), refused(send(caller, operation, place, disguised(operation.honest), headers)))
        for operation in with_body
    )


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
def test_no_endpoint_takes_more_than_its_limit(caller, with_body, place, announced):
    for operation in with_body:
        body = b'{"a": "' + b"x" * limit_of(operation.template) + b'"}'
        pieces = [body[at : at + 65_536] for at in range(0, len(body), 65_536)]
        answer = send(caller, operation, place, body if announced else iter(pieces))
        assert (str(operation), answer.status_code, refused(answer)) == (str(operation), 413, None)


@pytest.mark.usefixtures("untouched")
def test_a_mebibyte_of_text_is_read_and_refused(bot, with_body, place):
    body = b'{"a": "' + b"x" * (hostile.MEBIBYTE - 9) + b'"}'
    assert not faults((str(operation), refused(send(bot, operation, place, body))) for operation in with_body)


@pytest.mark.parametrize("turn", range(3))
def test_odd_text_comes_back_composed_and_unharmed_or_is_refused(bot, with_body, make_place, turn):
    # Each field gets three of them, and its neighbours others.
    texts = islice(cycle(ODD_TEXTS.values()), turn, None, 4)
    _come_back(bot, with_body, make_place(next(WEEKS)), lambda schema: next(texts)[: schema["maxLength"]])


def test_text_as_long_as_its_bound_comes_back_whatever_it_takes_to_store_it(bot, with_body, make_place):
    dice = random.Random(4)
    ranges = cycle([(0x4E00, 0x9FFF), (0x20000, 0x2A6DF), (0xAC00, 0xD7A3), (0xFC00, 0xFDC7), (0x20000, 0x2A6DF)])

    def written(schema):
        first, last = next(ranges)
        return "".join(chr(dice.randint(first, last)) for _ in range(schema["maxLength"]))

    _come_back(bot, with_body, make_place(next(WEEKS)), written)


def _come_back(bot, with_body, place, written):
    """Each free text of each body: an answer that accepts it holds it, composed."""
    accepted = 0
    # What moves the week on comes last: else it would not take the others.
    texts = sorted(_free_texts(with_body), key=lambda each: each[0].template.endswith("/advance"))
    for operation, path, schema in texts:
        text = written(schema)
        answer = send(bot, operation, place, _of_a_stranger(operation).with_field(path, hostile.spell(text)))
        assert told_well(answer) is None, (str(operation), path, told_well(answer))
        # What is only asked for need not be there.
        asked = operation.template == "/music/resolve"
        if answer.is_success and not asked and _repeats(answer.json(), path):
            accepted += 1
            assert unicodedata.normalize("NFC", text).strip() in _texts(answer.json()), (str(operation), path)
    # A batch, and a plain list of outcomes, do not repeat what they were told.
    assert accepted * 2 > len(with_body)


def _repeats(answer, path):
    # Who nominates beside others only fills in the tags that they left open.
    if path[0] == "tags" and answer.get("co_nominators"):
        return False
    # A ballot does not say again by which name it found its album, a roster whom it holds, a resync what it read, a
    # batch what it changed, a session its password, nor a token of what program it is.
    if (
        "outcomes" in answer
        or path[0] in {"members", "messages", "items", "listens", "client_name", "password"}
        or (path[0] == "reason" and answer.get("reason") is None)
    ):
        return False
    return path[0] != "album" or not {"album", "winner"}.isdisjoint(answer)


def _free_texts(operations):
    """The fields that take any text, with its bounds."""
    for operation in operations:
        for path, schema in operation.fields():
            text = next((each for each in variants(schema) if kinds(each) == {"string"}), {})
            if "maxLength" in text and "pattern" not in text:
                yield operation, path, text


def _of_a_stranger(operation):
    # Somebody whom the club knows already keeps the name they have.
    whole = operation.example
    if "user" in whole:
        whole = whole | {"user": {"discord_id": str(uuid4().int >> 65), "display_name": "Stranger"}}
    return replace(operation, body=operation.body | {"examples": [whole]})


def _texts(node):
    if isinstance(node, dict | list):
        return {text for each in (node.values() if isinstance(node, dict) else node) for text in _texts(each)}
    return {node} if isinstance(node, str) else set()
