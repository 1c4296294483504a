"""The card as a channel may read it: no amounts, people, notes or links."""

from __future__ import annotations

from domain.outcomes import SharedCard
from handlers import ids
from handlers.escaping import escape
from handlers.presenters.reader import Reader
from handlers.presenters.stories import slack_date
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Page, actions, context, section


def shared_page(outcome: SharedCard, *, reader: Reader, signet: Signet) -> Page:
    summary = outcome.summary
    name, by = escape(summary.account.name, 140), escape(outcome.by.name, 80)
    lines = [f"*{name}*"]
    count = summary.open_invoices
    if not count:
        lines.append("Nothing open.")
    else:
        late, days = summary.past_due_invoices, summary.oldest_days_past_due
        lines.append(f"{count} open {'invoice' if count == 1 else 'invoices'}")
        lines[-1] += (
            f", {late} past due (the oldest {days} {'day' if days == 1 else 'days'})" if late else ", none late"
        )
    marks = [
        words
        for words, is_so in (
            ("⚠️ A dispute is open", summary.has_dispute),
            ("🤝 A promise to pay is open", summary.has_promise),
        )
        if is_so
    ]
    lines += marks
    when = slack_date(outcome.at, reader, outcome.at)
    opened = Button(
        "Open account",
        ids.ACCOUNT_OPEN,
        signet.close_for_all(Kind.ACCOUNT, summary.account.id, 0),
        label=f"Open {escape(summary.account.name, 60)}, for you only",
    )
    return Page(
        "Account",
        f"{by} shared {name}",
        (
            section("\n".join(lines)),
            actions([opened]),
            context(f"Shared by {by}, as of {when}. Whoever may see the account can open it; only they see more."),
        ),
    )
