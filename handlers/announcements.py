"""What is posted without being asked for. Pure: the poster gives the facts and posts what comes back."""

from __future__ import annotations

from datetime import datetime

from domain.accounts import Account, Invoice
from domain.autopilot import Judged
from domain.console import Alarm
from domain.deliverability import SendingNow
from domain.homing import Cut
from domain.keeping import DecidedPromise
from domain.messages import State
from domain.morning import Morning
from domain.notices import AccessRequest, Digest
from domain.outcomes import NudgeStory
from domain.reporting import ReportStory
from domain.roles import RoleHolder
from domain.shadow import Draft
from domain.values import Person
from domain.warming import Change
from handlers import vocabulary
from handlers.presenters.autopilot import exhausted_page, standing_page
from handlers.presenters.console import alarm_page
from handlers.presenters.deciding import decision_page, request_blocks, role_page
from handlers.presenters.deliverability import change_words
from handlers.presenters.keeping import decided_page
from handlers.presenters.messages import morning_page
from handlers.presenters.reader import Reader
from handlers.presenters.shadow import drafts_wait_page
from handlers.presenters.stories import alert_page, outcome_page
from handlers.presenters.taken_back import earlier_page, free_page
from handlers.seal import Seal
from handlers.views.blocks import Block, Page, context, message_blocks, message_text, section


def render_alert(story: NudgeStory, *, seal: Seal, at: datetime, zone: str) -> tuple[str, list[Block]]:
    """A/R's alert about one message in its present state; post it, and edit it in place when the state changes.

    `zone` is the workspace's: it is used in fallbacks only, each reader sees their own.
    """
    signet = seal.of_everybody(org_id=story.org_id, at=at)
    return _message(alert_page(story, reader=Reader.of(None, zone=zone), signet=signet, at=at))


def render_outcome(
    story: NudgeStory, person: Person, *, seal: Seal, at: datetime, zone: str
) -> tuple[str, list[Block]]:
    """A direct message to `person`, who asked for the nudge, about what became of it."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(outcome_page(story, reader=Reader.of(person, zone=zone), signet=signet, at=at))


def render_earlier(
    story: NudgeStory, stood: State, person: Person, *, seal: Seal, at: datetime, zone: str
) -> tuple[str, list[Block]]:
    """An older message to `person`, who was told that the nudge stood so, and has a newer one by now."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(earlier_page(story, stood, reader=Reader.of(person, zone=zone), signet=signet, at=at))


def render_free(
    story: NudgeStory, report: ReportStory, person: Person, *, seal: Seal, at: datetime, zone: str
) -> tuple[str, list[Block]]:
    """A direct message to `person`, whose nudge a report took back that was found not valid."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(free_page(story, report, signet=signet))


def render_access_request(
    request: AccessRequest, person: Person, *, seal: Seal, at: datetime, zone: str
) -> tuple[str, list[Block]]:
    """A direct message to `person`, a Controller: somebody asks for what they were refused; edited when decided."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(request_blocks(request, reader=Reader.of(person, zone=zone), signet=signet, at=at))


def render_access_decision(
    request: AccessRequest, person: Person, *, seal: Seal, at: datetime, zone: str
) -> tuple[str, list[Block]]:
    """A direct message to `person`, who asked: what the Controller decided, and why."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(decision_page(request, reader=Reader.of(person, zone=zone), signet=signet, at=at))


def render_role(holder: RoleHolder, *, at: datetime, zone: str) -> tuple[str, list[Block]]:
    """A direct message to somebody whose role was changed by name."""
    return _message(role_page(holder, reader=Reader.of(holder.person, zone=zone), at=at))


def render_decided_promise(
    story: DecidedPromise, person: Person, *, seal: Seal, at: datetime, zone: str, in_channel: bool
) -> tuple[str, list[Block]]:
    """What became of a promise, for `person`: a direct message with all of it, or in the thread of a channel in which
    they reported it, where others read along.
    """
    page = decided_page(
        story,
        reader=Reader.of(person, zone=zone),
        signet=seal.of(org_id=person.org_id, user_id=person.id, at=at),
        at=at,
        is_private=not in_channel,
        mention=person.slack_user_id if in_channel else None,
    )
    return _message(page)


def render_digest(digest: Digest) -> tuple[str, list[Block]]:
    """A/R's one post about many nudges whose way ended while Slack was away."""
    lines = [
        f"{vocabulary.STATE_SIGNS[state]} {count} {vocabulary.STATES[state]}" for state, count in digest.counts.items()
    ]
    total = sum(digest.counts.values())
    lead = f"*{total} nudges ended while Slack could not be reached*"
    note = "Each stands on its account's card. What still needs somebody comes in a message of its own."
    return _message(Page("Digest", lead.replace("*", ""), (section("\n".join([lead, *lines])), context(note))))


def render_sending(
    change: Change, now: SendingNow, person: Person, *, at: datetime, zone: str
) -> tuple[str, list[Block]]:
    """A direct message to `person`, a Controller: the sending domain stands elsewhere."""
    words = change_words(change, now, reader=Reader.of(person, zone=zone), at=at)
    lead = words.partition("\n")[0].replace("*", "")
    return _message(Page("Sending", lead, (section(words),)))


def render_morning(morning: Morning) -> tuple[str, list[Block]]:
    """A direct message: the daily digest."""
    return _message(morning_page(morning))


def _message(page: Page) -> tuple[str, list[Block]]:
    return message_text(page), message_blocks(page)


def render_alarm(alarm: Alarm, person: Person, *, at: datetime, zone: str) -> tuple[str, list[Block]]:
    """For `person`, a Controller: a row of the console as it stands when it is posted."""
    return _message(alarm_page(alarm, reader=Reader.of(person, zone=zone), at=at))


def render_standing(judged: Judged, person: Person, *, at: datetime, zone: str) -> tuple[str, list[Block]]:
    """For `person`, a Controller or A/R Manager: a segment as it stands when it is posted."""
    return _message(standing_page(judged, reader=Reader.of(person, zone=zone), at=at))


def render_drafts(cut: Cut[Draft], *, at: datetime, zone: str) -> tuple[str, list[Block]]:
    """For A/R: drafts of Autopilot wait; the first of them is in `cut`."""
    return _message(drafts_wait_page(cut, reader=Reader.of(None, zone=zone), at=at))


def render_exhausted(
    account: Account, invoice: Invoice, person: Person, *, seal: Seal, at: datetime
) -> tuple[str, list[Block]]:
    """For `person`, who is on duty for the account: Autopilot goes no further with the invoice."""
    signet = seal.of(org_id=person.org_id, user_id=person.id, at=at)
    return _message(exhausted_page(account, invoice, signet=signet))
