"""Drafts of Autopilot that wait for a person: what keeps one from being approved or edited."""

from __future__ import annotations

from domain.reasons import Reason
from handlers.texts.words import Words

REASONS: dict[Reason, Words] = {
    Reason.DRAFT_DECIDED: Words(
        "This draft is already {subject}[, by {by}][ ({at})].",
        "Nothing was changed by your click.",
        subject="decided",
    ),
    Reason.DRAFT_CHANGED: Words(
        "[{by} edited this draft|Somebody edited this draft] after it was shown to you.",
        "Read it as it is now, then decide.",
    ),
    Reason.DRAFT_WITHDRAWN: Words(
        "This draft doesn't wait any more: its time is over, or a newer step took its place.",
        "Nothing was sent for it. The account shows what comes next.",
    ),
    Reason.DRAFT_SKIPPED: Words(
        "[{by} skipped it.|A/R skipped it.]",
        "Nothing was sent. The next step comes on its day.",
    ),
    Reason.TAGS_CHANGED: Words(
        "The merge tags have to stay as in the approved text: {subject}.",
        "Change the words around them only.",
        subject="something differs",
    ),
    Reason.FOREIGN_LINK: Words(
        "A reminder holds no other link than the payment link: {subject}.",
        "Take it out.",
        subject="there is one",
    ),
    Reason.ANOTHER_SENDER: Words(
        "Another sender has planned reminders to this customer, so Autopilot doesn't write to it.",
        "Skip it, or wait: the draft goes on when the other's reminders are gone from the books.",
    ),
}
