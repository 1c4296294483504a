"""The part of the receivables summary that is about mail: what became of it, and whether it arrives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from domain.messages import State
from domain.rules.warmup import percent
from domain.summary import Ending, Summary
from domain.timeline import Source
from domain.warming import DomainState, SendingDomain
from handlers import vocabulary
from handlers.escaping import tidy
from handlers.paper.sheet import Column, Heading, Part, Row, Table, Words
from handlers.presenters.deliverability import TROUBLES
from handlers.presenters.reader import Reader

ENDINGS: dict[Ending, str] = {
    Ending.SENT: "Sent",
    Ending.CONFIRMED: "Arrived, as A/R found out",
    Ending.RETURNED: "… of these came back",
    Ending.COMPLAINED: "… of these reported as unwanted",
    Ending.REFUSED: "Not sent: a rule stood against it",
    Ending.CANCELLED: "Cancelled",
    Ending.EXPIRED: "Expired before it could leave",
    Ending.FAILED: "Failed: the mail server refused it",
}
_SOURCES = (Source.NUDGE, Source.AUTOPILOT)
_WAITING = (State.QUEUED, State.HELD, State.UNCONFIRMED)
_LEAVING = (State.CLAIMED, State.SENDING)


def mail_parts(summary: Summary) -> Iterator[Part]:
    yield Heading(f"Nudges and Autopilot in the last {summary.days} days")
    yield Table(
        (Column("What became of them", 60), Column("Nudges", 20, is_number=True), Column("Autopilot", 20, True)),
        tuple(
            Row((ENDINGS[ending], *(f"{summary.endings.get((source, ending), 0):,}" for source in _SOURCES)))
            for ending in ENDINGS
            if ending is not Ending.CONFIRMED or any(summary.endings.get((s, ending)) for s in _SOURCES)
        ),
    )
    yield Words(f"Now: {_waiting(summary)}.", is_quiet=True)


def _waiting(summary: Summary) -> str:
    said = [f"{summary.waiting.get(state, 0):,} {vocabulary.STATES[state]}" for state in _WAITING]
    leaving = sum(summary.waiting.get(state, 0) for state in _LEAVING)
    return ", ".join([*said, f"{leaving:,} leaving"] if leaving else said)


def sending_parts(summary: Summary, reader: Reader) -> Iterator[Part]:
    now = summary.sending
    tally, limits = now.measured.tally, now.warm_up.limits
    bounced, complained = percent(tally.bounced, tally.sent), percent(tally.complained, tally.sent)
    yield Heading("Deliverability")
    yield Words(_standing(now.domain, reader, summary))
    if now.quota is None:
        yield Words("There is no warm-up: the policy's daily cap alone counts.")
    else:
        known = len(now.warm_up.ramp)
        stage = f"{now.stage} of {known}" if now.stage <= known else f"{now.stage}, behind the {known} of the plan"
        yield Words(f"Warm-up: stage {stage}, {now.quota:,} mails a day.")
    yield Table(
        (
            Column("Mails of the last seven days", 46),
            Column("Mails", 14, True),
            Column("Rate", 14, True),
            Column("Limits", 42),
        ),
        (
            Row(("Sent", f"{tally.sent:,}", "", "")),
            Row(
                (
                    "Came back",
                    f"{tally.bounced:,}",
                    f"{bounced:.2f} %",
                    f"holds at {limits.hold_bounced} %, stops above {limits.stop_bounced} %",
                )
            ),
            Row(
                (
                    "Reported as unwanted",
                    f"{tally.complained:,}",
                    f"{complained:.2f} %",
                    f"holds at {limits.hold_complained} %, stops at {limits.stop_complained} %",
                )
            ),
        ),
    )


def _standing(domain: SendingDomain, reader: Reader, summary: Summary) -> str:
    name = tidy(domain.name, 120)
    since = f" since {reader.day_at(domain.since, summary.at)}" if domain.since else ""
    why = f": {TROUBLES[domain.trouble]}" if domain.trouble else ""
    match domain.standing:
        case DomainState.STOPPED:
            return f"{name}: nothing leaves{since}{why}."
        case DomainState.HELD:
            return f"{name} sends, but its quota does not grow{since}{why}."
        case DomainState.WARMING:
            return f"{name} sends."
        case _:
            assert_never(domain.standing)
