"""A refusal as a page: why, the way forward, and a button where somebody can be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.notices import WORDS_AT_MOST
from domain.outcomes import Refused, RequestFiled
from domain.reasons import Reason
from domain.rules.quiet_hours import ZoneChoice
from domain.values import Capability
from handlers import ids, texts, vocabulary
from handlers.escaping import escape, tidy
from handlers.presenters.counting import several
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Page, actions, section


def told(
    refusal: Refused,
    *,
    reader: Reader,
    at: datetime,
    there: ZoneChoice | None = None,
    of_requester: bool = False,
    of_draft: bool = False,
) -> texts.Told:
    """The reason in words, its times in the customer's zone and the reader's."""

    def shown(moment: datetime | None) -> str:
        return reader.moment_there(moment, there, at) if moment else ""

    return texts.tell(
        refusal.reason,
        texts.Details(
            subject=_subject(refusal),
            at=shown(refusal.at),
            day=reader.day_at(refusal.at, at) if refusal.at else "",
            until=shown(refusal.until),
            by=escape(refusal.by or "", 200),
            share=_share(refusal),
            after=several(round(refusal.after / timedelta(hours=1)), "hour") if refusal.after else "",
            least=reader.money(refusal.least) if refusal.least else "",
            of_requester=of_requester,
            of_draft=of_draft,
        ),
    )


def _subject(refusal: Refused) -> str:
    """What the reason speaks of: most name an invoice, some a state or a kind of block."""
    subject = refusal.subject or ""
    if refusal.reason is Reason.CONTACT_SUPPRESSED:
        return vocabulary.SUPPRESSIONS.get(subject, "")
    if refusal.reason in (Reason.ALREADY_DONE, Reason.TOO_LATE):
        return next((words for state, words in vocabulary.STATES.items() if state.value == subject), "")
    return escape(subject, 100)


def _share(refusal: Refused) -> str:
    """Of a segment's customers: the percentage is never rounded up to what is needed."""
    if refusal.share is None:
        return ""
    some, customers = refusal.share
    return f"{some:,} of {several(customers, 'customer')} ({some * 100 // customers} %)"


def ask_button(refusal: Refused, *, signet: Signet, wanted: Capability | None, account_id: int | None) -> Button | None:
    """“Ask the Controller”, where somebody could unblock it."""
    if refusal.ask is None:
        return None
    return _asking(signet.close(Kind.ASK, refusal.reason.value, wanted.value if wanted else "", account_id or 0))


def ask_for(words: str, *, signet: Signet) -> Button:
    """“Ask the Controller” for an account that was looked for in vain: they read the words."""
    wish = (Reason.OUT_OF_SCOPE.value, Capability.VIEW_ACCOUNTS.value, 0)
    return _asking(signet.close(Kind.ASK, *wish, tidy(words, WORDS_AT_MOST)))


def _asking(sealed: str) -> Button:
    return Button("Ask the Controller", ids.ACCESS_ASK, sealed)


def refusal_page(
    refusal: Refused,
    *,
    reader: Reader,
    signet: Signet | None,
    at: datetime,
    title: str = "Not now",
    wanted: Capability | None = None,
    account_id: int | None = None,
    there: ZoneChoice | None = None,
    of_draft: bool = False,
) -> Page:
    """`signet` is None for people who are not known yet: they cannot ask anybody from here."""
    said = told(refusal, reader=reader, at=at, there=there, of_draft=of_draft)
    blocks = [section(f"*{said.what}*\n{said.forward}")]
    ask = ask_button(refusal, signet=signet, wanted=wanted, account_id=account_id) if signet else None
    if ask:
        blocks.append(actions([ask]))
    return Page(title, said.both, tuple(blocks))


def request_page(filed: RequestFiled) -> Page:
    if filed.again:
        text = "The Controller already has this question from you. Nothing more to do for now."
    else:
        text = "Asked. The Controller has a message with your name and what you need, and will come back to you."
    return Page("Ask the Controller", text, (section(text),))
