"""The report modal, read: what it was opened with, and what is filled in now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.reporting import Field, Place, Problem, ReportKind
from domain.values import Money
from handlers import ids
from handlers.inputs import Body, window_of
from handlers.seal import BrokenSeal, Kind, Signet

LINK_AT_MOST = 1_000
EVIDENCE_AT_MOST = 3_000

ACTION_OF: dict[Field, str] = {
    Field.INVOICES: ids.REPORT_INVOICES,
    Field.AMOUNT: ids.REPORT_AMOUNT,
    Field.DUE_ON: ids.REPORT_DUE,
    Field.REASON: ids.REPORT_REASON,
    Field.CONTACT: ids.REPORT_CONTACT,
    Field.SAID_AT: ids.REPORT_SAID,
    Field.EVIDENCE: ids.REPORT_EVIDENCE,
    Field.WHY: ids.WORDS,
    Field.TEXT: ids.WORDS,
}
"""Where in a modal a problem stands."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the modal carries under seal. `account_id` is 0 until one is chosen; `report_id` 0 for a new report.

    `can_choose`: the account is chosen in the modal. `link`, `channel` and `thread`: the message it was opened from.
    `round` counts how often it was drawn; `summed` is what the amount was prefilled with, at round `summed_at`, in
    `currency` (empty where the invoices do not settle it). `kind` is set where it is not to be chosen.
    """

    account_id: int = 0
    report_id: int = 0
    can_choose: bool = False
    link: str = ""
    channel: str = ""
    thread: str = ""
    round: int = 0
    summed: str = ""
    summed_at: int = 0
    currency: str = ""
    kind: ReportKind | None = None

    def sealed(self, signet: Signet) -> str:
        return signet.close(
            Kind.SHEET,
            self.account_id,
            self.report_id,
            int(self.can_choose),
            self.link,
            self.channel,
            self.thread,
            self.round,
            self.summed,
            self.summed_at,
            self.currency,
            self.kind or "",
        )

    @property
    def place(self) -> Place | None:
        return Place(self.channel, self.thread) if self.channel and self.thread else None

    def drawn_anew(self, *, summed: str, currency: str) -> Opened:
        """Once more. The amount's field is a new one when it is prefilled with something else."""
        now = self.round + 1
        return replace(
            self,
            round=now,
            summed=summed,
            summed_at=self.summed_at if summed == self.summed else now,
            currency=currency,
        )


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the fields, as typed.

    `invoice_ids` is None where there is no such field yet; `contact_id` 0 says that it is not known.
    """

    kind: ReportKind = ReportKind.PROMISE
    invoice_ids: frozenset[int] | None = None
    amount: str = ""
    due: str = ""
    due_day: date | None = None
    contact_id: int | None = None
    said: str = ""
    evidence: str = ""
    reason: str = ""


def opened(body: Body, signet: Signet) -> Opened:
    """Raises BrokenSeal."""
    parts = signet.open(Kind.SHEET, str(window_of(body).get("private_metadata") or ""))
    account, report, can_choose, link, channel, thread, drawn, summed, summed_at, currency, kind = parts
    return Opened(
        account_id=int(account),
        report_id=int(report),
        can_choose=bool(can_choose),
        link=str(link),
        channel=str(channel),
        thread=str(thread),
        round=int(drawn),
        summed=str(summed),
        summed_at=int(summed_at),
        currency=str(currency),
        kind=ReportKind(str(kind)) if kind else None,
    )


def filled(body: Body, signet: Signet) -> Filled:
    """Raises BrokenSeal."""
    state = {action: value for _, action, value in _entries(body)}
    chosen = state.get(ids.REPORT_INVOICES, {}).get("selected_options")
    contact = _option(state.get(ids.REPORT_CONTACT))
    day = str(state.get(ids.REPORT_DUE_DAY, {}).get("selected_date") or "")
    return Filled(
        kind=opened(body, signet).kind or _kind(_option(state.get(ids.REPORT_KIND))),
        invoice_ids=None
        if chosen is None
        else frozenset(int(signet.open(Kind.INVOICE, str(one["value"]))[0]) for one in chosen),
        amount=_typed(state, ids.REPORT_AMOUNT),
        due=_typed(state, ids.REPORT_DUE),
        due_day=_day(day),
        contact_id=int(signet.open(Kind.CONTACT, contact)[0]) if contact else None,
        said=_typed(state, ids.REPORT_SAID),
        evidence=_typed(state, ids.REPORT_EVIDENCE)[:EVIDENCE_AT_MOST],
        reason=_typed(state, ids.REPORT_REASON),
    )


def chosen_account(body: Body, signet: Signet) -> int:
    """The account that is chosen in the modal now, 0 when none is. Raises BrokenSeal."""
    state = {action: value for _, action, value in _entries(body)}
    token = _option(state.get(ids.REPORT_ACCOUNT))
    return int(signet.open(Kind.ACCOUNT, token)[0]) if token else 0


def words(body: Body) -> str:
    """What was typed into a modal with one text field."""
    return _typed({action: value for _, action, value in _entries(body)}, ids.WORDS)


def resolution(body: Body) -> str:
    """The value of the chosen way a dispute ended; empty when none is."""
    state = {action: value for _, action, value in _entries(body)}
    return _option(state.get(ids.RESOLUTION)) or ""


def errors(problems: tuple[Problem, ...], body: Body, *, money: Callable[[Money], str]) -> dict[str, str]:
    """By the block each stands in; what has no field in this modal stands at the first one."""
    blocks = {action: block for block, action, _ in _entries(body)}
    first = next(iter(blocks.values()), "")
    said: dict[str, str] = {}
    for problem in problems:
        block = blocks.get(ACTION_OF[problem.field], first)
        sentence = problem.told(money)
        said[block] = f"{said[block]} {sentence}" if block in said else sentence
    return said


def unchosen_resolution(body: Body) -> dict[str, str]:
    """Slack asks for it before it sends a modal, so only a payload that was written by hand comes here."""
    blocks = {action: block for block, action, _ in _entries(body)}
    block = blocks.get(ids.RESOLUTION) or next(iter(blocks.values()), ids.RESOLUTION)
    return {block: "Choose how it ended."}


def _entries(body: Body) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Block, field and what stands in it. Blocks are named anew when they are drawn anew; fields keep their names."""
    values: Mapping[str, Any] = window_of(body).get("state", {}).get("values", {})
    for block, inner in values.items():
        for action, value in inner.items():
            yield str(block), str(action), value


def _typed(state: Mapping[str, Mapping[str, Any]], action: str) -> str:
    return str(state.get(action, {}).get("value") or "").strip()


def _option(entry: Mapping[str, Any] | None) -> str | None:
    option = (entry or {}).get("selected_option")
    return str(option["value"]) if option else None


def _kind(value: str | None) -> ReportKind:
    try:
        return ReportKind(value or ReportKind.PROMISE)
    except ValueError as error:
        raise BrokenSeal("neither a promise nor a dispute") from error


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BrokenSeal("not a day") from error
