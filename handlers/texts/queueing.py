"""What became of a nudge in the queue and in the mail."""

from __future__ import annotations

from domain.reasons import Reason
from handlers.texts.words import Words

REASONS: dict[Reason, Words] = {
    Reason.HELD_BY_PERSON: Words(
        "[{by} put it on hold.|It was put on hold.]",
        "It waits until somebody resumes or cancels it[, and expires {until}].",
    ),
    Reason.CANCELLED_BY_PERSON: Words(
        "[{by} cancelled it.|It was cancelled by hand.]",
        "The invoice can be nudged again.",
    ),
    Reason.PROMISE_CAME: Words(
        "[{by} noted a promise|A promise was noted] to pay {subject}, so the nudge that waited was taken back.",
        "You can nudge about another invoice that is open. If it turns out to be no promise, you hear of it here.",
        subject="this invoice",
    ),
    Reason.DISPUTE_CAME: Words(
        "[{by} noted|Somebody noted] that {subject} is disputed, so the nudge that waited was taken back.",
        "You can nudge about another invoice that is open. If it turns out to be no dispute, you hear of it here.",
        subject="this invoice",
    ),
    Reason.HOLD_CAME: Words(
        "[{by} put this account|This account was put] on legal hold, so the nudge that waited was taken back.",
        "Nobody may chase it until Legal or the Controller lifts the hold. If the customer writes to you, pass it on "
        "to Legal.",
    ),
    Reason.SUPERSEDED: Words(
        "A newer nudge to the same contact took its place.",
        "Nothing to do: the newer one leaves.",
    ),
    Reason.TOO_LATE: Words(
        "[It left {at}|It is already on its way], so it can't be stopped any more.",
        "If it should not have gone, please tell A/R.",
    ),
    Reason.ALREADY_DONE: Words(
        "Somebody was faster: it is already {subject}[ since {at}].",
        "Nothing was changed by your click.",
        subject="settled",
    ),
    Reason.MESSAGE_GONE: Words(
        "I can't find that nudge any more.",
        "Open the account to see what is queued.",
    ),
    Reason.EXPIRED: Words(
        "It waited too long without being able to leave.",
        "Open the account: it shows what is in the way, and when a nudge works.",
    ),
    Reason.REQUESTER_GONE: Words(
        "Whoever asked for it has left.",
        "The account's owner can nudge again.",
    ),
    Reason.UNREADABLE: Words(
        "Something in the books about it can't be read.",
        "Once A/R has corrected it there, you can nudge again.",
    ),
    Reason.MAIL_UNAVAILABLE: Words(
        "The mail server isn't answering.",
        "Nothing is lost: it is tried again until it leaves.",
    ),
    Reason.MAIL_REJECTED: Words(
        "The customer's mail server refused it.",
        "The address is probably wrong. Give A/R a working one, then nudge again.",
    ),
    Reason.MAIL_UNKNOWN: Words(
        "It was handed over, but nobody confirmed it.",
        "A/R finds out whether it arrived. It is never sent twice by itself.",
    ),
    Reason.MAIL_RETURNED: Words(
        "It came back: the customer's mail system could not deliver it.",
        "Ask the customer for an address that works and give it to A/R, then nudge again.",
    ),
    Reason.MAIL_UNWANTED: Words(
        "Whoever got it reported it as unwanted mail.",
        "Nobody writes to this contact any more. Choose another contact, or talk to A/R.",
    ),
    Reason.RESTORED: Words(
        "The database came back from a backup, and this may have left after that was taken.",
        "A/R finds out whether it arrived. It is never sent twice by itself.",
    ),
}
