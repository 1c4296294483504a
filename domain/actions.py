"""What the audit log can hold: every action there is, and which facts its line carries. `docs/audit.md` has the table.

An action that is not here cannot be recorded: a log that says things nobody has described is no evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from domain.errors import InvalidValue
from domain.timeline import Source

REFUSED = ".refused"
"""Follows the name of what somebody was not allowed to do; such a line has a reason, and nothing before or after."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names of the facts before and after. A line may lack some of them, and holds no others."""

    before: frozenset[str]
    after: frozenset[str]


_PERSON = "role until lasting group active"
_PROMISE = "invoices amount due_on"
_DISPUTE = "invoices amount reason"
_FILTER = "actor_id account_id action since until"
_DOMAIN = "standing stage quota"
_WORKSPACE = "name zone country"
_SETTINGS = "version segment mode daily_cap quiet_hours"


def _of_messages(words: str) -> str:
    """Of whatever waits in the queue."""
    return " ".join(f"{source}.{word}" for source in (Source.NUDGE, Source.AUTOPILOT) for word in words.split())


_TABLE = (
    ("nudge.queued autopilot.queued", "", "invoice template version leaves_at"),
    ("draft.made", "", "template version expires_at"),
    ("draft.edited", "revision hash", "revision hash"),
    ("draft.approved", "", "template version revision leaves_at"),
    ("draft.skipped draft.withdrawn draft.expired", "", "why"),
    ("sequence.begun", "", "invoice segment cadence version"),
    ("sequence.ended", "segment cadence version", "why"),
    ("segment.judged", "mode shortfalls", "mode shortfalls"),
    (_of_messages("held"), "state", "state why"),
    (_of_messages("cancelled unconfirmed"), "state", "state cause"),
    (_of_messages("confirmed sent refused expired"), "state", "state"),
    (_of_messages("failed rescued"), "state", "state"),
    (_of_messages("resumed requeued deferred"), "state", "state leaves_at"),
    (_of_messages("returned complained"), "state", "state detail suppressed"),
    ("promise.reported", "", f"promise hold_until said_at {_PROMISE}"),
    ("dispute.reported", "", f"dispute said_at {_DISPUTE}"),
    ("report.acknowledged", "acknowledged_by", "acknowledged_by"),
    ("report.reminded report.escalated", "", "told"),
    ("report.handed", "operator", "operator"),
    ("report.recorded", "state", f"state verdict {_PROMISE} reason"),
    ("report.corrected", f"state {_PROMISE} reason", f"state verdict {_PROMISE} reason"),
    ("report.rejected", f"state {_PROMISE} reason", "state verdict why"),
    ("promise.superseded", "state", "state newer"),
    ("promise.withdrawn", "state", "state why paid currency"),
    ("promise.kept promise.partially_kept promise.broken", "state", "state paid currency"),
    ("dispute.review", "state", "state owner"),
    ("dispute.answered", "state", "state length"),
    ("dispute.resolved", "state", "state resolution why"),
    ("hold.placed", "", "why books"),
    ("hold.lifted", "why", "why books"),
    ("contact.suppressed", "reason until", "reason until by"),
    ("contact.reactivated", "reason until", "why by"),
    ("duty.assigned duty.taken_off", "keeps", "keeps of by"),
    ("absence.set absence.begun absence.ended", "absences", "absences by"),
    ("note.written", "", "department length mentioned"),
    ("note.edited", "version length", "version length mentioned"),
    ("note.replied", "", "reply length mentioned"),
    ("note.pinned note.unpinned", "is_pinned", "is_pinned"),
    ("text.commented", "", "comment hash"),
    ("comment.answered", "answer", "text hash"),
    ("change.requested", "text hash", "hash"),
    ("change.approved change.declined", "state text hash", "state draft hash why"),
    ("document.drafted template.drafted", "", "hash by"),
    ("document.published template.approved", "state", "state hash by"),
    ("document.discarded template.discarded", "state", "state hash by"),
    ("template.signed_off template.retired", "state", "state hash"),
    ("segment.set", _SETTINGS, f"{_SETTINGS} why"),
    ("person.linked", "", "slack_user role group"),
    ("person.added", "", "slack_user role"),
    ("person.activated person.deactivated", _PERSON, f"{_PERSON} by why"),
    ("role.set", _PERSON, f"{_PERSON} by request why"),
    ("role.followed_group", _PERSON, _PERSON),
    ("capability.granted", "capabilities", "capabilities until by request why"),
    ("capability.taken", "capabilities", "capabilities why"),
    ("account.handed_over", "owner", "owner request"),
    ("group_role.given group_role.taken", "role name", "role name why"),
    ("access.requested", "", "state capability words"),
    ("access.approved access.declined", "state", "state given until why"),
    ("messages.chosen", "muted", "muted"),
    ("account.shared", "", "origin"),
    ("audit.exported", "", f"{_FILTER} lines up_to origin by to"),
    ("summary.exported", "", "day zone origin by to"),
    ("audit.dropped", "first_id last_id rows hash", "kept_days sealed_at"),
    ("domain.grew domain.stepped_back domain.held domain.resumed domain.stopped", _DOMAIN, f"{_DOMAIN} trouble"),
    ("domain.lifted", _DOMAIN, f"{_DOMAIN} why by"),
    ("sending.switched", "sending", "sending reason by"),
    ("sending.degraded sending.recovered", "reason by", "reason by"),
    ("job.paused job.resumed job.asked", "until reason by", "until reason by"),
    ("maintenance.begun maintenance.ended", "until reason by", "until reason by"),
    ("database.restored", "", "taken unconfirmed by"),
    ("organisation.changed", _WORKSPACE, _WORKSPACE),
)
ACTIONS: Mapping[str, Facts] = {
    action: Facts(frozenset(before.split()), frozenset(after.split()))
    for actions, before, after in _TABLE
    for action in actions.split()
}
ATTEMPTS = frozenset(
    "nudge account account.share notes.read note.read note.reply note.edit note.pin note.history note.write person help"
    " messages home home.part reports.mine report.form record.queue record.reject record.withdraw record.resolve"
    " record.answer record.place_hold record.lift_hold record.history duty.read duty.set text.read change.read"
    " role.assign group_role.give simulation access.decide audit.read audit.export summary.export"
    " drafts operations maintenance.set job.order deliverability".split()
)
"""What is in the log only when it was refused: looks, forms, and what has another name once it is done."""


def check(action: str, before: Collection[str], after: Collection[str]) -> None:
    """Raises InvalidValue for an action that is not here, or a fact that is not described."""
    facts = ACTIONS.get(action)
    if facts is None:
        attempt = action.removesuffix(REFUSED)
        if attempt == action or (attempt not in ATTEMPTS and attempt not in ACTIONS):
            raise InvalidValue(f"The audit log knows no “{action}”: add it to domain/actions.py and docs/audit.md.")
        facts = Facts(frozenset(), frozenset())
    unknown = sorted({*before} - facts.before | {*after} - facts.after)
    if unknown:
        raise InvalidValue(f"“{action}” carries undescribed facts: add {unknown} to domain/actions.py, docs/audit.md.")
