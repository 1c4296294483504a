"""The demo's clock is moved, and the demo started again days later: time in which nothing ran."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, and_, exists, func, insert, select, update

from bot.signs import HEARD
from bot.world import World
from domain.accounts import PAY_LINK_LIFE
from storage.tables import accounts, imports, invoices, pay_links
from storage.transactions import transaction

_LINK_LEFT = timedelta(days=3)


def pass_time(world: World, *, org_id: int) -> None:
    """Whatever time was passed over: do as if the house had run in it, or a jump would look like an outage.

    The books were read again, Slack was heard of, and what the watch saw last it has seen just now: of a row that is
    red the Controllers hear when it is red for as long on the clock that ticks.
    """
    at = world.clock.now()
    refresh_books(engine=world.engine, org_id=org_id, at=at)
    world.signs.note(HEARD)
    with world.uow_for(org_id)() as work:
        work.house.keep([replace(alarm, since=at, seen_at=at) for alarm in work.house.alarms(lock=True)])


def refresh_books(engine: Engine, *, org_id: int, at: datetime) -> int:
    """Do as if the files had just been imported again, unchanged; returns how many accounts are in sync now.

    A pay link that was live at the last reading stays in use, so it does not die under somebody who moves the clock.
    """
    with transaction(engine, org_id=org_id) as connection:
        in_use = (
            select(invoices.c.id)
            .join(accounts, and_(accounts.c.org_id == org_id, accounts.c.id == invoices.c.account_id))
            .where(
                invoices.c.org_id == org_id,
                invoices.c.id == pay_links.c.invoice_id,
                accounts.c.synced_at < pay_links.c.expires_at,
            )
            .correlate(pay_links)
        )
        connection.execute(
            update(pay_links)
            .where(pay_links.c.org_id == org_id, pay_links.c.expires_at < at + _LINK_LEFT, exists(in_use))
            .values(expires_at=at + PAY_LINK_LIFE)
        )
        _import_again(connection, org_id, at)
        synced = connection.execute(update(accounts).where(accounts.c.org_id == org_id).values(synced_at=at))
        return synced.rowcount


def _import_again(connection: Connection, org_id: int, at: datetime) -> None:
    """A run of each file like its last one, in which nothing had changed."""
    newest = select(func.max(imports.c.id)).where(imports.c.org_id == org_id).group_by(imports.c.kind)
    runs = connection.execute(select(imports).where(imports.c.id.in_(newest))).mappings()
    unchanged = {"started_at": at, "finished_at": at, "added": 0, "changed": 0}
    again = [{**run, **unchanged, "unchanged": run["read"]} for run in runs]
    connection.execute(insert(imports), [{name: run[name] for name in run if name != "id"} for run in again])
