"""Twelve months of invoices and payments of one account: by its plan of billing and its habit of paying."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from sandbox.book.days import working_day, working_day_before
from sandbox.book.model import places_of
from sandbox.book.plot import Line, minor

YEAR = timedelta(days=365)
SETTLED_BEFORE = 9
"""Days: a prepared account's older invoices were all settled by then, so its last week tells only its story."""

# Days from the due date to the payment: mean and spread. Guesses, shaped after what collectors describe.
HABITS = {
    "early": (-6, 4),
    "prompt": (0, 3),
    "week_late": (7, 4),
    "month_late": (24, 9),
    "quarter_late": (55, 18),
    "erratic": (16, 22),
    "slipping": (4, 4),
}
# Days between invoices, and how much an ordinary one grows with each.
PLANS = {
    "monthly": (30.4, 1.0),
    "growing": (30.4, 1.035),
    "quarterly": (91.25, 1.0),
    "projects": (44.0, 1.0),
    "annual": (365.0, 1.0),
}
SLIPPING_PER_DAY = 0.07
"""A slipping payer's delay grows by 25 days over the year."""

FORGOTTEN = 0.02
"""Share of invoices that simply lie around: what fills the oldest bucket."""


@dataclass(slots=True)
class Receipt:
    """Money, or a credit, applied to one invoice; or unapplied when it stands alone."""

    on: date
    amount: int
    reference: str = ""


@dataclass(slots=True)
class Draft:
    """An invoice before it has its number. `link` is live, expired or none."""

    account_id: str
    issued_on: date
    due_on: date
    amount: int
    currency: str
    receipts: list[Receipt] = field(default_factory=list)
    link: str = "live"
    is_void: bool = False
    is_credit: bool = False
    number: str = ""

    @property
    def balance(self) -> int:
        return 0 if self.is_void else self.amount - sum(receipt.amount for receipt in self.receipts)

    @property
    def is_open(self) -> bool:
        return not self.is_void and self.balance != 0


def make_invoices(line: Line, *, part: dict[str, Any], today: date, rng: Random) -> list[Draft]:
    """The account's invoices, oldest first. A prepared account is open only where its part says so."""
    prepared = [_prepared(line, row, today) for row in part.get("open", ())]
    gap = timedelta(days=int(PLANS[line.plan][0] * 0.8))
    ends = min([today, *(draft.issued_on if draft.is_credit else draft.issued_on - gap for draft in prepared)])
    history = list(_billing(line, today=today, ends=ends, rng=rng))
    for draft in history:
        _settle(line, draft, today=today, rng=rng, all_settled="open" in part)
    _vary(line, history, today=today, rng=rng, calm="open" in part)
    return sorted([*history, *prepared], key=lambda draft: (draft.issued_on, draft.due_on))


def make_unapplied(line: Line, *, part: dict[str, Any], today: date, rng: Random) -> list[Receipt]:
    """Cash that names no invoice we know."""
    listed = [
        Receipt(
            working_day_before(today + timedelta(days=row["day"])),
            minor(row["amount"], line.currency),
            row["reference"],
        )
        for row in part.get("unapplied", ())
    ]
    if "open" not in part and rng.random() < 0.12:
        on = working_day_before(today - timedelta(days=rng.randrange(2, 30)))
        listed.append(Receipt(on, _rounded(line.base * 0.15, line.currency), f"{line.name.split()[0]} on account"))
    return listed


def _prepared(line: Line, row: dict[str, Any], today: date) -> Draft:
    draft = Draft(
        account_id=line.id,
        issued_on=today + timedelta(days=row["issued"]),
        due_on=today + timedelta(days=row["due"]),
        amount=minor(row["amount"], line.currency),
        currency=line.currency,
        link=row.get("link", "none" if row.get("credit") else "live"),
        is_credit=row.get("credit", False),
    )
    if "paid" in row:
        draft.receipts.append(Receipt(_arrival(today, row["paid_on"]), minor(row["paid"], line.currency)))
    return draft


def _billing(line: Line, *, today: date, ends: date, rng: Random) -> list[Draft]:
    gap, growth = PLANS[line.plan]
    irregular = line.plan == "projects"
    day = float(rng.randrange(0, max(1, min(60, int(gap)))))
    size = float(line.base) if line.plan != "growing" else line.base / growth**11
    drafts: list[Draft] = []
    while day < YEAR.days:
        issued = today - YEAR + timedelta(days=int(day))
        if issued >= ends:
            break
        factor = rng.uniform(0.55, 1.5) if irregular else rng.choice((1.0, 1.0, 1.0, 1.0, 1.08, 0.94))
        drafts.append(
            Draft(
                account_id=line.id,
                issued_on=issued,
                due_on=issued + timedelta(days=line.terms),
                amount=_rounded(size * factor, line.currency),
                currency=line.currency,
            )
        )
        size *= growth
        day += gap * (rng.uniform(0.6, 1.6) if irregular else 1.0)
    return drafts


def _settle(line: Line, draft: Draft, *, today: date, rng: Random, all_settled: bool) -> None:
    mean, spread = HABITS[line.habit]
    late = rng.gauss(mean, spread)
    if line.habit == "slipping":
        late += SLIPPING_PER_DAY * (YEAR.days - (today - draft.issued_on).days)
    paid_on = max(draft.issued_on + timedelta(days=2), draft.due_on + timedelta(days=round(late)))
    if all_settled:
        latest = today - timedelta(days=SETTLED_BEFORE)
        paid_on = max(draft.issued_on, min(paid_on, latest))
    elif rng.random() < FORGOTTEN:
        return
    if rng.random() < 0.09:
        first = _rounded(draft.amount * rng.choice((0.3, 0.5, 0.6)), draft.currency)
        # A payer who pays in parts sends the first one about when the whole was due.
        first_on = min(paid_on, max(draft.issued_on, draft.due_on + timedelta(days=rng.randrange(0, 9))))
        first_on = working_day(first_on)
        if first_on <= today:
            draft.receipts.append(Receipt(first_on, first))
    paid_on = working_day(paid_on)
    if paid_on <= today:
        draft.receipts.append(Receipt(paid_on, draft.balance))


def _vary(line: Line, history: list[Draft], *, today: date, rng: Random, calm: bool) -> None:
    """What happens now and then: a void invoice made out again, a credit applied, a link that died."""
    open_ones = [draft for draft in history if draft.is_open]
    for draft in open_ones:
        chance = rng.random()
        draft.link = "expired" if chance < 0.07 else "none" if chance < 0.12 else "live"
    settled = [draft for draft in history if not draft.is_open and len(draft.receipts) == 1]
    if len(settled) > 3 and rng.random() < 0.25:
        draft = rng.choice(settled[:-1])
        credit = _rounded(draft.amount * 0.1, draft.currency)
        draft.receipts[0].amount -= credit
        draft.receipts.append(Receipt(draft.receipts[0].on, credit, "Credit applied"))
    if len(history) > 4 and rng.random() < 0.15:
        wrong = rng.choice(history[:3])
        history.append(replace(wrong, receipts=[], link="none", is_void=True))
    if not calm and len(history) > 4 and rng.random() < 0.1:
        on = today - timedelta(days=rng.randrange(3, 40))
        amount = -_rounded(line.base * 0.05, line.currency)
        history.append(Draft(line.id, on, on, amount, line.currency, link="none", is_credit=True))


def _arrival(today: date, offset: int) -> date:
    """Banks book on working days."""
    return working_day_before(today + timedelta(days=offset))


def _rounded(value: float, currency: str) -> int:
    """To amounts people write: whole fives of the major unit, whole hundreds of yen."""
    step = 100 if places_of(currency) == 0 else 5 * 10 ** places_of(currency)
    return max(step, round(value / step) * step)
