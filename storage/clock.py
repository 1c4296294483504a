"""The clock all replicas share."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, func, select

from storage.transactions import read

_NOW = select(func.clock_timestamp())


class DatabaseClock:
    """PostgreSQL's clock, so that a replica whose own clock is off does not matter. SQLite's is the host's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def now(self) -> datetime:
        """Aware UTC. Raises Busy."""
        if self._engine.dialect.name != "postgresql":
            return datetime.now(UTC)
        ((at,),) = read(self._engine, _NOW)
        return at.astimezone(UTC)  # type: ignore[no-any-return]
