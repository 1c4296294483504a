"""The Nudge modal's words, from preview to “queued”."""

from __future__ import annotations

import re
from datetime import datetime

from domain.mail import Mailbox
from domain.messages import State
from domain.outcomes import AlreadyQueued, NudgePreview, PassedOver, Queued
from domain.templates import Template
from handlers import ids
from handlers.escaping import escape, escape_lines
from handlers.presenters import timeline
from handlers.presenters.departures import leaves_words, why_not_now
from handlers.presenters.reader import Reader
from handlers.presenters.refusals import told
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Confirm, Option, Page, actions, section
from handlers.views.nudge import Choice, Preview

_PASSED_OVER_SHOWN = 3
_TAG = re.compile(r"\{\w+\}")


def preview(outcome: NudgePreview, *, reader: Reader, signet: Signet, at: datetime, notice: str = "") -> Preview:
    account, invoice, template = outcome.facts.account, outcome.invoice, outcome.template
    mail = outcome.mail
    head = [f"*From* {_mailbox(mail.sender)}", f"*To* {_mailbox(mail.to)}"]
    if mail.reply_to:
        head.append(f"*Replies to* {_mailbox(mail.reply_to)}")
    head.append(f"*Subject* {escape(mail.subject, 300)}")
    leaves, departure = leaves_words(outcome.departure, reader=reader, at=at), outcome.departure
    hours = reader.hours_of(departure.zone, account.country, departure.segment)
    by = escape(outcome.person.name, 80)
    return Preview(
        notice=f"👀 *{notice}*" if notice else "",
        invoice=_invoice(outcome, reader, at),
        templates=_templates(outcome, signet),
        contacts=_contacts(outcome, signet),
        mail_head="\n".join(head),
        mail_body=escape_lines(mail.text),
        departure=f"*When*\n{leaves} {hours}.",
        alert=(
            f"A/R will see: {by} nudged {escape(account.name, 80)} for {escape(invoice.number, 60)} with "
            f"“{escape(template.name, 80)}”, version {template.version}. They can hold or cancel it until it leaves."
        ),
        submit="Send now" if outcome.departure.waits_for is None else "Queue nudge",
        draft=signet.close(Kind.DRAFT, account.id, outcome.contact.id, invoice.id, template.key, template.version),
    )


def _invoice(outcome: NudgePreview, reader: Reader, at: datetime) -> str:
    invoice = outcome.invoice
    number, newer = escape(invoice.number, 60), outcome.passed_over
    lines = [
        f"*{escape(outcome.facts.account.name, 140)}*",
        f"*{number}* · {reader.money(invoice.balance)} · {timeline.due_words(invoice, reader, at)}",
    ]
    if not newer:
        return "\n".join([*lines, "It is the newest invoice that can be chased."])
    why = [_passed_over(one, outcome, reader, at) for one in newer[:_PASSED_OVER_SHOWN]]
    if len(newer) > _PASSED_OVER_SHOWN:
        more = len(newer) - _PASSED_OVER_SHOWN
        why.append(f"{'One more newer one' if more == 1 else f'{more} more newer ones'} can't either.")
    return "\n".join([*lines, *why, f"{number} can: I picked it for you."])


def _passed_over(one: PassedOver, outcome: NudgePreview, reader: Reader, at: datetime) -> str:
    said = told(one.refusal, reader=reader, at=at, there=outcome.departure.zone)
    number = escape(one.invoice.number, 60)
    return said.what if number in said.what else f"{number}: {said.what}"


def _templates(outcome: NudgePreview, signet: Signet) -> Choice:
    return Choice(
        tuple(Option(_template(one), signet.close(Kind.TEMPLATE, one.key), _subject(one)) for one in outcome.templates),
        next((i for i, one in enumerate(outcome.templates) if one.key == outcome.template.key), 0),
    )


def _template(template: Template) -> str:
    return f"{escape(template.name, 45)} ({escape(template.tone, 20)})"


def _subject(template: Template) -> str:
    """Merge tags say nothing to somebody who chooses: `Invoice …: a quick question`."""
    return escape(_TAG.sub("…", template.subject), 75)


def _contacts(outcome: NudgePreview, signet: Signet) -> Choice:
    return Choice(
        tuple(
            Option(
                escape(one.name or one.email, 60) + (" (main)" if one.is_primary else ""),
                signet.close(Kind.CONTACT, one.id),
                escape(one.email, 75),
            )
            for one in outcome.contacts
        ),
        next((i for i, one in enumerate(outcome.contacts) if one.id == outcome.contact.id), 0),
    )


def _mailbox(mailbox: Mailbox) -> str:
    address = escape(mailbox.address, 200)
    return f"{escape(mailbox.name, 120)} ({address})" if mailbox.name else address


def queued_page(outcome: Queued, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    number, name = escape(outcome.invoice.number, 60), escape(outcome.account.name, 80)
    departure = outcome.departure
    if departure.waits_for is None:
        lead = f"✅ *On its way.* Your nudge for {number} ({name}) leaves within a minute."
    else:
        when = reader.moment_there(departure.at, departure.zone, at)
        lead = f"✅ *Queued.* Your nudge for {number} ({name}) leaves {when}. {why_not_now(departure, reader, at)}"
    rest = (
        "A/R has been told. Everything is checked once more before it leaves: if the customer pays or disputes it "
        "until then, nothing is sent. You'll get a message either way. Refresh the card to see it there."
    )
    return Page(
        "Nudge",
        f"Nudge for {number} queued",
        (section(f"{lead}\n\n{rest}"), actions([take_back_button(outcome.message.id, signet)])),
    )


def take_back_button(message_id: str, signet: Signet) -> Button:
    return Button(
        "Cancel nudge",
        ids.NUDGE_TAKE_BACK,
        signet.close(Kind.NUDGE, message_id),
        confirm=Confirm(
            "Cancel this nudge?",
            "It won't be sent. You can nudge for this invoice again later.",
            go="Cancel nudge",
            stop="Leave it",
            is_danger=True,
        ),
    )


def already_page(outcome: AlreadyQueued, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """The nudge that is there already: the same answer for a second click, a retry, or a second rep."""
    number, name = escape(outcome.invoice.number, 60), escape(outcome.account.name, 80)
    who = "You" if outcome.is_mine else escape(outcome.by.name, 80)
    asked = reader.moment(outcome.message.requested_at, at)
    state = timeline.state_words(outcome.message, reader=reader, there=None, at=at)
    lead = f"*{who} nudged {name} for {number}* ({asked}). It is {state}."
    blocks = [section(f"{lead}\nNo second one is sent.")]
    if outcome.is_mine and outcome.message.state in (State.QUEUED, State.HELD):
        blocks.append(actions([take_back_button(outcome.message.id, signet)]))
    return Page("Nudge", lead.replace("*", ""), tuple(blocks))
