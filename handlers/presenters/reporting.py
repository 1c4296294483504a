"""The report modal for its reader, and what they see when it was sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.accounts import Account, Contact, Invoice
from domain.reporting import Reported, ReportForm, ReportKind, ReportStory, Settled
from domain.values import Money
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters import timeline
from handlers.presenters.disputes import invoices_words
from handlers.presenters.reader import Reader
from handlers.presenters.reports import promised_words
from handlers.presenters.taken_back import taken_back_words
from handlers.seal import Kind, Signet
from handlers.sheets import Filled, Opened
from handlers.views.blocks import Button, Option, Page, actions, section
from handlers.views.report import Picked, ReportSheet

NOT_KNOWN = "Not known"
_EVIDENCE_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose modal it is. `at` is the instant it is drawn."""

    reader: Reader
    signet: Signet
    at: datetime


def unchosen_sheet(opened: Opened, filled: Filled, *, desk: Desk) -> ReportSheet:
    """Opened by a shortcut: first the account; what was said is kept meanwhile."""
    again = opened.drawn_anew(summed=opened.summed, currency=opened.currency)
    return ReportSheet(
        title="Report",
        submit="Next",
        metadata=again.sealed(desk.signet),
        lead="",
        round=again.round,
        amount_round=again.summed_at,
        is_dispute=filled.kind is ReportKind.DISPUTE,
        can_choose=True,
        has_account=False,
        said=filled.said,
        evidence=filled.evidence,
        footer=_footer(opened),
    )


def sheet(form: ReportForm, opened: Opened, filled: Filled, *, desk: Desk) -> ReportSheet:
    """For an account. What is chosen decides the amount's currency and what it is prefilled with."""
    offered = [invoice for invoice in form.invoices if invoice.balance.minor > 0][:100]
    chosen = _chosen(offered, filled)
    whole, currency = _sum(chosen, offered, desk.reader)
    summed = whole if _prefills(filled, form) else ""
    amount = summed if filled.amount in ("", opened.summed) else filled.amount
    again = opened.drawn_anew(summed=summed, currency=currency)
    story = form.story
    return ReportSheet(
        title="Correct and record" if story else "Report",
        submit="Record" if story else "Report",
        metadata=again.sealed(desk.signet),
        lead=_lead(form, opened, desk),
        round=again.round,
        amount_round=again.summed_at,
        is_dispute=filled.kind is ReportKind.DISPUTE,
        can_choose=opened.can_choose,
        account=account_option(form.account, desk.signet) if opened.can_choose else None,
        is_correction=story is not None,
        invoices=Picked(
            tuple(_invoice(one, desk) for one in offered),
            tuple(index for index, one in enumerate(offered) if one in chosen),
        ),
        contacts=_contacts(form.contacts, filled, desk.signet),
        amount_label=f"Amount in {currency}" if currency else "Amount, with its currency",
        amount=amount,
        due=filled.due,
        due_day=filled.due_day.isoformat() if filled.due_day else "",
        said=filled.said,
        evidence=filled.evidence,
        reason=filled.reason,
        footer="" if story else _footer(opened),
    )


def filled_from(story: ReportStory | None, reader: Reader) -> Filled:
    """A report as the fields of the form that corrects it; empty ones without a report."""
    if story is None:
        return Filled()
    promise, dispute = story.promise, story.dispute
    amount = promise.amount if promise else dispute.amount if dispute else None
    return Filled(
        kind=story.report.kind,
        invoice_ids=frozenset(invoice.id for invoice in story.invoices),
        amount=reader.number(amount) if amount else "",
        due_day=promise.due_on if promise else None,
        reason=dispute.reason if dispute else "",
        contact_id=story.report.contact_id,
    )


def said_words(moment: datetime, *, reader: Reader, at: datetime) -> str:
    """As the field reads it again: `26 Nov 09:41`, on the reader's clock; `now` for what comes from a clock ahead."""
    if moment >= at:
        return "now"
    local = moment.astimezone(reader.zone)
    return f"{local.day} {local:%b %Y %H:%M}"


def account_option(account: Account, signet: Signet) -> Option:
    return Option(
        f"{escape(account.name, 50)} ({escape(account.external_id, 20)})", signet.close(Kind.ACCOUNT, account.id, 0)
    )


def _chosen(offered: list[Invoice], filled: Filled) -> list[Invoice]:
    """The only one there is, is meant, until somebody says otherwise."""
    if filled.invoice_ids is None:
        return offered if len(offered) == 1 else []
    return [invoice for invoice in offered if invoice.id in filled.invoice_ids]


def _prefills(filled: Filled, form: ReportForm) -> bool:
    """The disputed part is not guessed, and what was reported without an amount is not given one."""
    return filled.kind is ReportKind.PROMISE and form.story is None


def _sum(chosen: list[Invoice], offered: list[Invoice], reader: Reader) -> tuple[str, str]:
    """What the chosen ones come to, as typed, and the currency meant; both empty where there are two currencies."""
    currencies = {invoice.balance.currency for invoice in chosen or offered}
    if len(currencies) != 1:
        return "", ""
    (currency,) = currencies
    total = sum((invoice.balance for invoice in chosen), Money(0, currency))
    return (reader.number(total) if chosen else ""), currency


def _lead(form: ReportForm, opened: Opened, desk: Desk) -> str:
    if form.story is None:
        return "" if opened.can_choose else f"*{escape(form.account.name, 140)}*"
    by = escape(form.story.reporter.name, 80)
    said = escape(form.story.report.evidence, _EVIDENCE_SHOWN)
    return (
        f"*{escape(form.account.name, 140)}*, as {by} reported it. What you change is told to them, and the record "
        "holds your words." + (f"\n&gt; {said}" if said else "")
    )


def _invoice(invoice: Invoice, desk: Desk) -> Option:
    return Option(
        f"{escape(invoice.number, 40)} · {desk.reader.money(invoice.balance)}",
        desk.signet.close(Kind.INVOICE, invoice.id),
        timeline.due_words(invoice, desk.reader, desk.at),
    )


def _contacts(contacts: Iterable[Contact], filled: Filled, signet: Signet) -> Picked:
    """The only one is meant until somebody says otherwise. Slack's menus cannot be emptied, so “not known” is in it."""
    known = list(contacts)[:99]
    if not known:
        return Picked(())
    options = [
        Option(escape(one.name or one.email, 75), signet.close(Kind.CONTACT, one.id), escape(one.email, 75))
        for one in known
    ]
    chosen = next((index for index, one in enumerate(known) if one.id == filled.contact_id), None)
    if chosen is None and filled.contact_id is None and len(known) == 1:
        chosen = 0
    nobody = Option(NOT_KNOWN, signet.close(Kind.CONTACT, 0))
    if filled.contact_id == 0:
        chosen = len(options)
    return Picked((*options, nobody), () if chosen is None else (chosen,))


def _footer(opened: Opened) -> str:
    if opened.place:
        return "A/R hears of it at once. You hear what became of it in the thread of the message you started from."
    return "A/R hears of it at once. You hear what became of it in a message from Plixo."


def reported_page(outcome: Reported, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """Everything once more and in full, so that a day read wrongly is seen now."""
    story = outcome.story
    name, report = escape(story.account.name, 140), story.report
    what = "promise" if report.kind is ReportKind.PROMISE else "dispute"
    lead = f"*This {what} was reported already.*" if outcome.again else f"✅ *The {what} is reported.*"
    lines = [f"{lead} {name}", promised_words(story, reader=reader), invoices_words(story, reader=reader, at=at)]
    who = f"{escape(story.contact.name or story.contact.email, 80)} said it" if story.contact else "It was said"
    lines.append(f"{who} {reader.moment(report.said_at, at)}.")
    then = [_effect(story, reader, at), taken_back_words(outcome.taken_back), _next(story, reader, at)]
    mend = "Is something wrong here? Tell whoever keeps the record, or report it once more: they see both."
    return Page(
        "Report",
        f"The {what} of {name} is reported",
        (
            section("\n".join(lines)),
            section("\n".join([*filter(None, then), mend])),
            actions([open_button(story, signet)]),
        ),
    )


def _effect(story: ReportStory, reader: Reader, at: datetime) -> str:
    if story.promise and story.promise.hold_until and story.invoices:
        until = reader.deadline(story.promise.hold_until, at)
        return f"Nobody is nudged about {_these(story)} until {until}, or for longer once A/R has recorded it."
    if story.dispute and story.invoices:
        return f"Nobody is nudged about {_these(story)} until the dispute is settled."
    return "No invoice is named, so nudges go on as before until A/R has found out which one is meant."


def _these(story: ReportStory) -> str:
    return "this invoice" if len(story.invoices) == 1 else "these invoices"


def _next(story: ReportStory, reader: Reader, at: datetime) -> str:
    where = "in the thread" if story.report.place else "in a message"
    by = escape(story.operator.name, 80) if story.operator else "A/R"
    if story.due_at > at:
        return f"{by} is asked to put it on record by {reader.deadline(story.due_at, at)}. You'll hear {where}."
    return f"{by} is asked to put it on record at once. You'll hear {where}."


def settled_page(outcome: Settled, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """For who settled it from a modal."""
    story = outcome.story
    name = escape(story.account.name, 140)
    lines = [f"✅ *{verdict_words(story)}* {name}", promised_words(story, reader=reader)]
    lines.append(invoices_words(story, reader=reader, at=at))
    if outcome.superseded:
        count = len(outcome.superseded)
        lines.append("An older promise was replaced." if count == 1 else f"{count} older promises were replaced.")
    if taken := taken_back_words(outcome.taken_back):
        lines.append(taken)
    lines.append(f"{escape(story.reporter.name, 80)} is told.")
    return Page(vocabulary.THE_RECORD, f"{verdict_words(story)} {name}", (section("\n".join(lines)),))


def verdict_words(story: ReportStory) -> str:
    what = "promise" if story.report.kind is ReportKind.PROMISE else "dispute"
    verdict = story.report.verdict.value if story.report.verdict else ""
    return {
        "recorded": f"The {what} is on record.",
        "corrected": f"The {what} is on record, corrected.",
        "not_valid": f"The {what} was found not valid.",
    }.get(verdict, f"The {what} waits for the record.")


def open_button(story: ReportStory, signet: Signet) -> Button:
    return Button("Open account", ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, story.account.id, 0))
