"""Passwords: which there may be, and how they are kept."""

import pytest

from identity.passwords.hashing import fits, fits_apart, hashed
from identity.passwords.rules import WeakPassword, check_password


@pytest.mark.parametrize("password", ["ten letters", "x" * 9 + "y", "пароль на десять", "🎵" * 9 + "🎶", " " * 9 + "x"])
def test_ten_characters_of_any_script_are_a_password(password):
    assert check_password(password, "wren")


@pytest.mark.parametrize("password", ["", "nine char", "x" * 201, "aaaaaaaaaaaa", "nul\0in the middle", "wrenwrenwr"])
def test_what_is_easily_guessed_or_cannot_be_kept_is_none(password):
    with pytest.raises(WeakPassword):
        check_password(password, "wrenwrenwr")


def test_however_a_keyboard_composes_it_it_is_the_same_password():
    assert check_password("cafe\u0301 at night", None) == check_password("caf\u00e9 at night", None)


def test_one_password_is_kept_differently_each_time_and_fits_each():
    one, other = hashed("four words"), hashed("four words")
    assert one != other
    assert fits("four words", one)
    assert fits("four words", other)
    assert not fits("four word", one)


async def test_nothing_fits_who_has_no_password():
    assert not await fits_apart("four words", None)
    assert await fits_apart("four words", hashed("four words"))
