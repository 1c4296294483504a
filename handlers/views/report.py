"""The report modal: what a customer promised or disputes, in as little typing as it takes. Texts arrive escaped."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import ids
from handlers.views import fields
from handlers.views.blocks import Block, Option, Page, View, asking, context, modal, section
from handlers.views.fields import Asked

KINDS = (
    Option("Promise", "promise", "They said when or how much they pay"),
    Option("Dispute", "dispute", "They say that something is wrong"),
)
_AMOUNT_AT_MOST, _WORDS_AT_MOST, _REASON_AT_MOST = 40, 60, 500


@dataclass(frozen=True, slots=True)
class Picked:
    """A list and what is chosen of it, counted from 0."""

    options: tuple[Option, ...]
    chosen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """`round` and `amount_round` name the blocks that are drawn anew; the others keep what is being typed.

    `account` is what is chosen where the account can be chosen (`can_choose`). Without an account there are no fields
    that need one yet.
    """

    title: str
    submit: str
    metadata: str
    lead: str
    round: int
    amount_round: int
    is_dispute: bool
    can_choose: bool = False
    account: Option | None = None
    has_account: bool = True
    is_correction: bool = False
    invoices: Picked = Picked(())
    contacts: Picked = Picked(())
    amount_label: str = "Amount"
    amount: str = ""
    due: str = ""
    due_day: str = ""
    said: str = ""
    evidence: str = ""
    reason: str = ""
    footer: str = ""


def waiting_view(title: str) -> View:
    """Shown at once, while the books are read."""
    return modal(Page(title, "", (section("Reading the books…"),)))


def report_view(sheet: ReportSheet) -> View:
    blocks: list[Block] = [section(sheet.lead)] if sheet.lead else []
    if sheet.can_choose:
        blocks.append(_account(sheet))
    if not sheet.is_correction:
        kind = Asked("What did the customer say?", f"report.kind:{sheet.round}", ids.REPORT_KIND, tells=True)
        blocks.append(fields.either(kind, options=KINDS, chosen=int(sheet.is_dispute)))
    if sheet.has_account:
        blocks += _of_the_account(sheet)
    if not sheet.is_correction:
        blocks += _of_the_talk(sheet)
    if sheet.footer:
        blocks.append(context(sheet.footer))
    return asking(
        Page(sheet.title, "", tuple(blocks)),
        callback=ids.CORRECT_MODAL if sheet.is_correction else ids.REPORT_MODAL,
        submit=sheet.submit,
        close="Not now",
        metadata=sheet.metadata,
    )


def _account(sheet: ReportSheet) -> Block:
    asked = Asked(
        "Account",
        f"report.account:{sheet.round}",
        ids.REPORT_ACCOUNT,
        hint="" if sheet.has_account else "A name, number, domain or contact's address. Small typing errors are fine.",
        tells=True,
    )
    return fields.searched(asked, chosen=sheet.account, placeholder="Start typing", focus=not sheet.has_account)


def _of_the_account(sheet: ReportSheet) -> list[Block]:
    blocks: list[Block] = []
    if sheet.invoices.options:
        asked = Asked(
            "Invoices",
            f"report.invoices:{sheet.round}",
            ids.REPORT_INVOICES,
            hint="" if sheet.is_correction else "Leave it empty when you don't know which.",
            is_optional=not sheet.is_correction,
            tells=True,
        )
        blocks.append(fields.several(asked, options=sheet.invoices.options, chosen=sheet.invoices.chosen))
    if sheet.is_dispute:
        reason = Asked("What is wrong?", "report.reason", ids.REPORT_REASON)
        example = "Two of five pallets arrived damaged"
        blocks.append(fields.typed(reason, value=sheet.reason, placeholder=example, most=_REASON_AT_MOST))
    hint = "The disputed part; empty for all of it." if sheet.is_dispute else "Empty when they named none."
    amount = Asked(
        sheet.amount_label, f"report.amount:{sheet.amount_round}", ids.REPORT_AMOUNT, hint=hint, is_optional=True
    )
    blocks.append(fields.typed(amount, value=sheet.amount, most=_AMOUNT_AT_MOST))
    if not sheet.is_dispute:
        due = Asked(
            "They will pay by",
            "report.due",
            ids.REPORT_DUE,
            hint="In words, or as a day below; the record needs one of them."
            if sheet.is_correction
            else "In words; what is reported then shows the full date.",
            is_optional=True,
        )
        examples = "Friday · next Friday · 30 Nov · end of month"
        blocks.append(fields.typed(due, value=sheet.due, placeholder=examples, most=_WORDS_AT_MOST))
        day = Asked("or pick the day", "report.due_day", ids.REPORT_DUE_DAY, is_optional=True)
        blocks.append(fields.picked_day(day, day=sheet.due_day))
    return blocks


def _of_the_talk(sheet: ReportSheet) -> list[Block]:
    blocks: list[Block] = []
    if sheet.contacts.options:
        who = Asked("Who said it?", f"report.contact:{sheet.round}", ids.REPORT_CONTACT, is_optional=True)
        chosen = sheet.contacts.chosen[0] if sheet.contacts.chosen else None
        blocks.append(fields.one(who, options=sheet.contacts.options, chosen=chosen, placeholder="Not known"))
    said = Asked("When did they say it?", "report.said", ids.REPORT_SAID, is_optional=True)
    examples = "now · 20 minutes ago · yesterday 16:00"
    evidence = Asked("Their words", "report.evidence", ids.REPORT_EVIDENCE, is_optional=True)
    return [
        *blocks,
        fields.typed(said, value=sheet.said, placeholder=examples, most=_WORDS_AT_MOST),
        fields.typed(evidence, value=sheet.evidence, placeholder="What they wrote or told you", lines=True),
    ]
