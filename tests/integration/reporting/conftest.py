"""A newsroom on each database."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.integration.reporting.newsroom import Newsroom, open_newsroom


@pytest.fixture
def news(database: Engine, organisation: int) -> Newsroom:
    return open_newsroom(database, organisation)
