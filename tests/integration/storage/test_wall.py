"""The second wall, tried from outside: a raw connection of the role that Plixo logs in as, and SQL of anybody's choice.

The first wall (`Scope`) is not in the way here. Each test would pass through a forgotten condition, a lost bind or an
injected statement; the policies must stop it.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, text

from storage.directory import Directory
from storage.engine import build_engine
from storage.tables import SCOPED, messages
from storage.transactions import transaction
from storage.unit_of_work import build_unit_of_work
from storage.wall import EVERY, SETTING, binds
from tests import factories
from tests.factories import NOON
from tests.postgres import OwnServer, Server, find_binaries
from tests.stage import set_the_stage

pytestmark = pytest.mark.postgres

OUTSIDE = {"search_words"}
"""Words of names, without whose they are: decision 10."""
WALLED = sorted({table.name for table in SCOPED} - OUTSIDE)
OF_THE_STAGE = {
    "users",
    "accounts",
    "account_keys",
    "contacts",
    "invoices",
    "pay_links",
    "templates",
    "messages",
    "audit",
}


@dataclass(frozen=True)
class Neighbours:
    """Two organisations with the same things in them, and a raw connection that has said nothing yet."""

    ours: int
    theirs: int
    line: psycopg.Connection

    def say(self, value: object) -> None:
        self.line.execute("SELECT set_config(%s, %s, true)", [SETTING, str(value)])

    def seen(self, table: str) -> set[int]:
        """Whose rows of the table are seen."""
        query = sql.SQL("SELECT DISTINCT org_id FROM {}").format(sql.Identifier(table))
        return {org_id for (org_id,) in self.line.execute(query)}

    def tried(self, statement: str) -> int:
        """How many rows the statement changed; everything before it stays."""
        with self.line.transaction():
            return self.line.execute(statement).rowcount


@pytest.fixture
def neighbours(postgres: Engine, postgres_url: str) -> Iterator[Neighbours]:
    orgs = [factories.make_organisation(postgres, name=name) for name in ("Northwind", "Contoso")]
    for org_id in orgs:
        set_the_stage(postgres, org_id).queued()
    with psycopg.connect(postgres_url) as line:
        yield Neighbours(*orgs, line)
        line.rollback()


def test_nobody_sees_anything_who_has_not_said_whose(neighbours: Neighbours) -> None:
    assert not any(neighbours.seen(name) for name in WALLED)
    assert neighbours.tried("UPDATE messages SET reason = 'paused'") == 0
    assert neighbours.tried("DELETE FROM audit") == 0


def test_whoever_says_whose_sees_only_theirs(neighbours: Neighbours) -> None:
    for org_id in (neighbours.ours, neighbours.theirs):
        neighbours.say(org_id)
        seen = {name: neighbours.seen(name) for name in WALLED}
        assert set().union(*seen.values()) == {org_id}
        assert {name for name, orgs in seen.items() if orgs} >= OF_THE_STAGE


@pytest.mark.parametrize("said", ["", "0", "-1", "999999"])
def test_an_organisation_that_is_none_has_no_rows(neighbours: Neighbours, said: str) -> None:
    neighbours.say(said)
    assert not any(neighbours.seen(name) for name in WALLED)


@pytest.mark.parametrize("said", ["1 OR true", "**", "1;2", "NULL"])
def test_words_instead_of_an_organisation_are_an_error(neighbours: Neighbours, said: str) -> None:
    neighbours.say(said)
    with pytest.raises(psycopg.DataError):
        neighbours.seen("messages")


def test_rows_of_others_are_not_added(neighbours: Neighbours) -> None:
    neighbours.say(neighbours.ours)
    for statement in (
        "INSERT INTO sending_days (org_id, domain, day) VALUES ({theirs}, 'd', '2026-11-23')",
        "INSERT INTO sending_days (org_id, domain, day) VALUES ({theirs}, 'd', '2026-11-23') ON CONFLICT DO NOTHING",
        "INSERT INTO segment_days (org_id, domain, day, segment) VALUES ({theirs}, 'd', '2026-11-23', 's')",
        "INSERT INTO notices (org_id, key, kind, subject, state, due_at, changed_at)"
        " VALUES ({theirs}, 'k', 'ar_alert', 's', 'pending', now(), now())",
    ):
        with pytest.raises(InsufficientPrivilege, match="row-level security"):
            neighbours.tried(statement.format(theirs=neighbours.theirs))
    assert (
        neighbours.tried(
            f"INSERT INTO sending_days (org_id, domain, day) VALUES ({neighbours.ours}, 'd', '2026-11-23')"
        )
        == 1
    )


def test_rows_of_others_are_not_changed_or_taken_away(neighbours: Neighbours) -> None:
    neighbours.say(neighbours.ours)
    assert neighbours.tried("UPDATE messages SET reason = 'paused'") == 1
    assert neighbours.tried(f"UPDATE messages SET reason = 'paused' WHERE org_id = {neighbours.theirs}") == 0
    assert neighbours.tried(f"DELETE FROM audit WHERE org_id = {neighbours.theirs}") == 0
    with pytest.raises(InsufficientPrivilege, match="row-level security"):
        neighbours.tried(f"UPDATE templates SET org_id = {neighbours.theirs}")
    neighbours.say(EVERY)
    assert neighbours.seen("audit") == {neighbours.ours, neighbours.theirs}


def test_the_owner_of_the_tables_cannot_look_past_it(neighbours: Neighbours) -> None:
    neighbours.line.execute("SET row_security = off")
    with pytest.raises(InsufficientPrivilege, match="row-level security"):
        neighbours.seen("messages")


def test_what_works_across_organisations_says_so(neighbours: Neighbours, postgres_url: str) -> None:
    """The loop's question: one engine is open for it; any other refuses instead of answering with nobody."""
    across, other = build_engine(postgres_url, across=True), build_engine(postgres_url)
    with across.begin() as connection:
        assert connection.execute(text("SELECT count(DISTINCT org_id) FROM messages")).scalar_one() == 2
    at = NOON.replace(year=2027)
    assert {work.org_id for work in Directory(other, across=across).with_due_work(at)} == {
        neighbours.ours,
        neighbours.theirs,
    }
    with pytest.raises(RuntimeError, match="across"):
        Directory(other).with_due_work(at)
    across.dispose()
    other.dispose()


def test_what_a_transaction_said_is_gone_with_it(neighbours: Neighbours, postgres_url: str) -> None:
    """The same pooled connection, again and again, after both ways out."""
    engine = build_engine(postgres_url, pool_size=1)
    unit = build_unit_of_work(engine, org_id=neighbours.ours)
    for fails in (False, True):
        with unit() as work:
            assert work.templates.get("friendly", 1) is not None
        try:
            with unit() as work:
                assert work.templates.get("friendly", 1) is not None
                if fails:
                    raise KeyError
        except KeyError:
            pass
        with transaction(engine) as connection:
            assert connection.execute(text("SELECT count(*) FROM messages")).scalar_one() == 0
            assert connection.execute(text(f"SELECT current_setting('{SETTING}', true)")).scalar_one() == ""
    engine.dispose()


def test_the_two_walls_stand_one_behind_the_other(neighbours: Neighbours, postgres_url: str) -> None:
    """A statement that the first wall would have let through by mistake finds no more than its own rows."""
    engine = build_engine(postgres_url)
    with transaction(engine, org_id=neighbours.ours) as connection:
        assert {row.org_id for row in connection.execute(messages.select())} == {neighbours.ours}
    engine.dispose()


def test_a_backup_by_the_ordinary_role_is_whole_or_refused(
    neighbours: Neighbours, postgres_server: Server, postgres_url: str
) -> None:
    """Never a file with nothing in it: pg_dump stops at the wall, unless it says that it is for all organisations."""
    if not isinstance(postgres_server, OwnServer):
        pytest.skip("The programs of the server that was given are not known.")
    dump = [find_binaries() / "pg_dump", "--data-only", "--table=messages", postgres_url]
    refused = subprocess.run(dump, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "row-level security" in refused.stderr
    whole = subprocess.run(
        [*dump, "--enable-row-security"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PGOPTIONS": f"-c {SETTING}={EVERY}"},
    )
    assert len(re.findall(r"\tview:V1\t", whole.stdout)) == 2


def test_every_table_of_rows_of_organisations_has_the_wall(postgres: Engine) -> None:
    """Whatever a later revision adds: the policy, for everybody, and for the owner too."""
    with postgres.connect() as connection:
        walled = connection.execute(
            text(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
                " AND relnamespace = 'public'::regnamespace"
            )
        ).scalars()
        assert sorted(walled) == WALLED
        policies = connection.execute(
            text("SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies")
        ).all()
    assert sorted(policy.tablename for policy in policies) == WALLED
    assert {policy[1:5] for policy in policies} == {("plixo_org", "PERMISSIVE", "{public}", "ALL")}
    (condition,) = {policy.qual for policy in policies} | {policy.with_check for policy in policies}
    assert "org_id" in condition


def test_whom_the_policies_do_not_bind_is_told_apart(postgres_server: Server, postgres_url: str) -> None:
    ordinary = build_engine(postgres_url)
    mighty = build_engine(postgres_server.superuser_url(ordinary.url.database or ""))
    assert binds(ordinary)
    assert not binds(mighty)
    ordinary.dispose()
    mighty.dispose()
