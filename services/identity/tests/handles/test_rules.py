"""Which handles there may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.handles.rules import FORM, BadHandle, ReservedHandle, check_handle, looks


@pytest.mark.parametrize("handle", ["ida", "a1", "ida_b", "ida.b-c", "x" * 32, "007"])
def test_handles_are_letters_digits_and_a_few_marks(handle):
    assert check_handle(handle) == handle


def test_case_does_not_count():
    assert check_handle("IdaB") == "idab"


@pytest.mark.parametrize(
    "handle",
    [
        "",
        "a",
        "x" * 33,
        "ida b",
        ".ida",
        "ida.",
        "_ida",
        "ida-",
        "ida/b",
        "@ida",
        "ida\n",
        "ida\0",
        "\u0456da",
        "\u212aate",
        "id\u0430",
    ],
)
def test_what_is_none_is_refused_and_so_are_letters_that_only_look_like_latin_ones(handle):
    with pytest.raises(BadHandle):
        check_handle(handle)


@pytest.mark.parametrize("handle", ["admin", "ADMIN", "me", "adm1n", "sidetrack", "s1detrack", "m0d", "rnod"])
def test_nobody_is_called_like_an_address_or_a_role_or_looks_like_it(handle):
    with pytest.raises(ReservedHandle):
        check_handle(handle)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ida1", "idal"), ("idai", "ida1"), ("b0b", "bob"), ("rnia", "mia"), ("a-b", "a.b"), ("5am", "sam")],
)
def test_handles_that_are_hard_to_tell_apart_look_the_same(one, other):
    assert looks(one) == looks(other)


def test_others_do_not():
    assert looks("ida") != looks("ada")


@given(st.text())
def test_whatever_is_typed_is_kept_in_its_form_or_refused(text):
    try:
        handle = check_handle(text)
    except (BadHandle, ReservedHandle):
        return
    assert FORM.fullmatch(handle)
    assert check_handle(handle) == handle
