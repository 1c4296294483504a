"""The words for every reason. Read by people who are in a hurry: short, plain, kind, precise.

A sentence may name `{subject}`, `{at}`, `{day}` (the day of `at`), `{until}` and `{by}`. A part in `[brackets]` is
left out when something it names is not known; `[this|that]` says that instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class Words:
    """What is the case, and the way forward. `subject` stands in when nothing better is known."""

    what: str
    forward: str
    subject: str = "This invoice"


_AGAIN = "[You can nudge again from {until}.|Open the account to see when a nudge works.]"

REASONS: dict[Reason, Words] = {
    Reason.UNKNOWN_TEAM: Words(
        "Plixo isn't connected to your workspace.",
        "Nothing was shown or changed. Ask whoever looks after Plixo in your company to install it there.",
    ),
    Reason.UNKNOWN_PERSON: Words(
        "I don't know you yet: no Plixo user has your Slack e-mail address.",
        "Ask your Controller to add you with that address, then try again.",
    ),
    Reason.DEACTIVATED: Words(
        "Your Plixo access is switched off.",
        "If that is a mistake, your Controller can switch it on again.",
    ),
    Reason.NOT_ALLOWED: Words(
        "Your role doesn't include this.",
        "Your Controller decides who may, and you can ask.",
    ),
    Reason.OUT_OF_SCOPE: Words(
        "This account belongs to a colleague.",
        "You see the accounts you own. If this one should be yours, ask the Controller.",
    ),
    Reason.MAINTENANCE: Words(
        "Plixo is being worked on[ ({by})], so nothing can be sent or changed now.",
        "Looking things up still works. [It should be over by {until}.|Please try again later.]",
    ),
    Reason.SENDING_PAUSED: Words(
        "Sending is paused[ ({by})].",
        "[It goes on {until}; nudge again then.|Please try again later. What is queued already stays queued.]",
    ),
    Reason.DEGRADED: Words(
        "New mail is on hold because of Plixo's own billing.",
        "Your Billing Admin can settle it. What is queued already waits and then leaves by itself.",
    ),
    Reason.LEGAL_HOLD: Words(
        "This account is on legal hold, so nobody may chase it.",
        "Only Legal can lift that. If the customer writes to you, pass it on to Legal.",
    ),
    Reason.INVOICE_PAID: Words(
        "{subject} is paid.",
        "Nothing to chase there. Refresh the card to see what is still open.",
    ),
    Reason.INVOICE_VOID: Words(
        "{subject} was cancelled, so there is nothing to pay.",
        "Refresh the card to see what is still open.",
    ),
    Reason.INVOICE_DISPUTED: Words(
        "{subject} is disputed[ since {day}], so it can't be chased.",
        "The card shows who is settling it. Other invoices can still be nudged.",
    ),
    Reason.INVOICE_PROMISED: Words(
        "There is a promise to pay {subject}[, made {day}], so it isn't chased for now.",
        "[If it is still open then, you can nudge from {until}.|If the promise is broken, you can nudge again.]",
        subject="this invoice",
    ),
    Reason.BELOW_MINIMUM: Words(
        "{subject} is too small to chase.",
        "Nothing to do. The Controller sets that amount.",
    ),
    Reason.NO_PAY_LINK: Words(
        "{subject} has no payment link yet.",
        "Once A/R has added one, the nudge works.",
    ),
    Reason.PAY_LINK_DEAD: Words(
        "The payment link of {subject} runs out before the mail would leave[ ({day})].",
        "Once A/R has renewed it, the nudge works.",
        subject="this invoice",
    ),
    Reason.NO_ELIGIBLE_INVOICE: Words(
        "No invoice of this account can be chased now.",
        "The card shows why for each one: paid, disputed, promised, or too small.",
    ),
    Reason.NO_CONTACT: Words(
        "There is nobody on file to write to.",
        "Give A/R the name and address of whoever pays; then the nudge works.",
    ),
    Reason.CONTACT_INVALID: Words(
        "Mail to {subject} doesn't arrive.",
        "Choose another contact, or give A/R a working address.",
        subject="this contact",
    ),
    Reason.CONTACT_SUPPRESSED: Words(
        "We may not write to this contact: {subject}.",
        "[Possible again from {until}.|Choose another contact, or ask A/R whether this one can be written to again.]",
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
        "Autopilot's own reminder is due[ {at}], so a nudge now would be one mail too many.",
        _AGAIN,
    ),
    Reason.AUTOPILOT_SENT: Words(
        "[Autopilot reminded them {at}|Autopilot has just reminded them], so a nudge now would be one mail too many.",
        _AGAIN,
    ),
    Reason.CONTACT_TOUCHED: Words(
        "[This contact had a mail from us {at}|This contact has just had a mail from us], so the next one has to wait.",
        _AGAIN,
    ),
    Reason.INVOICE_NUDGED: Words(
        "Somebody at this customer had a nudge for {subject}[ {at}|just now], so the next one has to wait.",
        _AGAIN,
    ),
    Reason.NUDGE_QUEUED: Words(
        "A nudge to this contact is already waiting[ and leaves {at}].",
        "[The next one is possible from {until}.|The card shows where it stands.]",
    ),
    Reason.NUDGE_CAP: Words(
        "This contact has had enough nudges for one week[; the last left {day}].",
        _AGAIN,
    ),
    Reason.DAILY_CAP: Words(
        "Today's mails are used up.",
        "It waits and leaves by itself[ {until}| the next day].",
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
        "There is no approved text for this nudge now.",
        "Open the nudge again: another text may be offered. If none is, ask the Controller to approve one.",
    ),
    Reason.UNRESOLVED_TAG: Words(
        "The text has a gap that can't be filled: {subject}.",
        "Choose another text, or ask the Controller to correct this one.",
        subject="a name or a date is missing",
    ),
    Reason.HELD_BY_PERSON: Words(
        "[{by} put it on hold.|It was put on hold.]",
        "It waits until somebody resumes or cancels it.",
    ),
    Reason.CANCELLED_BY_PERSON: Words(
        "[{by} cancelled it.|It was cancelled by hand.]",
        "The invoice can be nudged again.",
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
    Reason.NEWER_INVOICE: Words(
        "{subject} can be chased now, and a nudge always cites the latest invoice.",
        "Nothing was queued: open Nudge once more to see the new mail.",
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
    Reason.REPORT_SETTLED: Words(
        "[{by} has settled this report already|This report is settled already][ ({at})].",
        "Nothing was changed by your click. The message about the report says how it ended.",
    ),
    Reason.REPORT_ACKNOWLEDGED: Words(
        "[{by} has it in hand already|Somebody has it in hand already][ ({at})].",
        "You can still record it yourself if you have what it takes.",
    ),
    Reason.ALREADY_DECIDED: Words(
        "It is already {subject}[, by {by}][ ({at})].",
        "Nothing was changed by your click. Open the account to see the record as it is now.",
        subject="decided",
    ),
    Reason.NOT_RECORDED_YET: Words(
        "It is not in the record yet.",
        "An Operator records the report first, or says that it is not valid.",
    ),
    Reason.NOBODY_IN_LEGAL: Words(
        "Nobody in Plixo has the role Legal now.",
        "Ask the Controller to give it to somebody. The dispute stays open until then.",
    ),
    Reason.NOT_AN_OPERATOR: Words(
        "[{by} is not an active Operator|That person is not an active Operator].",
        "Only Operators keep the record. Choose an Operator, or ask the Controller to make them one.",
    ),
    Reason.NO_HOLD_HERE: Words(
        "No legal hold that was placed in Plixo stands on this account[; the books hold it: {subject}].",
        "[Only the books can take that one away; the next import brings the change.|Nothing was changed.]",
        subject="",
    ),
    Reason.REQUEST_DECIDED: Words(
        "[{by} was faster|Somebody was faster]: this request is already {subject}[ since {at}].",
        "Nothing was changed by your click. The message about the request says why.",
        subject="decided",
    ),
    Reason.OWN_RIGHTS: Words(
        "Nobody decides about their own rights.",
        "Another Controller or Admin can do it; if there is none, whoever runs Plixo can, with `plixo roles`.",
    ),
    Reason.LAST_CONTROLLER: Words(
        "[{subject} is|This is] the only lasting Controller, and there must always be one.",
        "Nothing was changed. Make somebody else Controller first, without an end.",
    ),
    Reason.NOT_GRANTABLE: Words(
        "That can't be given to them any more: their role has changed, or they can do it already.",
        "Nothing was changed. Open the request again to see what is possible now.",
    ),
    Reason.END_PASSED: Words(
        "The day until which it should hold is over.",
        "Nothing was changed. Choose a later day, or none.",
    ),
    Reason.NOT_IN_SLACK: Words(
        "Slack knows no colleague with an e-mail address there: it is a guest, a bot, or somebody who has left.",
        "Nothing was changed. Choose somebody else.",
    ),
    Reason.GROUPS_UNREAD: Words(
        "Slack didn't tell about its user groups.",
        "Nothing was changed. Please try again in a moment; if it stays, `plixo doctor` says what the app is missing.",
    ),
    Reason.UNKNOWN_TAG: Words(
        "The text has {subject}, which no mail can fill.",
        "Merge tags stand in braces and are written exactly as in the list of tags in the text's view.",
        subject="a tag that doesn't exist",
    ),
    Reason.MISSING_TAG: Words(
        "The text lacks {subject}.",
        "Every reminder cites the invoice's number and carries its payment link; put the tag in.",
        subject="a tag that every reminder needs",
    ),
    Reason.NO_LETTER: Words(
        "A reminder needs a subject and a text.",
        "Fill in both; the subject may have 300 characters.",
    ),
    Reason.UNREADABLE_DOCUMENT: Words(
        "The document can't be read[: {by}].",
        "Keep its shape: names, colons, lists. Change words and numbers only.",
    ),
    Reason.NOTHING_CHANGED: Words(
        "The proposed text is the same as the present one.",
        "Change what you would like to be different, then send it.",
    ),
    Reason.OWN_DRAFT: Words(
        "You wrote this draft, so a colleague has to approve it.",
        "{subject} can. Nothing was changed.",
        subject="Another one of your role",
    ),
    Reason.DECIDED: Words(
        "[{by} was faster: it is|This text is already] {subject}[ since {at}].",
        "Nothing was changed by your click. Open it again to see how it stands.",
        subject="decided",
    ),
    Reason.NOT_OWNER: Words(
        "This is for those who look after the text: the Controllers, and whoever approved it.",
        "You can comment on it, or ask the Controller.",
    ),
    Reason.NOTE_GONE: Words(
        "I can't find that note any more.",
        "Open the account to see the notes there are.",
    ),
    Reason.NOTE_IMPORTED: Words(
        "This note came with the books, so its text is kept as it came.",
        "Reply to it, or write a note of your own.",
    ),
    Reason.NOTE_OF_ANOTHER: Words(
        "A note is changed by whoever wrote it, or by the Controller.",
        "Reply to it instead, or write a note of your own.",
    ),
    Reason.STALE_BUTTON: Words(
        "This button is out of date.",
        "Nothing was changed. Run `/account`, or refresh Home, for a fresh view.",
    ),
    Reason.BUSY: Words(
        "The books are busy.",
        "Nothing was changed. Please try again in a moment.",
    ),
}

OF_REQUESTER: dict[Reason, str] = {
    Reason.DEACTIVATED: "Whoever asked for it has no Plixo access any more.",
    Reason.NOT_ALLOWED: "Whoever asked for it may not nudge any more.",
    Reason.OUT_OF_SCOPE: "The account no longer belongs to whoever asked for it.",
}
"""Reasons about the person, told to others."""

_PART = re.compile(r"\[([^\[\]|]*)(?:\|([^\[\]|]*))?\]")
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Told:
    """A reason in words."""

    what: str
    forward: str

    @property
    def both(self) -> str:
        return f"{self.what} {self.forward}"


@dataclass(frozen=True, slots=True)
class Details:
    """What is known about a reason, ready to be read: already escaped, times already in words."""

    subject: str = ""
    at: str = ""
    day: str = ""
    until: str = ""
    by: str = ""
    of_requester: bool = field(default=False, kw_only=True)


def tell(reason: Reason, details: Details | None = None) -> Told:
    """The sentence and the way forward."""
    known = details or Details()
    words = REASONS[reason]
    values = {
        "subject": known.subject or words.subject,
        "at": known.at,
        "day": known.day,
        "until": known.until,
        "by": known.by,
    }
    what = OF_REQUESTER.get(reason, words.what) if known.of_requester else words.what
    return Told(_fill(what, values), _fill(words.forward, values))


def _fill(sentence: str, values: Mapping[str, str]) -> str:
    """Only our own sentences are read as patterns; a value is put in once and never read again."""

    def part(match: re.Match[str]) -> str:
        wanted = _FIELD.findall(match.group(1))
        return match.group(1) if all(values[name] for name in wanted) else match.group(2) or ""

    chosen = _PART.sub(part, sentence)
    return _FIELD.sub(lambda match: values[match.group(1)], chosen)
