"""Building an engine connects to nothing, and any spelling of PostgreSQL's URL is understood."""

from __future__ import annotations

import pytest
import sqlalchemy.exc

from storage.engine import build_engine
from storage.failures import is_passing


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_spelling_means_psycopg_three(scheme: str) -> None:
    engine = build_engine(f"{scheme}://plixo:s3cret@nowhere.invalid:5432/plixo")
    assert engine.url.drivername == "postgresql+psycopg"
    assert "s3cret" not in repr(engine)
    engine.dispose()


class _Original(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "passes"),
    [
        *((code, True) for code in "40001 40P01 55P03 57014 57P01 08006 53300".split()),
        *((code, False) for code in "53100 25006 23505 42P01 22001".split()),
    ],
)
def test_which_failures_pass_by_themselves(sqlstate: str, passes: bool) -> None:
    error = sqlalchemy.exc.OperationalError("SELECT 1", {}, _Original(sqlstate))
    assert is_passing(error) is passes
