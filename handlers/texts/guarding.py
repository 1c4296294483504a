"""Why a nudge may not be sent, or not yet: in the order of the guards."""

from __future__ import annotations

from domain.reasons import Reason
from handlers.texts.words import Words

AGAIN = "[You can nudge again from {until}.|Open the account to see when a nudge works.]"

OF_INVOICE = frozenset(
    {
        Reason.INVOICE_PAID,
        Reason.INVOICE_VOID,
        Reason.INVOICE_DISPUTED,
        Reason.INVOICE_PROMISED,
        Reason.BELOW_MINIMUM,
        Reason.UNAPPLIED_CASH,
        Reason.NO_PAY_LINK,
        Reason.PAY_LINK_DEAD,
        Reason.INVOICE_NUDGED,
        Reason.PROMISE_CAME,
        Reason.DISPUTE_CAME,
    }
)
"""Their subject is the invoice's number; of the others it is something else."""

REASONS: dict[Reason, Words] = {
    Reason.SENDING_PAUSED: Words(
        "Sending is paused[ ({subject})].",
        "[It goes on {until}; nudge again then.|Please try again later. What is queued already stays queued.]",
    ),
    Reason.DEGRADED: Words(
        "New mail is on hold[ ({subject})|: billing or the mail provider is in trouble].",
        "Your Admin or Billing Admin can settle it. What is queued already waits and then leaves by itself.",
    ),
    Reason.LEGAL_HOLD: Words(
        "This account is on legal hold, so nobody may chase it.",
        "Legal or the Controller can lift a hold that was placed here; one that came with the books ends in the books. "
        "If the customer writes to you, pass it on to Legal.",
    ),
    Reason.INVOICE_PAID: Words(
        "{subject} is paid.",
        "Nothing to chase there. Refresh the card to see what is still open.",
        subject="This invoice",
    ),
    Reason.INVOICE_VOID: Words(
        "{subject} was cancelled, so there is nothing to pay.",
        "Refresh the card to see what is still open.",
        subject="This invoice",
    ),
    Reason.INVOICE_DISPUTED: Words(
        "{subject} is disputed[ since {day}], so it can't be chased.",
        "The card shows who is settling it. Only this invoice waits for that.",
        subject="This invoice",
    ),
    Reason.INVOICE_PROMISED: Words(
        "There is a promise to pay {subject}[, made {day}], so it isn't chased for now.",
        "[If it is still open then, you can nudge from {until}.|If the promise is broken, you can nudge again.]",
        subject="this invoice",
    ),
    Reason.BELOW_MINIMUM: Words(
        "{subject} is too small to chase[: the minimum is {least}].",
        "Nothing to do. The Controller sets that amount.",
        subject="This invoice",
    ),
    Reason.NO_PAY_LINK: Words(
        "{subject} has no payment link yet.",
        "Once A/R has added one, the nudge works.",
        subject="This invoice",
    ),
    Reason.PAY_LINK_DEAD: Words(
        "The payment link of {subject} runs out before the mail would leave[ (its last day: {day})].",
        "Once A/R has renewed it, the nudge works.",
        subject="this invoice",
    ),
    Reason.NO_ELIGIBLE_INVOICE: Words(
        "No invoice of this account can be chased now.",
        "The card shows each open one: disputed, promised, or too small.",
    ),
    Reason.NEWER_INVOICE: Words(
        "{subject} can be chased now, and a nudge always cites the latest invoice.",
        "Nothing was queued: open Nudge once more to see the new mail.",
        subject="This invoice",
    ),
    Reason.NO_CONTACT: Words(
        "There is nobody on file to write to.",
        "Give A/R the name and address of whoever pays; then the nudge works.",
    ),
    Reason.CONTACT_INVALID: Words(
        "Mail to {subject} doesn't arrive.",
        "Give A/R a working address, or somebody else to write to.",
        subject="this contact",
    ),
    Reason.CONTACT_SUPPRESSED: Words(
        "We may not write to this contact: {subject}.",
        "[Possible again from {until}.|Give A/R somebody else to write to, or ask whether this can be lifted.]",
        subject="it is blocked",
    ),
    Reason.STALE_DATA: Words(
        "[The books were last read {at}|The books were never read], so the balance may be wrong.",
        "As soon as they are synced again, the nudge works. An Admin can start that.",
    ),
    Reason.UNAPPLIED_CASH: Words(
        "Money has come in that may already cover {subject}.",
        "A/R matches it first. If something is left to pay, you can nudge then.",
        subject="this invoice",
    ),
    Reason.AUTOPILOT_DUE: Words(
        "Autopilot's next reminder is due[ {at}], so a nudge now would be one mail too many.",
        AGAIN,
    ),
    Reason.PLANNED_DUE: Words(
        "A reminder that is planned in the books is due[ {at}], so a nudge now would be one mail too many.",
        AGAIN,
    ),
    Reason.AUTOPILOT_SENT: Words(
        "[Autopilot reminded them {at}|Autopilot has just reminded them], so a nudge now would be one mail too many.",
        AGAIN,
    ),
    Reason.PLANNED_SENT: Words(
        "[A reminder that was planned in the books left {at}|A reminder that was planned in the books has just left], "
        "so a nudge now would be one mail too many.",
        AGAIN,
    ),
    Reason.DRAFT_WAITS: Words(
        "Autopilot has drafted a reminder for this customer[ ({at})], and A/R has yet to decide about it.",
        "Ask A/R: once it is skipped, you can nudge.[ Left undecided, it ends {until}.|]",
    ),
    Reason.STEP_HELD: Words(
        "Autopilot's own reminder[ of {day}] is on hold, and a nudge beside it would be one mail too many.",
        "Ask A/R: once it is cancelled[, or {after} after it left], you can nudge.",
    ),
    Reason.STEP_UNCONFIRMED: Words(
        "Nobody knows yet whether Autopilot's own reminder[ of {day}] arrived.",
        "Ask A/R: once they have found that out, the card shows when a nudge works.",
    ),
    Reason.CONTACT_TOUCHED: Words(
        "[This contact had a mail from us {at}|This contact has just had a mail from us], so the next one has to wait.",
        AGAIN,
    ),
    Reason.INVOICE_NUDGED: Words(
        "Somebody at this customer had a nudge for {subject}[ {at}|just now], so the next one has to wait.",
        AGAIN,
        subject="this invoice",
    ),
    Reason.NUDGE_QUEUED: Words(
        "A nudge to this contact is already waiting[ and leaves {at}].",
        "[The next one is possible from {until}.|The card shows where it stands.]",
    ),
    Reason.NUDGE_CAP: Words(
        "This contact has had enough nudges for one week[; the last left {day}].",
        AGAIN,
    ),
    Reason.DAILY_CAP: Words(
        "Today's mails are used up.",
        "It waits and leaves by itself[ {until}| the next day].",
    ),
    Reason.WARM_UP: Words(
        "The sending domain is being warmed up, and today's mails of that are used up.",
        "It waits and leaves by itself[ {until}| the next day]. The quota grows from day to day.",
    ),
    Reason.SEGMENT_CAP: Words(
        "This customer's segment has had today's mails: nudges and Autopilot's steps each have their share of its cap.",
        "It waits and leaves by itself[ {until}| the next day]. An A/R Manager can set a higher cap.",
    ),
    Reason.HOURLY_CAP: Words(
        "The mails of this hour are used up.",
        "It waits and leaves by itself[ {until}| in the next hour].",
    ),
    Reason.KEPT_FOR_OTHERS: Words(
        "What is left of today's mails is kept: nudges and Autopilot's steps each have their share.",
        "It waits and leaves by itself[ {until}| the next day].",
    ),
    Reason.DOMAIN_STOPPED: Words(
        "Sending from {subject} stopped by itself[ {at}]: too many mails came back or were reported as unwanted.",
        "The Controller lifts it once the cause is found. What is queued already stays queued.",
        subject="our domain",
    ),
    Reason.QUIET_HOURS: Words(
        "It is outside the customer's business hours.",
        "It waits and leaves by itself[ {until}| when they open].",
    ),
    Reason.NO_OPENING: Words(
        "I found no hour at which this customer may be written to.",
        "A/R can set their time zone, or change the quiet hours.",
    ),
    Reason.NO_TEMPLATE: Words(
        "There is no approved text for it now.",
        "Open the nudge again: another text may be offered. If none is, ask the Controller to approve one.",
    ),
    Reason.UNRESOLVED_TAG: Words(
        "The text has a gap that can't be filled: {subject}.",
        "Choose another text, or ask the Controller to correct this one.",
        subject="a name or a date is missing",
    ),
}
