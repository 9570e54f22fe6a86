"""What an API key looks like, and when it is in force."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.keys.rules import hash_secret, in_force, parse, same_secret

NOW = datetime(2025, 11, 24, 20, tzinfo=UTC)
SECRET = "s" * 32


def test_a_key_has_an_id_and_a_secret_of_which_only_the_hash_is_passed_on():
    key = parse(f"sdt_abcd1234_{SECRET}_-")
    assert (key.id, key.secret_hash) == ("abcd1234", hash_secret(f"{SECRET}_-"))
    assert SECRET not in repr(key)


@pytest.mark.parametrize(
    "garbled",
    [
        "",
        "sdt_",
        SECRET,
        f"sdt_abcd1234_{SECRET[1:]}",
        f"sdt_abcd123_{SECRET}",
        f"sdt_ABCD1234_{SECRET}",
        f"SDT_abcd1234_{SECRET}",
        f"sdt_abcd1234_{SECRET}\n",
        f" sdt_abcd1234_{SECRET}",
        f"sdt_abcd1234_{SECRET}\0",
        f"sdt_abcd1234_{SECRET}é",
        f"sdt_abcd123\N{ARABIC-INDIC DIGIT FOUR}_{SECRET}",
        f"Bearer sdt_abcd1234_{SECRET}",
    ],
)
def test_what_is_no_key_is_no_key(garbled):
    assert parse(garbled) is None


@given(st.text())
def test_no_text_breaks_the_reading_of_keys(text):
    assert parse(text) is None


def test_only_the_same_secret_is_the_same():
    assert same_secret(hash_secret(SECRET), hash_secret(SECRET))
    assert not same_secret(hash_secret(SECRET), hash_secret(SECRET[:-1] + "t"))


@pytest.mark.parametrize(
    ("expires_at", "revoked_at", "expected"),
    [
        (None, None, True),
        (NOW + timedelta(seconds=1), None, True),
        (NOW, None, False),
        (NOW - timedelta(days=1), None, False),
        (None, NOW, False),
        (NOW + timedelta(days=1), NOW - timedelta(days=1), False),
    ],
)
def test_a_key_is_in_force_until_it_expires_or_is_revoked(expires_at, revoked_at, expected):
    assert in_force(expires_at, revoked_at, NOW) is expected
