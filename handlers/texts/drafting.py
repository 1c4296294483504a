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
        "Nothing was sent. The next step, if there is one, comes on its day.",
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
        "Reminders to this customer are planned in the books, so Autopilot adds none of its own.",
        "Skip it, or wait: it can be approved once none is planned there.",
    ),
}

_SAME = ""
"""As in the other room; only the way forward is another."""

OF_DRAFT: dict[Reason, Words] = {
    Reason.SENDING_PAUSED: Words(_SAME, "[It goes on {until}. |]The draft waits, and can be approved then."),
    Reason.INVOICE_PAID: Words(_SAME, "Nothing is left to send: the draft is withdrawn by itself."),
    Reason.INVOICE_VOID: Words(_SAME, "Nothing is left to send: the draft is withdrawn by itself."),
    Reason.INVOICE_DISPUTED: Words(
        _SAME, "The draft is withdrawn by itself; the cadence goes on once the dispute is resolved."
    ),
    Reason.INVOICE_PROMISED: Words(
        _SAME, "The draft is withdrawn by itself; the cadence goes on if the promise is broken."
    ),
    Reason.BELOW_MINIMUM: Words(_SAME, "The draft is withdrawn by itself. The Controller sets that amount."),
    Reason.NO_PAY_LINK: Words(_SAME, "Once it has one, the draft can be approved."),
    Reason.PAY_LINK_DEAD: Words(_SAME, "Once it is renewed, the draft can be approved."),
    Reason.UNAPPLIED_CASH: Words(_SAME, "Match it first. If something is left to pay, the draft can be approved then."),
    Reason.NO_CONTACT: Words(_SAME, "Skip the draft. Once the books name whoever pays, the next step goes to them."),
    Reason.CONTACT_INVALID: Words(
        _SAME, "Skip the draft. Once the books have an address that works, the next step goes there."
    ),
    Reason.CONTACT_SUPPRESSED: Words(
        _SAME,
        "[Possible again from {until}.|Nothing is sent there until that is lifted. Skip the draft if it still waits.]",
    ),
    Reason.STALE_DATA: Words(
        _SAME, "As soon as they are synced again, the draft can be approved. An Admin can start that."
    ),
    Reason.NO_OPENING: Words(_SAME, "Their time zone in the books has to change, or the quiet hours."),
    Reason.NO_TEMPLATE: Words(
        "The text of this draft is not approved any more.",
        "Skip the draft: the next step takes the text that is approved by then.",
    ),
    Reason.UNRESOLVED_TAG: Words(
        _SAME, "Once the books have what is missing, the draft can be approved. Else skip it."
    ),
    Reason.UNREADABLE: Words(_SAME, "Once it is corrected there, the draft can be approved."),
    Reason.EXPIRED: Words(
        "Nobody decided about this draft in time.",
        "Nothing was sent for it. The next step, if there is one, comes on its day.",
    ),
    Reason.MAIL_UNKNOWN: Words(
        "An earlier mail about this invoice was handed over, but nobody confirmed it.",
        "Find out whether it arrived, and say so under its alert; then the draft can be approved.",
    ),
}
"""To A/R about a draft, where the other rooms speak to whoever would nudge."""
