"""Every endpoint of the running gateway against addresses that nobody asks for who means well."""

from uuid import uuid4

import pytest

from tests.security import hostile
from tests.security.conftest import Place
from tests.security.surface import kinds, variants
from tests.security.verdicts import faults, refused, told_well

JSON = {"Content-Type": "application/json"}


def ask(caller, operation, place, query="", **ids):
    address = operation.template.format_map(type(place)(place | ids)) + query
    return caller.request(operation.method, address, content=operation.honest, headers=JSON if operation.body else {})


def asked(operation, name, spelled):
    """A query with all that the address needs, and `name` spelled like this."""
    others = [each["name"] for each in operation.in_query if each.get("required") and each["name"] != name]
    return "?" + "&".join([*(f"{other}=a" for other in others), f"{name}={spelled.replace('{name}', name)}"])


@pytest.fixture(scope="session")
def in_query(surface):
    return [(operation, parameter) for operation in surface for parameter in operation.in_query]


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("offence", hostile.IDS)
def test_no_address_takes_for_an_id(caller, surface, place, offence):
    assert not faults(
        (f"{operation} {name}", refused(ask(caller, operation, place, **{name: hostile.IDS[offence]})))
        for operation in surface
        # A slug is no id but a name, which may be any.
        for name in (parameter["name"] for parameter in operation.in_path if parameter["name"] != "slug")
    )


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("offence", hostile.TEXTS_IN_QUERY)
def test_no_query_breaks_by(caller, in_query, place, offence):
    verdict = refused if "NUL" in offence else told_well
    spelled = hostile.TEXTS_IN_QUERY[offence]
    answers = (
        (
            f"{operation} {parameter['name']}",
            # Who is deleted with an odd reason is deleted.
            ask(
                caller,
                operation,
                place if operation.method == "GET" else Place(place, user_id=str(uuid4())),
                asked(operation, parameter["name"], spelled),
            ),
        )
        for operation, parameter in in_query
    )
    assert not faults((name, verdict(answer)) for name, answer in answers)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("spelled", hostile.NUMBERS_IN_QUERY)
def test_no_query_takes_for_a_number(caller, in_query, place, spelled):
    numbers = [each for each in in_query if "integer" in kinds(each[1]["schema"])]
    assert numbers
    assert not faults(
        (f"{operation} {parameter['name']}", refused(ask(caller, operation, place, asked(operation, name, spelled))))
        for operation, parameter in numbers
        if (name := parameter["name"])
    )


def test_every_number_in_a_query_has_both_bounds(in_query):
    numbers = [variants(parameter["schema"])[0] for _, parameter in in_query if "integer" in kinds(parameter["schema"])]
    assert all({"minimum", "maximum"} <= set(each) for each in numbers)


@pytest.mark.usefixtures("untouched")
def test_no_cursor_is_taken_that_is_none_of_ours(caller, in_query, place):
    paged = [operation for operation, parameter in in_query if parameter["name"] == "cursor"]
    assert paged
    assert not faults(
        (f"{operation} {cursor}", refused(ask(caller, operation, place, asked(operation, "cursor", cursor))))
        for operation in paged
        for cursor in hostile.CURSORS
    )
