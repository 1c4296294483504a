"""The databases of the rounds."""

from __future__ import annotations

import pytest

from tests.postgres import OwnServer


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest) -> OwnServer | None:
    """Where the rounds take place: on a PostgreSQL that may be crashed, or (None) on an SQLite file."""
    return request.getfixturevalue("own_postgres") if request.param == "postgres" else None
