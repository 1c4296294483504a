"""Choices, nearest names, a person's accounts, and the help text."""

from __future__ import annotations

from domain.outcomes import AccountSummary, Candidate, ChooseAccount, MyAccounts, NothingFound
from domain.rules.access import SCOPED_ROLES
from domain.values import Money
from handlers import ids
from handlers.escaping import cut, escape
from handlers.presenters.reader import Reader
from handlers.presenters.refusals import ask_for
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Option, Page, section
from handlers.views.lists import Line, Listing

_WORDS = 60


def choice(outcome: ChooseAccount, *, signet: Signet, action: str = ids.ACCOUNT_PICK) -> Listing:
    """`action`: what choosing one does."""
    count = len(outcome.candidates)
    lead = f"*{count} accounts fit “{escape(outcome.words, _WORDS)}”.* Which one?"
    lines = tuple(_candidate(one, action, signet) for one in outcome.candidates)
    return Listing("Which account?", lead.replace("*", ""), lead, lines)


def nothing(outcome: NothingFound, *, signet: Signet, action: str = ids.ACCOUNT_PICK) -> Listing:
    words = escape(outcome.words, _WORDS)
    buttons: tuple[Button, ...] = ()
    if outcome.is_limited:
        lead = f"*None of your accounts fits “{words}”.* If it is a colleague's, you can ask the Controller for it."
        buttons = (ask_for(outcome.words, signet=signet),)
    else:
        lead = f"*No account fits “{words}”.*"
    if outcome.nearest:
        lead += " Did you mean:"
    else:
        lead += " Try a part of the name, the customer number, or a domain."
    lines = tuple(_candidate(one, action, signet) for one in outcome.nearest)
    return Listing("Nothing found", lead.replace("*", ""), lead, lines, buttons)


def mine(outcome: MyAccounts, *, reader: Reader, signet: Signet) -> Listing:
    """Worst first. “Yours” for those who own accounts, else everybody's."""
    own = outcome.reader.role in SCOPED_ROLES
    if not outcome.summaries:
        lead = "*None of your accounts has anything open.*" if own else "*No account has anything open.*"
        lead += " To look at one: `/account` and a part of its name."
        return Listing("Accounts", lead.replace("*", ""), lead, ())
    whose = "Your accounts" if own else "Accounts"
    shown = len(outcome.summaries)
    if outcome.total is None:
        count = f"the first {shown}"
    else:
        count = f"{shown} of {outcome.total}" if outcome.total > shown else f"{shown}"
    lead = f"*{whose} with open invoices, worst first* ({count})"
    lines = tuple(summary_line(one, reader=reader, signet=signet) for one in outcome.summaries)
    footer = "Any other: `/account` and a part of its name."
    return Listing("Accounts", f"{whose}, worst first", lead, lines, footer=footer)


def summary_line(summary: AccountSummary, *, reader: Reader, signet: Signet) -> Line:
    name = escape(summary.account.name, 80)
    marks = [words for words, is_so in (("disputed", summary.has_dispute), ("promised", summary.has_promise)) if is_so]
    if summary.account.legal_hold:
        marks.insert(0, "🛑\u00a0legal\u00a0hold")
    text = "\n".join([f"*{name}*", *_late(summary, reader, marks)])
    return Line(text, _open(summary.account.id, name, ids.ACCOUNT_OPEN, signet))


def _late(summary: AccountSummary, reader: Reader, marks: list[str]) -> list[str]:
    """What is past due, then how many and how old: two lines that a phone does not break."""
    if not summary.past_due_invoices:
        return [" · ".join([f"{_invoices(summary.open_invoices)} open, nothing past due", *marks])]
    days = summary.oldest_days_past_due
    age = f"{_invoices(summary.past_due_invoices)}, oldest {days} {'day' if days == 1 else 'days'}"
    lines = [" · ".join([age, *marks])]
    if summary.currency and summary.past_due_minor:
        lines.insert(0, f"{reader.money(Money(summary.past_due_minor, summary.currency))} past due")
    return lines


def _invoices(count: int) -> str:
    return "1 invoice" if count == 1 else f"{count} invoices"


def options(candidates: tuple[Candidate, ...], *, signet: Signet) -> list[Option]:
    """For a select that asks while somebody types."""
    return [
        Option(
            f"{cut(escape(one.account.name, 50), 50)} ({escape(one.account.external_id, 20)})",
            signet.close(Kind.ACCOUNT, one.account.id, 0),
            escape(one.matched or "", 70),
        )
        for one in candidates[:100]
    ]


def _candidate(one: Candidate, action: str, signet: Signet) -> Line:
    name = escape(one.account.name, 80)
    details = [escape(one.account.external_id, 60)]
    if one.account.domain:
        details.append(escape(one.account.domain, 80))
    if one.matched and one.matched not in (one.account.external_id, one.account.domain):
        details.append(f"matched “{escape(one.matched, 80)}”")
    return Line(f"*{name}*\n{' · '.join(details)}", _open(one.account.id, name, action, signet))


def _open(account_id: int, name: str, action: str, signet: Signet) -> Button:
    return Button("Open", action, signet.close(Kind.ACCOUNT, account_id, 0), label=f"Open {name}")


def help_page() -> Page:
    lines = (
        "*Plixo in Slack*",
        "`/account acme` opens Account 360: what is owed, what is promised or disputed, what happens next. "
        "A name, number, domain or contact's address will do; small typing errors are fine.",
        "`/account` alone lists your accounts, worst first.",
        "*Nudge*, on the card, sends the customer an approved reminder with the payment link. You see the exact mail "
        "first. It leaves in their business hours, A/R sees it, and until it leaves you can take it back.",
        "*Share*, on the card, shows the channel a short version without amounts, people, notes or links.",
        "No typing? Use the shortcut *Find an account*, or Plixo's *Home* tab.",
    )
    return Page("Help", "How to use Plixo in Slack", (section("\n\n".join(lines)),))
