"""The office on each database."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario.office import SECRET, Office, open_office


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path, database_url=request.getfixturevalue(request.param)) as opened:
        yield opened


SECRETS = ("xoxb-", "xapp-", "pay.example", "paula@", SECRET)


@pytest.fixture(autouse=True)
def no_secret_in_a_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever goes wrong in any scenario: no token, address or pay link reaches a log line."""
    caplog.set_level(logging.DEBUG)
    yield
    for record in caplog.records:
        said = record.getMessage() + (record.exc_text or "")
        if record.name.split(".")[0] in ("bot", "handlers", "domain", "storage", "connectors"):
            assert not [secret for secret in SECRETS if secret in said], record.name
