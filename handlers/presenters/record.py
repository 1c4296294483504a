"""An account's record for those who keep it, and what their changes did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.commitments import Dispute, DisputeState, Promise, PromiseState
from domain.legal_holds import HoldChanged
from domain.outcomes import AccountCard
from domain.recording import NEEDS, Act, may_begin
from domain.reporting import DisputeChanged, DisputeStory, Problem, PromiseChanged, PromiseStory, ReportStory
from domain.rules.access import may
from domain.values import Person
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters import timeline
from handlers.presenters.counting import several
from handlers.presenters.disputes import dispute_buttons, history_line, invoices_words
from handlers.presenters.reader import Reader
from handlers.presenters.reports import WHAT, promised_words, report_buttons
from handlers.presenters.taken_back import taken_back_words
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Page, actions, context, divider, section

SHOWN = 9
"""Of each kind. With all of them, the ended ones and the hold the window stays within Slack's 100 blocks."""
ENDED_SHOWN = 8
STEPS_SHOWN = 40
_RUNNING = frozenset({PromiseState.REPORTED, PromiseState.OPEN})


def allowed(person: Person, act: Act) -> bool:
    """Whether its button is shown; the click asks the rows again."""
    return may(person, NEEDS[act]) and may_begin(person, act)


def keeps_record(person: Person) -> bool:
    """Has something to do on an account's record: Operators, Legal, and the Controller for legal holds."""
    return any(allowed(person, act) for act in Act)


def way_to_record(person: Person) -> str:
    """What the button says that opens an account's record."""
    return "Open record" if keeps_record(person) else "See record"


def record_page(outcome: AccountCard, waiting: Iterable[ReportStory], *, reader: Reader, signet: Signet) -> Page:
    """All of the account's promises and disputes that are not over, with what this reader may do about each, and those
    that ended lately.
    """
    facts, at, person = outcome.card.facts, outcome.at, outcome.reader
    account = facts.account
    stories = list(waiting)
    above = {(story.report.promise_id, PromiseState.REPORTED) for story in stories}
    promises = [one for one in facts.promises if one.state in _RUNNING and (one.id, one.state) not in above]
    disputes = [one for one in facts.disputes if one.is_unresolved]
    blocks: list[Block] = [section(f"*{escape(account.name, 140)}*")]
    for story in stories[:SHOWN]:
        blocks += [divider(), *_waiting(story, person, reader, signet, at)]
    for promise in promises[:SHOWN]:
        value = signet.close(Kind.PROMISE, promise.id, account.id)
        may_end = promise.state is PromiseState.OPEN and allowed(person, Act.WITHDRAW)
        first = [Button("Customer took it back", ids.PROMISE_WITHDRAW, value)] if may_end else []
        history = _history(promise, account.id, signet)
        blocks += [divider(), section(_line(promise, outcome, reader)), actions([*first, history])]
    for dispute in disputes[:SHOWN]:
        buttons = dispute_buttons(dispute.id, account.id, dispute.state, person, signet)
        history = _history(dispute, account.id, signet)
        blocks += [divider(), section(_line(dispute, outcome, reader)), actions([*buttons, history])]
    if len(blocks) == 1:
        blocks.append(section("Nothing is promised or disputed at the moment."))
    if more := sum(max(0, len(those) - SHOWN) for those in (stories, promises, disputes)):
        blocks.append(context(f"and {more} more: they come up when these are settled"))
    blocks += _ended(outcome, reader, signet)
    if allowed(person, Act.PLACE_HOLD):
        blocks += [divider(), *_hold(outcome, signet)]
    return Page(vocabulary.THE_RECORD, f"The record of {escape(account.name, 140)}", tuple(blocks))


def history_page(story: PromiseStory | DisputeStory, *, reader: Reader, at: datetime) -> Page:
    """Each step of it, with who and why; where there are very many the last ones, and how many came before."""
    name = escape(story.account.name, 140)
    if isinstance(story, PromiseStory):
        of = story.promise
        by = f" by {reader.full_day(of.due_on)}" if of.due_on else ", no day named"
        said = f"A promise to pay{f' {reader.money(of.amount)}' if of.amount else ''}{by}"
    else:
        amount = story.dispute.amount
        said = f"A dispute{f' of {reader.money(amount)}' if amount else ''}: “{escape(story.dispute.reason, 500)}”"
    lines = [section(history_line(turn, reader, at)) for turn in story.history[-STEPS_SHOWN:]]
    if (earlier := len(story.history) - STEPS_SHOWN) > 0:
        lines.append(context(f"and {several(earlier, 'earlier one')}"))
    none = section("It came with the books: nothing was noted of it here.")
    lead = section(f"*{name}*\n{said}\n{invoices_words(story, reader=reader, at=at)}")
    return Page("History", f"The history of {name}", (lead, divider(), *(lines or [none])))


def _ended(outcome: AccountCard, reader: Reader, signet: Signet) -> list[Block]:
    """Promises and disputes that are over, the last to end first, each with its history."""
    facts = outcome.card.facts
    over: list[tuple[datetime, Promise | Dispute]] = [
        *((one.decided_at or one.reported_at, one) for one in facts.promises if one.state not in _RUNNING),
        *((one.resolved_at or one.opened_at, one) for one in facts.disputes if not one.is_unresolved),
    ]
    over.sort(key=lambda ended: ended[0], reverse=True)
    lines = [
        section(_line(one, outcome, reader), beside=_history(one, facts.account.id, signet))
        for _, one in over[:ENDED_SHOWN]
    ]
    return [divider(), section("*Ended lately*"), *lines] if lines else []


def _line(one: Promise | Dispute, outcome: AccountCard, reader: Reader) -> str:
    if isinstance(one, Promise):
        return timeline.promise_lines([one], outcome.card, reader=reader, at=outcome.at)[0]
    return timeline.dispute_lines([one], outcome.card, reader=reader, at=outcome.at)[0]


def _history(one: Promise | Dispute, account_id: int, signet: Signet) -> Button:
    if isinstance(one, Promise):
        return Button("History", ids.PROMISE_HISTORY, signet.close(Kind.PROMISE, one.id, account_id))
    return Button("History", ids.DISPUTE_HISTORY, signet.close(Kind.DISPUTE, one.id, account_id))


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
        if not outcome.is_held_here:
            return [section(f"{said}\n{vocabulary.HELD_BY_THE_BOOKS}")]
        return [section(said), actions([Button("Lift legal hold", ids.HOLD_LIFT, value)])]
    return [
        section("No legal hold. One takes the whole account out of chasing."),
        actions([Button("Place legal hold", ids.HOLD_PLACE, value, style="danger")]),
    ]


def unacceptable_page(problems: tuple[Problem, ...], *, reader: Reader) -> Page:
    """It cannot go on record as it was reported."""
    lines = ["*It can't go on record as it is.*", *(escape(problem.told(reader.money), 300) for problem in problems)]
    lines.append("Use “Correct and record” to mend that.")
    return Page(vocabulary.THE_RECORD, "It can't go on record as it is", (section("\n".join(lines)),))


def promise_changed_page(outcome: PromiseChanged) -> Page:
    name = escape(outcome.story.account.name, 140)
    state = vocabulary.PROMISES[outcome.story.promise.state]
    return _done(f"✅ *The promise of {name} is {state}.* It {vocabulary.NO_LONGER_HELD}")


def dispute_changed_page(outcome: DisputeChanged) -> Page:
    dispute, name = outcome.story.dispute, escape(outcome.story.account.name, 140)
    if dispute.state is outcome.was:
        return _done(f"✅ *Your answer about the dispute of {name} is on record.* A/R is told and resolves it.")
    if dispute.state is DisputeState.IN_REVIEW:
        owner = escape(dispute.owner, 80) if dispute.owner else "Legal"
        return _done(f"⚖️ *{owner} is asked about the dispute of {name}.* It is in review.")
    how = f": {vocabulary.RESOLUTIONS[dispute.resolution]}" if dispute.resolution else ""
    return _done(f"✅ *The dispute of {name} is resolved{how}.* It {vocabulary.NO_LONGER_HELD}")


def hold_changed_page(outcome: HoldChanged) -> Page:
    name = escape(outcome.account.name, 140)
    if outcome.is_held and outcome.books:
        return _done(
            f"🛑 *{name} is still on legal hold*: the books hold it (“{escape(outcome.books, 300)}”). Only the books "
            "can take that away."
        )
    if outcome.is_held:
        taken = taken_back_words(outcome.taken_back) or "What was queued does not leave."
        return _done(f"🛑 *{name} is on legal hold.* Nobody may chase it. {taken}")
    return _done(f"✅ *{name} is no longer on legal hold.* {vocabulary.SEEN_ON_CARD.capitalize()}")


def _done(text: str) -> Page:
    return Page(vocabulary.THE_RECORD, text.replace("*", ""), (section(text),))
