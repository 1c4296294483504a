"""Autopilot has done its last step for an invoice: a person goes on, and hears of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from domain.duties import Keeper
from domain.notices import NoticeKind, Telling
from domain.ports import UnitOfWork
from domain.rules.duty import FALLBACK, on_duty


def hand_to_people(work: UnitOfWork, invoices: Mapping[int, int], *, at: datetime) -> None:
    """By account, the invoice. Tells whoever is on duty for each; as many reads for many accounts as for one."""
    if not invoices:
        return
    people = {person.id: person for person in work.people.holding(FALLBACK, at)}
    absences = work.absences.standing(at)
    keepers: dict[int | None, list[Keeper]] = defaultdict(list)
    for keeper in work.duties.keepers():
        keepers[keeper.account_id].append(keeper)
    told: list[Telling] = []
    for account_id, invoice_id in sorted(invoices.items()):
        theirs = [*keepers[account_id], *keepers[None]]
        for person in on_duty(account_id, keepers=theirs, absences=absences, people=people, at=at):
            subject = f"{account_id}/{invoice_id}"
            told.append(Telling(f"exhausted:{subject}:{person.id}", NoticeKind.EXHAUSTED, subject, person.id, at))
    work.notices.raise_all(told)
