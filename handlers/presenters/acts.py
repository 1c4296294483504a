"""The short forms with which an account's record is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.commitments import Resolution
from domain.recording import Act, Begun
from domain.reporting import DisputeStory, PromiseStory, ReportStory
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters.disputes import answer_due_words, answer_words, invoices_words, wrong_words
from handlers.presenters.reader import Reader
from handlers.presenters.reports import WHAT, promise_words, promised_words
from handlers.views.blocks import Option
from handlers.views.words import WordsSheet


@dataclass(frozen=True, slots=True)
class _Form:
    title: str
    effect: str
    label: str
    hint: str
    callback: str
    submit: str


_FORMS: dict[Act, _Form] = {
    Act.REJECT: _Form(
        "Not valid",
        f"Nothing goes on record. The report {vocabulary.NO_LONGER_HELD}",
        "Why is it not valid?",
        "The reporter reads this where they reported it.",
        ids.REJECT_MODAL,
        "Not valid",
    ),
    Act.WITHDRAW: _Form(
        "Promise taken back",
        f"The promise ends. It {vocabulary.NO_LONGER_HELD}",
        "What did the customer say?",
        "It stands in the promise's history. The reporter reads it where they reported it.",
        ids.WITHDRAW_MODAL,
        "Withdraw promise",
    ),
    Act.RESOLVE: _Form(
        "Resolve dispute",
        f"The dispute ends. It {vocabulary.NO_LONGER_HELD}",
        "What was settled?",
        "It stands in the dispute's history. The reporter reads it where they reported it.",
        ids.RESOLVE_MODAL,
        "Resolve",
    ),
    Act.ANSWER: _Form(
        "Answer",
        "Your answer stands in the dispute's history. A/R reads it and resolves the dispute.",
        "Legal's answer",
        "",
        ids.LEGAL_ANSWER_MODAL,
        "Answer",
    ),
    Act.PLACE_HOLD: _Form(
        "Legal hold",
        "Nobody may chase this account from now on: no nudge and no Autopilot mail leaves.",
        "Why?",
        "Everybody who may see the account reads this on its card.",
        ids.HOLD_PLACE_MODAL,
        "Place legal hold",
    ),
    Act.LIFT_HOLD: _Form(
        "Legal hold",
        f"The hold ends, unless the books themselves hold the account; {vocabulary.SEEN_ON_CARD}",
        "Why?",
        "It stands in the audit log.",
        ids.HOLD_LIFT_MODAL,
        "Lift legal hold",
    ),
}
_ENDINGS = (
    Option("Credit", Resolution.CREDIT.value, "They were right, and get a credit"),
    Option("Invalid", Resolution.INVALID.value, "They were not right"),
    Option("Withdrawn", Resolution.WITHDRAWN.value, "They took it back"),
)


def words_sheet(begun: Begun, *, metadata: str, reader: Reader, at: datetime) -> WordsSheet:
    """The form of an act that somebody may begin: what it is about stands above what it does."""
    form = _FORMS[begun.act]
    is_resolving = begun.act is Act.RESOLVE
    lead = [f"*{escape(begun.account.name, 140)}*", *_about(begun, reader, at)]
    return WordsSheet(
        title=form.title,
        lead="\n".join(lead),
        effect=form.effect,
        label=form.label,
        hint=form.hint,
        callback=form.callback,
        submit=form.submit,
        metadata=metadata,
        choices=_ENDINGS if is_resolving else (),
        choice_label="How did it end?" if is_resolving else "",
    )


def _about(begun: Begun, reader: Reader, at: datetime) -> list[str]:
    match begun.about:
        case ReportStory() as story:
            reported = f"{WHAT[story.report.kind].capitalize()} reported by {escape(story.reporter.name, 80)}."
            return [reported, promised_words(story, reader=reader), invoices_words(story, reader=reader, at=at)]
        case PromiseStory() as story:
            return [promise_words(story.promise, reader=reader), invoices_words(story, reader=reader, at=at)]
        case DisputeStory() as story:
            said = [wrong_words(story.dispute, reader=reader), invoices_words(story, reader=reader, at=at)]
            if due := answer_due_words(story.dispute, reader=reader, at=at):
                said.append(f"{due[0].upper()}{due[1:]}.")
            return [*said, *answer_words(story)]
        case _:
            hold = begun.account.legal_hold
            return [f"🛑 On legal hold: “{escape(hold, 300)}”"] if hold else []
