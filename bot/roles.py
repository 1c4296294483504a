"""`plixo roles`: who may do what."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime, timedelta
from getpass import getuser

import click
from rich.table import Table

from bot.console import FAILED, err, out
from bot.desk import Desk, instant_of, open_desk, zone_of
from domain.ports import UnitOfWork
from domain.roles import because, granted
from domain.rules.access import GRANTABLE, MATRIX
from domain.values import Capability, Person, Role

DAY = click.DateTime(["%Y-%m-%d"])
UNTIL = "Only until the end of this day in the workspace's time zone"
WHY = click.option("--why", default="", help="The reason, in a few words; it stands in the audit log.")


@click.group()
def roles() -> None:
    """Who may do what: list people, set roles, grant the Nudge, deactivate."""


@roles.command(name="list")
def roles_list() -> None:
    """Everybody with their role as it is now."""
    with open_desk() as desk, desk.uow() as work:
        at = desk.at
        table = Table("E-mail", "Name", "Role", "Also may", "Active", "Seen in Slack")
        for person in work.people.everyone(at):
            also = ", ".join(sorted(person.capabilities)) or "–"
            table.add_row(
                person.email,
                person.name,
                person.role.value,
                also,
                "yes" if person.is_active else "no",
                "yes" if person.slack_user_id else "not yet",
            )
        out.print(table)


@roles.command(name="set")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--name", help="Name, for somebody new.")
@click.option("--until", type=DAY, help=f"{UNTIL}; then the old role returns.")
@WHY
def roles_set(email: str, role: str, name: str | None, until: datetime | None, why: str) -> None:
    """Give somebody a role. Somebody new is added and matched in Slack by e-mail."""
    with open_desk() as desk, desk.uow() as work:
        at, ends = desk.at, _end_of(until, desk, work)
        person = work.people.by_email(email, at)
        before = work.roles.of([person.id], at)[person.id].facts() if person else None
        if person is None:
            if until:
                err.print("There is nobody with this address yet; set a lasting role first.")
                sys.exit(FAILED)
            person = Person(
                org_id=0, id=0, email=email, name=name or email.partition("@")[0], role=Role(role), is_active=True
            )
            person = work.people.save(person)
        else:
            work.people.save(replace(person, name=name or person.name))
            work.people.grant(person.id, role=Role(role), capability=None, until=ends, by=getuser())
        after = because({**work.roles.of([person.id], at)[person.id].facts(), "by": getuser()}, why)
        work.audit.record("role.set", at=at, actor_id=None, subject=f"user:{person.id}", before=before, after=after)
        out.print(f"{email} is {role}{f' until the end of {until.date()}' if until else ''}.")


@roles.command(name="grant")
@click.argument("email")
@click.argument("capability", type=click.Choice([Capability.NUDGE.value]))
@click.option("--until", type=DAY, help=f"{UNTIL}.")
@WHY
def roles_grant(email: str, capability: str, until: datetime | None, why: str) -> None:
    """Grant a Viewer the Nudge."""
    with open_desk() as desk, desk.uow() as work:
        at, ends = desk.at, _end_of(until, desk, work)
        person = work.people.by_email(email, at)
        if person is None:
            err.print(f"There is nobody with the address {email}; `plixo roles list` shows everybody.")
            sys.exit(FAILED)
        if said := _in_vain(person, Capability(capability)):
            err.print(f"{said} Nothing was granted.")
            sys.exit(FAILED)
        before, after = granted(person, Capability(capability), ends)
        work.people.grant(person.id, role=None, capability=Capability(capability), until=ends, by=getuser())
        work.audit.record(
            "capability.granted",
            at=at,
            actor_id=None,
            subject=f"user:{person.id}",
            before=before,
            after=because({**after, "by": getuser()}, why),
        )
        out.print(f"{email} may {capability}{f' until the end of {until.date()}' if until else ''}.")


@roles.command(name="deactivate")
@click.argument("email")
@WHY
def roles_deactivate(email: str, why: str) -> None:
    """Refuse somebody at once. Their history stays."""
    _set_active(email, False, why)


@roles.command(name="activate")
@click.argument("email")
@WHY
def roles_activate(email: str, why: str) -> None:
    """Let somebody back in."""
    _set_active(email, True, why)


def _set_active(email: str, is_active: bool, why: str) -> None:
    with open_desk() as desk, desk.uow() as work:
        at = desk.at
        person = work.people.by_email(email, at)
        if person is None:
            err.print(f"There is nobody with the address {email}; `plixo roles list` shows everybody.")
            sys.exit(FAILED)
        was = work.roles.of([person.id], at)[person.id]
        # By name from now on: no user group lets them in or out.
        work.roles.follow(person.id, role=was.lasting, group=None, is_active=is_active)
        action = "person.activated" if is_active else "person.deactivated"
        after = because({**work.roles.of([person.id], at)[person.id].facts(), "by": getuser()}, why)
        work.audit.record(action, at=at, actor_id=None, subject=f"user:{person.id}", before=was.facts(), after=after)
        out.print(f"{email} is {'active' if is_active else 'deactivated'}.")


def _in_vain(person: Person, capability: Capability) -> str | None:
    """Why a grant would change nothing for them as they are now."""
    if not person.is_active:
        return f"{person.email} is deactivated: let them in first."
    if person.role in MATRIX[capability]:
        return f"{person.email} may {capability} already, as {person.role}."
    if person.role not in GRANTABLE[capability]:
        return f"{person.email} is {person.role}, and only a Viewer can be granted the Nudge."
    return None


def _end_of(day: datetime | None, desk: Desk, work: UnitOfWork) -> datetime | None:
    """The midnight after it in the workspace's zone. A day that is over ends the command."""
    if day is None:
        return None
    ends = instant_of(day + timedelta(days=1), zone_of(work))
    if ends <= desk.at:
        raise click.BadParameter(f"{day.date()} is over. Give today or a later day.", param_hint="--until")
    return ends
