"""What each kind of notice says, from the rows as they are when it is posted. A new kind gets its line in WORDS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypedDict

from bot.voice import Posting, Voice
from bot.wording_texts import WORDS_OF_TEXTS
from domain.errors import Rejected
from domain.messages import State
from domain.morning import Morning
from domain.notes import NoteOpened
from domain.notices import Digest, NoticeKind
from domain.outcomes import NudgeStory
from domain.policies import Mode
from domain.reporting import ReportStory, Turn
from domain.rules.access import sees
from domain.rules.nudging import placed
from domain.usecases._duties import roster
from domain.usecases._sending_now import sending_now
from domain.usecases._taking_back import FREE
from domain.warming import Change
from handlers.announcements import (
    render_access_decision,
    render_access_request,
    render_alarm,
    render_alert,
    render_decided_promise,
    render_digest,
    render_drafts,
    render_earlier,
    render_exhausted,
    render_free,
    render_morning,
    render_outcome,
    render_role,
    render_sending,
    render_standing,
)
from handlers.duty_notices import (
    render_legal_duty,
    render_report_duty,
    render_report_escalation,
    render_report_outcome,
    render_roster,
)
from handlers.presenters.note_messages import mention_page, reply_page
from handlers.presenters.reader import Reader
from handlers.seal import Seal
from handlers.views.blocks import message_blocks, message_text


def _alert(voice: Voice, subject: str) -> Posting:
    return Posting(*render_alert(_story(voice, subject), **_how(voice)))


def _outcome(voice: Voice, subject: str) -> Posting:
    """Of the nudge as it stands now; of how it stood when they heard before; or that they may nudge again."""
    message_id, _, what = subject.partition("/")
    story, reader, how = _story(voice, message_id), voice.reader, _how(voice)
    if what == FREE:
        cause, _, report_id = (story.message.cause or "").partition(":")
        if cause != "report":
            raise Rejected("What took it back is not known any more.", code="report_gone")
        return Posting(*render_free(story, _report(voice, report_id), reader, **how))
    if what and what != story.message.state:
        return Posting(*render_earlier(story, State(what), reader, **how))
    return Posting(*render_outcome(story, reader, **how))


class _How(TypedDict):
    seal: Seal
    at: datetime
    zone: str


def _how(voice: Voice) -> _How:
    return {"seal": voice.seal, "at": voice.at, "zone": voice.zone}


def _access_request(voice: Voice, subject: str) -> Posting:
    request = voice.work.requests.get(int(subject))
    if request is None:
        raise Rejected("The request is gone.", code="request_gone")
    return Posting(*render_access_request(request, voice.reader, **_how(voice)))


def _access_decision(voice: Voice, subject: str) -> Posting:
    request = voice.work.requests.get(int(subject))
    if request is None:
        raise Rejected("The request is gone.", code="request_gone")
    return Posting(*render_access_decision(request, voice.reader, **_how(voice)))


def _role_changed(voice: Voice, subject: str) -> Posting:
    standing = voice.work.roles.of([int(subject)], voice.at).get(int(subject))
    if standing is None:
        raise Rejected("The person is gone.", code="person_gone")
    return Posting(*render_role(standing, at=voice.at, zone=voice.zone))


def _roster(voice: Voice, subject: str) -> Posting:
    holder = next((one for one in roster(voice.work, voice.at) if one.person.id == int(subject)), None)
    if holder is None:
        raise Rejected("They keep the record no more.", code="person_gone")
    return Posting(*render_roster(holder, voice.reader, at=voice.at, zone=voice.zone))


def _digest(voice: Voice, subject: str) -> Posting:
    return Posting(*render_digest(Digest.of_subject(subject)))


def _report_duty(voice: Voice, subject: str) -> Posting:
    story = _report(voice, subject)
    return Posting(*render_report_duty(story, voice.reader, **_how(voice)))


def _report_escalation(voice: Voice, subject: str) -> Posting:
    story = _report(voice, subject)
    return Posting(*render_report_escalation(story, voice.reader, **_how(voice)))


def _report_outcome(voice: Voice, subject: str) -> Posting:
    """In the thread where it was reported."""
    story = _report(voice, subject)
    last = _last_turn(voice, story)
    text, blocks = render_report_outcome(story, last, voice.reader, **_how(voice))
    place = story.report.place
    return Posting(text, blocks, place.channel, place.thread) if place else Posting(text, blocks)


def _last_turn(voice: Voice, story: ReportStory) -> Turn | None:
    """How the report's promise or dispute ended; None while it stands, and when the books ended it."""
    if story.promise is not None and story.promise.decided_at is not None:
        promise = voice.work.promises.story(story.promise.id)
        return _turn_to(story.promise.state, promise.history if promise else ())
    if story.dispute is not None and not story.dispute.is_unresolved:
        dispute = voice.work.disputes.story(story.dispute.id)
        return _turn_to(story.dispute.state, dispute.history if dispute else ())
    return None


def _turn_to(state: str, history: Sequence[Turn]) -> Turn | None:
    return next((turn for turn in reversed(history) if turn.became == state), None)


def _legal_duty(voice: Voice, subject: str) -> Posting:
    story = voice.work.disputes.story(int(subject))
    if story is None:
        raise Rejected("The dispute is gone.", code="dispute_gone")
    return Posting(*render_legal_duty(story, voice.reader, **_how(voice)))


def _report(voice: Voice, subject: str) -> ReportStory:
    story = next(iter(voice.work.reports.stories([int(subject)])), None)
    if story is None:
        raise Rejected("The report is gone.", code="report_gone")
    return story


def _promise_decided(voice: Voice, subject: str) -> Posting:
    """The reporter hears it where they reported it; everybody else in a direct message."""
    story = voice.work.keeping.decided(int(subject))
    if story is None:
        raise Rejected("The promise is gone, or was not decided.", code="promise_gone")
    is_reporter = story.reporter is not None and story.reporter.id == voice.reader.id
    channel, thread = (story.channel, story.thread) if is_reporter else (None, None)
    # A thread in a direct message is as private as the message.
    in_channel = channel is not None and not channel.startswith("D")
    said = render_decided_promise(story, voice.reader, **_how(voice), in_channel=in_channel)
    return Posting(*said, channel=channel, thread=thread)


def _morning(voice: Voice, subject: str) -> Posting:
    return Posting(*render_morning(Morning.of_subject(subject)))


def _sending_domain(voice: Voice, subject: str) -> Posting:
    change, _, name = subject.partition(" ")
    now = sending_now(voice.work, voice.rulebook, voice.at)
    if now.domain.name != name:
        raise Rejected("The domain is not in use any more.", code="domain_gone")
    return Posting(*render_sending(Change(change), now, voice.reader, at=voice.at, zone=voice.zone))


def _alarm(voice: Voice, subject: str) -> Posting:
    alarm = next((one for one in voice.work.house.alarms() if one.row.name == subject), None)
    if alarm is None:
        raise Rejected("The row is not looked at any more.", code="row_gone")
    return Posting(*render_alarm(alarm, voice.reader, at=voice.at, zone=voice.zone))


def _segment_standing(voice: Voice, subject: str) -> Posting:
    judged = next((one for one in voice.work.standings.all().values() if one.handle == subject), None)
    if judged is None or not (judged.shortfalls or judged.mode is Mode.AUTOPILOT):
        raise Rejected("The segment's mode was changed since.", code="segment_gone")
    return Posting(*render_standing(judged, voice.reader, at=voice.at, zone=voice.zone))


def _drafts_wait(voice: Voice, subject: str) -> Posting:
    cut = voice.work.drafts.waiting(at=voice.at, start=0, limit=1)
    if not cut.items:
        raise Rejected("No draft waits any more.", code="drafts_gone")
    return Posting(*render_drafts(cut, at=voice.at, zone=voice.zone))


def _exhausted(voice: Voice, subject: str) -> Posting:
    account_id, _, invoice_id = subject.partition("/")
    facts = voice.work.accounts.facts([int(account_id)], at=voice.at).get(int(account_id))
    invoice = facts.invoice(int(invoice_id)) if facts else None
    if facts is None or invoice is None or not invoice.is_open or invoice.balance.minor <= 0:
        raise Rejected("Nothing is owed on the invoice any more.", code="invoice_gone")
    if not sees(voice.reader, facts.account, voice.rulebook.policy.scope):
        raise Rejected("The recipient may not see the account.", code="no_access")
    return Posting(*render_exhausted(facts.account, invoice, voice.reader, seal=voice.seal, at=voice.at))


def _story(voice: Voice, message_id: str) -> NudgeStory:
    story = next(iter(voice.work.messages.stories([message_id])), None)
    if story is None:
        raise Rejected("The nudge is gone.", code="message_gone")
    return placed(story, voice.work.organisation.get(), voice.rulebook)


def _mention(voice: Voice, subject: str) -> Posting:
    opened = _note(voice, int(subject))
    signet = voice.seal.of(org_id=voice.reader.org_id, user_id=voice.reader.id, at=voice.at)
    page = mention_page(opened, reader=Reader.of(voice.reader, zone=voice.zone), signet=signet)
    return Posting(message_text(page), message_blocks(page))


def _note_reply(voice: Voice, subject: str) -> Posting:
    note_id, _, reply_id = subject.partition("/")
    opened = _note(voice, int(note_id))
    reply = next((one for one in opened.thread.replies if one.id == int(reply_id)), None)
    if reply is None:
        raise Rejected("The reply is gone.", code="reply_gone")
    signet = voice.seal.of(org_id=voice.reader.org_id, user_id=voice.reader.id, at=voice.at)
    page = reply_page(opened, reply, reader=Reader.of(voice.reader, zone=voice.zone), signet=signet)
    return Posting(message_text(page), message_blocks(page))


def _note(voice: Voice, note_id: int) -> NoteOpened:
    """As its reader may see it now: access that was lost since it was raised leaves nothing to say."""
    thread = voice.work.notes.thread(note_id)
    account = voice.work.accounts.get(thread.account_id) if thread else None
    if thread is None or account is None:
        raise Rejected("The note is gone.", code="note_gone")
    if not sees(voice.reader, account, voice.rulebook.policy.scope):
        raise Rejected("The recipient may not see the account.", code="no_access")
    return NoteOpened(thread=thread, account=account, reader=voice.reader, at=voice.at)


WORDS: dict[NoticeKind, Callable[[Voice, str], Posting]] = {
    **WORDS_OF_TEXTS,
    NoticeKind.AR_ALERT: _alert,
    NoticeKind.REP_OUTCOME: _outcome,
    NoticeKind.ACCESS_REQUEST: _access_request,
    NoticeKind.AR_DIGEST: _digest,
    NoticeKind.DAILY_DIGEST: _morning,
    NoticeKind.ACCESS_DECISION: _access_decision,
    NoticeKind.ROLE_CHANGED: _role_changed,
    NoticeKind.ROSTER: _roster,
    NoticeKind.NOTE_MENTION: _mention,
    NoticeKind.NOTE_REPLY: _note_reply,
    NoticeKind.REPORT_DUTY: _report_duty,
    NoticeKind.REPORT_ESCALATION: _report_escalation,
    NoticeKind.REPORT_OUTCOME: _report_outcome,
    NoticeKind.LEGAL_DUTY: _legal_duty,
    NoticeKind.PROMISE_DECIDED: _promise_decided,
    NoticeKind.SENDING_DOMAIN: _sending_domain,
    NoticeKind.ALARM: _alarm,
    NoticeKind.SEGMENT_STANDING: _segment_standing,
    NoticeKind.DRAFTS_WAIT: _drafts_wait,
    NoticeKind.EXHAUSTED: _exhausted,
}
"""Each takes the subject of the notice. Raises Rejected when there is nothing left to say."""
