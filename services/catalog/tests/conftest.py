"""The catalog service under test."""

import pytest

from catalog.main import app as catalog


@pytest.fixture
def app():
    return catalog
