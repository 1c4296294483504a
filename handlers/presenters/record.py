"""An account's record for those who keep it, and the short forms with which it is changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.commitments import DisputeState, PromiseState, Resolution
from domain.outcomes import AccountCard
from domain.recording import NEEDS, Act, Begun, may_begin
from domain.reporting import DisputeChanged, HoldChanged, Problem, PromiseChanged, ReportStory
from domain.rules.access import may
from domain.values import Person
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters import timeline
from handlers.presenters.disputes import dispute_buttons, invoices_words
from handlers.presenters.reader import Reader
from handlers.presenters.reports import WHAT, promised_words, report_buttons
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Option, Page, actions, divider, section
from handlers.views.words import WordsSheet

SHOWN = 12


def allowed(person: Person, act: Act) -> bool:
    """Whether its button is shown; the click asks the rows again."""
    return may(person, NEEDS[act]) and may_begin(person, act)


def keeps_record(person: Person) -> bool:
    """Has something to do on an account's record: Operators, Legal, and the Controller for legal holds."""
    return any(allowed(person, act) for act in Act)


def record_page(outcome: AccountCard, waiting: Iterable[ReportStory], *, reader: Reader, signet: Signet) -> Page:
    """All of the account's promises and disputes that are not over, with what this reader may do about each."""
    facts, at, person = outcome.card.facts, outcome.at, outcome.reader
    account = facts.account
    blocks: list[Block] = [section(f"*{escape(account.name, 140)}*")]
    for story in list(waiting)[:SHOWN]:
        blocks += [divider(), *_waiting(story, person, reader, signet, at)]
    for promise in [one for one in facts.promises if one.state is PromiseState.OPEN][:SHOWN]:
        blocks += [divider(), section(timeline.promise_lines([promise], outcome.card, reader=reader, at=at)[0])]
        if allowed(person, Act.WITHDRAW):
            value = signet.close(Kind.PROMISE, promise.id, account.id)
            blocks.append(actions([Button("Customer took it back", ids.PROMISE_WITHDRAW, value)]))
    for dispute in [one for one in facts.disputes if one.is_unresolved][:SHOWN]:
        blocks += [divider(), section(timeline.dispute_lines([dispute], outcome.card, reader=reader, at=at)[0])]
        if buttons := dispute_buttons(dispute.id, account.id, dispute.state, person, signet):
            blocks.append(actions(buttons))
    if len(blocks) == 1:
        blocks.append(section("Nothing is promised or disputed at the moment."))
    if allowed(person, Act.PLACE_HOLD):
        blocks += [divider(), *_hold(outcome, signet)]
    return Page("Record", f"The record of {escape(account.name, 140)}", tuple(blocks))


def _waiting(story: ReportStory, person: Person, reader: Reader, signet: Signet, at: datetime) -> list[Block]:
    value = signet.close(Kind.REPORT, story.report.id, story.account.id)
    what = WHAT[story.report.kind].capitalize()
    lines = [
        f"*{what} reported by {escape(story.reporter.name, 80)}*, said {reader.moment(story.report.said_at, at)}",
        promised_words(story, reader=reader),
        invoices_words(story, reader=reader, at=at),
    ]
    blocks = [section("\n".join(lines))]
    if allowed(person, Act.REJECT):
        blocks.append(actions(report_buttons(story, value)))
    return blocks


def _hold(outcome: AccountCard, signet: Signet) -> list[Block]:
    account = outcome.card.facts.account
    value = signet.close(Kind.ACCOUNT, account.id, 0)
    if account.legal_hold:
        said = f"🛑 *Legal hold.* “{escape(account.legal_hold, 300)}”"
        return [section(said), actions([Button("Lift legal hold", ids.HOLD_LIFT, value)])]
    return [
        section("No legal hold. One takes the whole account out of chasing."),
        actions([Button("Place legal hold", ids.HOLD_PLACE, value, style="danger")]),
    ]


@dataclass(frozen=True, slots=True)
class _Form:
    title: str
    lead: str
    label: str
    hint: str
    callback: str
    submit: str


_FORMS: dict[Act, _Form] = {
    Act.REJECT: _Form(
        "Not valid",
        "Nothing goes on record, and the invoices may be chased again.",
        "Why is it not valid?",
        "The reporter reads this where they reported it.",
        ids.REJECT_MODAL,
        "Not valid",
    ),
    Act.WITHDRAW: _Form(
        "Promise taken back",
        "The promise ends, and its invoices may be chased again.",
        "What did the customer say?",
        "It stands in the promise's history. The reporter reads it where they reported it.",
        ids.WITHDRAW_MODAL,
        "Withdraw promise",
    ),
    Act.RESOLVE: _Form(
        "Resolve dispute",
        "The dispute ends, and its invoices may be chased again.",
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
        "The account may be chased again, unless the books themselves hold it.",
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


def words_sheet(begun: Begun, *, metadata: str) -> WordsSheet:
    """The form of an act that somebody may begin."""
    form = _FORMS[begun.act]
    is_resolving = begun.act is Act.RESOLVE
    return WordsSheet(
        title=form.title,
        lead=f"*{escape(begun.account.name, 140)}*\n{form.lead}",
        label=form.label,
        hint=form.hint,
        callback=form.callback,
        submit=form.submit,
        metadata=metadata,
        choices=_ENDINGS if is_resolving else (),
        choice_label="How did it end?" if is_resolving else "",
    )


def unacceptable_page(problems: tuple[Problem, ...], *, reader: Reader) -> Page:
    """It cannot go on record as it was reported."""
    lines = ["*It can't go on record as it is.*", *(escape(problem.told(reader.money), 300) for problem in problems)]
    lines.append("Use “Correct and record” to mend that.")
    return Page("Record", "It can't go on record as it is", (section("\n".join(lines)),))


def promise_changed_page(outcome: PromiseChanged) -> Page:
    name = escape(outcome.story.account.name, 140)
    state = vocabulary.PROMISES[outcome.story.promise.state]
    return _done(f"✅ *The promise of {name} is {state}.* Its invoices may be chased again.")


def dispute_changed_page(outcome: DisputeChanged) -> Page:
    dispute, name = outcome.story.dispute, escape(outcome.story.account.name, 140)
    if dispute.state is outcome.was:
        return _done(f"✅ *Your answer about the dispute of {name} is on record.* A/R is told and resolves it.")
    if dispute.state is DisputeState.IN_REVIEW:
        owner = escape(dispute.owner, 80) if dispute.owner else "Legal"
        return _done(f"⚖️ *{owner} is asked about the dispute of {name}.* It is in review.")
    how = f": {vocabulary.RESOLUTIONS[dispute.resolution]}" if dispute.resolution else ""
    return _done(f"✅ *The dispute of {name} is resolved{how}.* Its invoices may be chased again.")


def hold_changed_page(outcome: HoldChanged) -> Page:
    name = escape(outcome.account.name, 140)
    if outcome.is_held and outcome.books:
        return _done(
            f"🛑 *{name} is still on legal hold*: the books hold it (“{escape(outcome.books, 300)}”). Only the books "
            "can take that away."
        )
    if outcome.is_held:
        return _done(f"🛑 *{name} is on legal hold.* Nobody may chase it; what was queued does not leave.")
    return _done(f"✅ *{name} is no longer on legal hold.* It may be chased again.")


def _done(text: str) -> Page:
    return Page("Record", text.replace("*", ""), (section(text),))
