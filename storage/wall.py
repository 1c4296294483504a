"""The second wall, on PostgreSQL: row-level security by organisation, below the statements that `Scope` checks.

A policy on every table of organisations' rows compares `org_id` with a setting of the transaction. Where nothing is set
there are no rows and none can be written; EVERY opens all of them to what works across organisations. The policies are
the revisions'; superusers and roles with BYPASSRLS are bound by none.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Engine, text

SETTING: Final = "plixo.org"
"""The setting: an organisation's id, or EVERY."""
EVERY: Final = "*"

_IS_BOUND = text("SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user")


def binds(engine: Engine) -> bool:
    """Whether the policies bind the role that the engine logs in as. Never on SQLite, which has none."""
    if engine.dialect.name != "postgresql":
        return False
    with engine.connect() as connection:
        return bool(connection.execute(_IS_BOUND).scalar_one())
