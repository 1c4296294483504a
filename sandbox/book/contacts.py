"""Payer contacts: one to three per account, names of the country, addresses of the account's own domain."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sandbox.book.model import Contact, Suppression
from sandbox.book.plot import Line, mailbox_part

SHARED_MAILBOXES = {
    "DE": ("Buchhaltung", "buchhaltung"),
    "AT": ("Buchhaltung", "buchhaltung"),
    "CH": ("Kreditoren", "kreditoren"),
    "FR": ("Service comptable", "comptabilite"),
    "BR": ("Contas a pagar", "contas.a.pagar"),
    "ES": ("Administración", "administracion"),
    "IT": ("Amministrazione", "amministrazione"),
    "NL": ("Crediteurenadministratie", "crediteuren"),
}
ANYWHERE = ("Accounts Payable", "ap")


def make_contacts(
    line: Line, *, part: dict[str, Any], names: dict[str, dict[str, list[str]]], today: date, rng: Random
) -> list[Contact]:
    """The prepared ones if there is such a list (an empty one means nobody), else one to three."""
    if "contacts" in part:
        return [_prepared(line, row, today) for row in part["contacts"]]
    pool = names[line.country]
    count = rng.choice((1, 1, 2, 2, 2, 3))
    made = [
        Contact(line.id, name, f"{mailbox_part(name)}@{line.domain}", is_primary=place == 0)
        for place, name in enumerate(
            f"{given} {family}"
            for given, family in zip(rng.sample(pool["given"], 2), rng.sample(pool["family"], 2), strict=True)
        )
        if place < count
    ]
    if count == 3:
        name, local = SHARED_MAILBOXES.get(line.country, ANYWHERE)
        made.append(Contact(line.id, name, f"{local}@{line.domain}"))
    return made


def _prepared(line: Line, row: dict[str, Any], today: date) -> Contact:
    suppression = None
    if "suppressed" in row:
        since = datetime.combine(today + timedelta(days=row["since"]), time(9, 15), tzinfo=UTC)
        until = today + timedelta(days=row["until"]) if "until" in row else None
        suppression = Suppression(row["suppressed"], since, until)
    return Contact(
        account_id=line.id,
        name=row["name"],
        email=f"{row['local']}@{line.domain}",
        is_primary=row.get("primary", False),
        zone=row.get("zone"),
        is_valid=not row.get("invalid", False),
        suppression=suppression,
    )
