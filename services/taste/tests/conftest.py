"""The taste service under test."""

import pytest

from taste.main import app as taste


@pytest.fixture
def app():
    return taste
