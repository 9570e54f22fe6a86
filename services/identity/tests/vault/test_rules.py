"""What a vault key is, and what of it may be told."""

import base64

import pytest

from identity.vault.rules import BadVaultKeys, read_keys

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()


def test_keys_are_read_in_the_order_they_are_given():
    assert [*read_keys(f"newer001:{OTHER}, older001:{KEY}")] == ["newer001", "older001"]


def test_no_keys_are_no_mistake():
    assert read_keys("") == {}


@pytest.mark.parametrize(
    "wrong",
    [KEY, f"short:{KEY}", f"UPPER001:{KEY}", "abcd1234:", "abcd1234:c2hvcnQ=", "abcd1234:%%%", f"a:{KEY}", "x" * 99],
)
def test_what_is_no_key_is_refused_and_never_quoted(wrong):
    with pytest.raises(BadVaultKeys) as refused:
        read_keys(wrong)
    assert wrong not in str(refused.value)


def test_an_id_stands_for_one_key():
    with pytest.raises(BadVaultKeys):
        read_keys(f"abcd1234:{KEY},abcd1234:{OTHER}")
