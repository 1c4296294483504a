"""`plixo duty`: who keeps the record of which account, and who is away."""

from __future__ import annotations

import sys
from datetime import datetime
from getpass import getuser

import click
from rich.table import Table

from bot.console import FAILED, err, out
from bot.desk import instant_of, open_desk, zone_of
from domain.accounts import Account
from domain.duties import InvalidAbsence
from domain.ports import UnitOfWork
from domain.rules.access import may
from domain.usecases._duties import keep_absence, keep_duty
from domain.values import Capability, Person

DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])
WHERE = "in the workspace's time zone"


@click.group()
def duty() -> None:
    """Who is alerted of reports: list duties and absences, set them."""


@duty.command(name="list")
def duty_list() -> None:
    """Every duty, and every absence that has not ended."""
    with open_desk() as desk, desk.uow() as work:
        at = desk.at
        people = {person.id: person for person in work.people.everyone(at)}
        table = Table("E-mail", "Keeps the record of", "Since")
        for keeper in work.duties.keepers():
            account = work.accounts.get(keeper.account_id) if keeper.account_id else None
            what = account.name if account else "everything that nobody else keeps"
            table.add_row(people[keeper.user_id].email, what, f"{keeper.since:%Y-%m-%d}")
        out.print(table)
        zone = zone_of(work)
        away = Table("E-mail", f"Away from ({zone})", "until", "Stand-in")
        for absence in work.absences.standing(at):
            stand_in = people[absence.stand_in].email if absence.stand_in else "–"
            span = [f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" for moment in (absence.starts_at, absence.ends_at)]
            away.add_row(people[absence.user_id].email, *span, stand_in)
        if away.row_count:
            out.print(away)


@duty.command(name="set")
@click.argument("email")
@click.option("--account", "words", help="The customer's id in the books, or its name. Without it: everything else.")
@click.option("--off", is_flag=True, help="Take the duty off again.")
def duty_set(email: str, words: str | None, off: bool) -> None:
    """Let an Operator keep the record of an account, or of all that nobody else keeps."""
    with open_desk() as desk, desk.uow() as work:
        at = desk.at
        person = _operator(work, email, at) if not off else _person(work, email, at)
        account = _account(work, words) if words else None
        keep_duty(work, person.id, account.id if account else None, keeps=not off, actor_id=None, by=getuser(), at=at)
        what = account.name if account else "everything that nobody else keeps"
        out.print(f"{person.email} {'no longer keeps' if off else 'keeps'} the record of {what}.")


@duty.command(name="absent")
@click.argument("email")
@click.option("--from", "starts", type=DAY, help=f"First day, {WHERE}; now when it is left out.")
@click.option("--until", "ends", type=DAY, help=f"The day they are back, {WHERE}; left out: they are back now.")
@click.option("--stand-in", "other", help="E-mail of the Operator who takes what falls to them.")
def duty_absent(email: str, starts: datetime | None, ends: datetime | None, other: str | None) -> None:
    """Say when somebody is away. Without `--until` their absence ends now."""
    with open_desk() as desk, desk.uow() as work:
        at, zone = desk.at, zone_of(work)
        person = _person(work, email, at)
        stand_in = _operator(work, other, at) if other else None
        outcome = keep_absence(
            work,
            person,
            starts_at=instant_of(starts, zone) if starts else at,
            ends_at=instant_of(ends, zone) if ends else None,
            stand_in=stand_in.id if stand_in else None,
            actor_id=None,
            by=getuser(),
            at=at,
        )
        if isinstance(outcome, InvalidAbsence):
            err.print(outcome.sentence)
            sys.exit(FAILED)
        absence = outcome.absence
        if absence is None:
            out.print(f"{person.email} is back.")
        else:
            who = f"; {stand_in.email} stands in" if stand_in else ""
            out.print(f"{person.email} is away until {absence.ends_at.astimezone(zone):%Y-%m-%d %H:%M} {zone}{who}.")


def _person(work: UnitOfWork, email: str, at: datetime) -> Person:
    person = work.people.by_email(email, at)
    if person is None:
        err.print(f"There is nobody with the address {email}; `plixo roles list` shows everybody.")
        sys.exit(FAILED)
    return person


def _operator(work: UnitOfWork, email: str, at: datetime) -> Person:
    person = _person(work, email, at)
    if not may(person, Capability.RECORD):
        err.print(f"{person.email} is {person.role.value}; only active Operators keep the record.")
        sys.exit(FAILED)
    return person


def _account(work: UnitOfWork, words: str) -> Account:
    found = work.accounts.search(words, owner_email=None, limit=2)
    exact = [candidate for candidate in found if candidate.is_exact]
    if len(exact) != 1:
        err.print(f"“{words}” is not exactly one account; give its id in the books.")
        sys.exit(FAILED)
    return exact[0].account
