"""Messages about reports and disputes that nobody asked for. Pure: the poster gives the facts."""

from __future__ import annotations

from datetime import datetime

from domain.duties import DutyHolder
from domain.reporting import DisputeStory, ReportStory, Turn
from domain.values import Person
from handlers.presenters import disputes, heard, reports, roster
from handlers.presenters.reader import Reader
from handlers.seal import Seal, Signet
from handlers.views.blocks import Block, Page, message_blocks, message_text


def render_report_duty(
    story: ReportStory, person: Person, *, seal: Seal, at: datetime, zone: str
) -> tuple[str, list[Block]]:
    """To `person`, whose duty it is to put it on record; edited in place as it moves."""
    return _message(
        reports.duty_page(
            story, viewer=person, reader=Reader.of(person, zone=zone), signet=_signet(person, seal, at), at=at
        )
    )


def render_report_escalation(
    story: ReportStory, person: Person, *, seal: Seal, at: datetime, zone: str
) -> tuple[str, list[Block]]:
    """To `person`, an A/R Manager: it is not on record yet, and minute 15 is near."""
    return _message(
        reports.escalation_page(
            story, viewer=person, reader=Reader.of(person, zone=zone), signet=_signet(person, seal, at), at=at
        )
    )


def render_report_outcome(
    story: ReportStory, last: Turn | None, person: Person, *, seal: Seal, at: datetime, zone: str
) -> tuple[str, list[Block]]:
    """To `person`, who reported it, in the thread where they did or directly. `last`: how it ended, if so."""
    return _message(
        heard.outcome_page(story, last, reader=Reader.of(person, zone=zone), signet=_signet(person, seal, at), at=at)
    )


def render_legal_duty(
    story: DisputeStory, person: Person, *, seal: Seal, at: datetime, zone: str
) -> tuple[str, list[Block]]:
    """To `person` of Legal: a dispute that waits for an answer."""
    return _message(
        disputes.legal_page(
            story, viewer=person, reader=Reader.of(person, zone=zone), signet=_signet(person, seal, at), at=at
        )
    )


def render_roster(holder: DutyHolder, person: Person, *, at: datetime, zone: str) -> tuple[str, list[Block]]:
    """To `person`: their duty was changed, or that of somebody for whom they stand in."""
    return _message(roster.changed_page(holder, to=person, reader=Reader.of(person, zone=zone), at=at))


def _signet(person: Person, seal: Seal, at: datetime) -> Signet:
    return seal.of(org_id=person.org_id, user_id=person.id, at=at)


def _message(page: Page) -> tuple[str, list[Block]]:
    return message_text(page), message_blocks(page)
