"""The listening service under test."""

import pytest

from listening.main import app as listening


@pytest.fixture
def app():
    return listening
