"""What a request did: every row of every table that it added, changed or took away, and whether anybody read anything.

The database itself keeps the list, by triggers: nothing is missed, be it changed and changed back, and looking costs
as little with ten thousand rows as with ten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, Table

from sandbox.delivery.records import Delivery
from sandbox.server import SandboxServer
from storage import tables
from tests.scenario.fuzz_hand import Payload

Change = tuple[str, dict[str, Any] | None, dict[str, Any] | None]
"""Table, the row before, the row after."""
ALL = tuple(table for table in tables.metadata.sorted_tables if table is not tables.heartbeats)
"""Everything but the beat, which is no one's deed."""
TELLING = frozenset(
    {"views.open", "views.push", "views.update", "views.publish", "chat.postMessage", "chat.postEphemeral"}
)
_ANSWERS = ("text", "errors", "options")
"""What in an acknowledgement is read by the person."""
_LOG = "watched_changes"


@dataclass(frozen=True)
class Seen:
    """`said`: everything that was said to anybody, in one text. `has_words`: the person read something."""

    delivery: Delivery
    changes: list[Change]
    said: str
    has_words: bool

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(table for table, _, _ in self.changes)

    @property
    def audited(self) -> list[dict[str, Any]]:
        return [after for table, before, after in self.changes if table == "audit" and before is None and after]

    @property
    def is_refused(self) -> bool:
        return any(entry["action"].endswith(".refused") for entry in self.audited)


@dataclass
class Watch:
    """Looks at the rows of all organisations. What changes between two looks belongs to what was done meanwhile."""

    slack: SandboxServer
    engine: Engine
    sent: int = 0

    def look(self) -> list[Change]:
        """What changed since the last look."""
        with self.engine.begin() as connection:
            rows = connection.exec_driver_sql(f'SELECT name, was, became FROM {_LOG} ORDER BY "id"').all()
            if rows:
                connection.exec_driver_sql(f"DELETE FROM {_LOG}")
        changes = [(row[0], _read(row[1]), _read(row[2])) for row in rows]
        # A lock that is taken by writing what stands there changes nothing.
        return [(table, before, after) for table, before, after in changes if before != after]

    def send(self, payload: Payload) -> Seen:
        """Send it and carry it, as Slack would, and look."""
        carrier = self.slack.stage.carrier
        calls, told, began = len(self.slack.desk.calls), self._told(), self.slack.workspace.next_ts()
        if "command" in payload:
            delivery = carrier.command(payload)
        elif "event" in payload:
            delivery = carrier.event(payload)
        else:
            delivery = carrier.interaction(payload)
        carrier.carry(delivery)
        self.sent += 1
        said = [one for one in self.slack.desk.calls[calls:] if one.method in TELLING and one.ok]
        has_words = bool(said) or self._told() > told or any(f'"{word}"' in delivery.text for word in _ANSWERS)
        words = [*(one.arguments for one in said), *self._written_since(began)]
        return Seen(delivery, self.look(), f"{delivery.text}{words}", has_words)

    def owners(self) -> dict[int, str]:
        """Who owns which account, by its id."""
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, owner_email FROM accounts")}

    def _written_since(self, ts: str) -> list[object]:
        """What is said on a response URL is no call: the blocks of the messages that are new or say something else."""
        with self.slack.workspace.lock:
            held = [one for messages in self.slack.workspace.messages.values() for one in messages]
            return [one.blocks for one in held if float(one.edited_at or one.ts) > float(ts)]

    def _told(self) -> float:
        """Changes with everything that is said on a response URL, in a new message or in place of one."""
        workspace = self.slack.workspace
        with workspace.lock:
            held = [one for messages in workspace.messages.values() for one in messages]
            return len(held) + sum(float(one.edited_at or 0) for one in held)


@contextmanager
def watching(engine: Engine) -> Iterator[None]:
    """Triggers on every table for as long as it lasts: the database is used again by other tests."""
    is_postgres = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        (_on_postgres if is_postgres else _on_sqlite)(connection)
    yield
    if is_postgres:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP FUNCTION note_change CASCADE; DROP TABLE {_LOG}")


def _on_postgres(connection: Connection) -> None:
    connection.exec_driver_sql(
        f"""
        CREATE TABLE {_LOG} (id bigserial PRIMARY KEY, name text, was jsonb, became jsonb);
        CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
            INSERT INTO {_LOG} (name, was, became) VALUES (
                TG_TABLE_NAME,
                CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
                CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
            );
            RETURN NULL;
        END $$;
        """
    )
    for table in ALL:
        connection.exec_driver_sql(
            f"CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON {table.name} "
            "FOR EACH ROW EXECUTE FUNCTION note_change()"
        )


def _on_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"CREATE TABLE {_LOG} (id INTEGER PRIMARY KEY, name text, was text, became text)")
    for table in ALL:
        for act, was, became in (
            ("INSERT", "NULL", _as_json(table, "NEW")),
            ("UPDATE", _as_json(table, "OLD"), _as_json(table, "NEW")),
            ("DELETE", _as_json(table, "OLD"), "NULL"),
        ):
            connection.exec_driver_sql(
                f"CREATE TRIGGER note_{act}_{table.name} AFTER {act} ON {table.name} BEGIN "
                f"INSERT INTO {_LOG} (name, was, became) VALUES ('{table.name}', {was}, {became}); END"
            )


def _as_json(table: Table, row: str) -> str:
    def value(column: Any) -> str:
        named = f'{row}."{column.name}"'
        return f"hex({named})" if isinstance(column.type, LargeBinary) else named

    return "json_object(" + ", ".join(f"'{column.name}', {value(column)}" for column in table.columns) + ")"


def _read(row: Any) -> dict[str, Any] | None:
    """JSON on SQLite, read by the driver on PostgreSQL."""
    return json.loads(row) if isinstance(row, str) else row
