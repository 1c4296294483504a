"""Account 360 for its reader."""

from __future__ import annotations

from enum import IntFlag

from domain.commitments import PromiseState
from domain.facts import newest
from domain.outcomes import AccountCard, CardNudge, Refused
from domain.reasons import Reason
from domain.rules.access import GRANTABLE, may
from domain.rules.keeping import RATED_OVER_OF_ONE, kept_rate
from domain.rules.noting import may_write
from domain.simulation import Stay
from domain.values import Capability, Role
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters import timeline
from handlers.presenters.departures import leaves_words
from handlers.presenters.keeping import kept_words
from handlers.presenters.owed import owed
from handlers.presenters.reader import Reader
from handlers.presenters.record import keeps_record, way_to_record
from handlers.presenters.refusals import ask_button, told
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Confirm
from handlers.views.card import Card, Part

INVOICES_SHOWN = 5
INVOICES_AT_MOST = 60
_OF_CONTACT = frozenset({Reason.NO_CONTACT, Reason.CONTACT_INVALID, Reason.CONTACT_SUPPRESSED})
_SETTLED_PROMISES = frozenset({PromiseState.WITHDRAWN, PromiseState.SUPERSEDED, PromiseState.KEPT})


class Unfolded(IntFlag):
    """Which long lists are shown in full."""

    NOTHING = 0
    INVOICES = 1
    MORE = 2


def card(
    outcome: AccountCard,
    *,
    reader: Reader,
    signet: Signet,
    unfolded: Unfolded = Unfolded.NOTHING,
    may_share: bool = False,
) -> Card:
    """`may_share`: the card stands in a channel or conversation, so there is somewhere to share it to."""
    facts, at = outcome.card.facts, outcome.at
    account = facts.account
    name = escape(account.name, 140)
    said, nudge_buttons = _nudge(outcome.nudge, outcome, reader, signet)
    return Card(
        alarms=_alarms(outcome, reader),
        name=name,
        facts=" · ".join(_facts(outcome, reader)),
        owed=owed(outcome.card.dues, today=reader.today(at), reader=reader),
        nudge=said,
        buttons=(*nudge_buttons, *_buttons(outcome, signet, unfolded, may_share)),
        parts=tuple(part for part in _parts(outcome, reader, signet, unfolded) if part.lines),
        footer=_synced(outcome, reader),
        summary=f"Account {name}",
    )


def _alarms(outcome: AccountCard, reader: Reader) -> tuple[str, ...]:
    """What must be known before anything else."""
    facts = outcome.card.facts
    alarms = []
    if hold := facts.account.legal_hold:
        alarms.append(f"🛑 *Legal hold.* Nobody may chase this account. “{escape(hold, 300)}”")
    disputes = [dispute for dispute in facts.disputes if dispute.is_unresolved]
    if disputes:
        lines = timeline.dispute_lines(disputes, outcome.card, reader=reader, at=outcome.at)
        head = "⚠️ *Disputed.*" if len(disputes) == 1 else f"⚠️ *{len(disputes)} disputes.*"
        more = [f"and {len(lines) - 3} more"] if len(lines) > 3 else []
        alarms.append("\n".join([head, *lines[:3], *more]))
    return tuple(alarms)


def _facts(outcome: AccountCard, reader: Reader) -> list[str]:
    account = outcome.card.facts.account
    shown = [escape(account.external_id, 60), _owner(outcome)]
    if account.renewal_on:
        days = (account.renewal_on - reader.today(outcome.at)).days
        when = f"in {days} days" if days > 1 else "tomorrow" if days == 1 else "today" if days == 0 else "passed"
        shown.append(f"Renewal {reader.day(account.renewal_on, outcome.at)} ({when})")
    departure = outcome.nudge.departure if outcome.nudge else None
    shown.append(reader.hours_of(outcome.zone, account.country, departure.segment if departure else None))
    if outcome.zone.warning:
        shown.append(escape(outcome.zone.warning, 300))
    return shown


def _owner(outcome: AccountCard) -> str:
    owner = outcome.card.facts.account.owner_email
    if not owner:
        return "No owner yet"
    if owner.casefold() == outcome.reader.email.casefold():
        return "Yours"
    return f"Owner {escape(outcome.card.owner or owner, 120)}"


def _nudge(
    nudge: CardNudge | None, outcome: AccountCard, reader: Reader, signet: Signet
) -> tuple[str, tuple[Button, ...]]:
    """The sentence before the buttons, and the button that belongs to it."""
    facts, at = outcome.card.facts, outcome.at
    if nudge is None:
        if outcome.reader.role not in GRANTABLE[Capability.NUDGE]:
            return "", ()
        nudge = CardNudge(refusal=Refused(Reason.NOT_ALLOWED, ask=Role.CONTROLLER), invoice=None, departure=None)
    if nudge.refusal is not None:
        said = told(nudge.refusal, reader=reader, at=at, there=outcome.zone)
        ask = ask_button(nudge.refusal, signet=signet, wanted=Capability.NUDGE, account_id=facts.account.id)
        words = f"*No nudge now.* {said.both}"
        if nudge.refusal.reason is Reason.NOT_ALLOWED:
            words = f"*You can't nudge:* your role doesn't include it. {said.forward}"
        elif nudge.refusal.reason is Reason.NO_ELIGIBLE_INVOICE and not _is_owed(outcome):
            words = "*No nudge now.* Nothing is owed, so there is nothing to chase."
        return words, (ask,) if ask else ()
    button = Button(
        "Nudge",
        ids.NUDGE_OPEN,
        signet.close(Kind.ACCOUNT, facts.account.id, Unfolded.NOTHING),
        style="primary",
        label=f"Nudge {escape(facts.account.name, 60)}",
    )
    number = f" for *{escape(nudge.invoice.number, 60)}*" if nudge.invoice else ""
    when = leaves_words(nudge.departure, reader=reader, at=at) if nudge.departure else ""
    return f"You can nudge{number}. {when}".rstrip(), (button,)


def _is_owed(outcome: AccountCard) -> bool:
    return any(due.owed for due in outcome.card.dues)


def _buttons(outcome: AccountCard, signet: Signet, unfolded: Unfolded, may_share: bool) -> list[Button]:
    account_id, reader = outcome.card.facts.account.id, outcome.reader
    plain = signet.close(Kind.ACCOUNT, account_id, Unfolded.NOTHING)
    buttons = [Button("Report", ids.REPORT_OPEN, plain)] if may(reader, Capability.REPORT) else []
    facts, is_more = outcome.card.facts, Unfolded.MORE in unfolded
    if keeps_record(reader) or (is_more and (facts.promises or facts.disputes)):
        buttons.append(Button(way_to_record(reader), ids.RECORD_OPEN, plain))
    buttons += [Button("Refresh", ids.ACCOUNT_REFRESH, signet.close(Kind.ACCOUNT, account_id, unfolded))]
    if may_share:
        buttons.append(
            Button(
                "Share",
                ids.ACCOUNT_SHARE,
                signet.close(Kind.ACCOUNT, account_id, Unfolded.NOTHING),
                confirm=Confirm(
                    "Share in this channel?",
                    "Everybody here will see the account's name, how many invoices are open and past due, the oldest "
                    "one's age, and whether there is a dispute or a promise. No amounts, people, notes or links. "
                    "Don't share where customers read along.",
                    go="Share",
                ),
            )
        )
    wider = unfolded ^ Unfolded.MORE
    words = "Less" if is_more else "More"
    buttons.append(Button(words, ids.ACCOUNT_MORE, signet.close(Kind.ACCOUNT, account_id, wider)))
    return buttons


def _parts(outcome: AccountCard, reader: Reader, signet: Signet, unfolded: Unfolded) -> list[Part]:
    facts, at, there = outcome.card.facts, outcome.at, outcome.zone
    more = Unfolded.MORE in unfolded
    few = 10 if more else 3
    promises = [p for p in facts.promises if more or p.state not in _SETTLED_PROMISES]
    resolved = [d for d in facts.disputes if not d.is_unresolved] if more else []
    nudges = [*newest(facts.nudges), *(outcome.card.past_nudges if more else ())]
    return [
        _invoices(outcome, reader, signet, unfolded),
        Part("Promises", _first(timeline.promise_lines(promises, outcome.card, reader=reader, at=at), few)),
        Part("Settled disputes", _first(timeline.dispute_lines(resolved, outcome.card, reader=reader, at=at), few)),
        Part(
            "Nudges",
            _first(
                timeline.nudge_lines(nudges, outcome.card, outcome.people, reader=reader, there=there, at=at),
                few,
            ),
        ),
        Part("Autopilot", (_next_step(outcome, reader),), _foretelling(outcome, signet)),
        Part("How they pay", _health(outcome, reader)),
        Part("Latest contact", _first(timeline.said_lines(outcome.card.communications, reader=reader, at=at), few)),
        _notes(outcome, reader, signet, more=more),
    ]


def _health(outcome: AccountCard, reader: Reader) -> tuple[str, ...]:
    """What they pay, and what they promise: the second only once a promise was decided."""
    rate = kept_rate(outcome.card.kept)
    promised = (kept_words(rate, reader, over=RATED_OVER_OF_ONE),) if rate.by_count.whole else ()
    return (timeline.health_line(outcome.card.health, reader), *promised)


def _notes(outcome: AccountCard, reader: Reader, signet: Signet, *, more: bool) -> Part:
    """The first of them, and the way to all: to read, to answer, to write."""
    account_id = outcome.card.facts.account.id
    lines = timeline.note_lines(outcome.card.notes, reader=reader, at=outcome.at, length=1_000 if more else 160)
    buttons = []
    if may_write(outcome.reader):
        buttons.append(Button("Add note", ids.NOTES_ADD, signet.close(Kind.ACCOUNT, account_id, Unfolded.NOTHING)))
    if lines:
        buttons.append(Button("All notes", ids.NOTES_OPEN, signet.close(Kind.NOTES_PAGE, account_id, 0)))
    elif buttons:
        lines = ["None yet."]
    return Part("Notes", _first(lines, 10 if more else 2), tuple(buttons))


def _invoices(outcome: AccountCard, reader: Reader, signet: Signet, unfolded: Unfolded) -> Part:
    all_of_them = Unfolded.INVOICES in unfolded
    most = INVOICES_AT_MOST if all_of_them else INVOICES_SHOWN
    shown = timeline.invoice_lines(outcome.card.facts, most, reader=reader, at=outcome.at)
    count = sum(due.count for due in outcome.card.dues)
    rest = count - len(shown)
    buttons = []
    if count > INVOICES_SHOWN:
        words = "Show fewer invoices" if all_of_them else f"Show all {count} invoices"
        other = unfolded ^ Unfolded.INVOICES
        account_id = outcome.card.facts.account.id
        buttons.append(Button(words, ids.ACCOUNT_INVOICES, signet.close(Kind.ACCOUNT, account_id, other)))
    if all_of_them and rest:
        shown.append(f"and {rest} newer ones, in Plixo")
    what = "invoice" if _is_owed(outcome) else "credit"
    title = f"Open {what}s ({count})" if count != 1 else f"One open {what}"
    return Part(title, tuple(shown), tuple(buttons))


def _foretelling(outcome: AccountCard, signet: Signet) -> tuple[Button, ...]:
    """The steps behind the next one, and why, for those who may read policies."""
    if not may(outcome.reader, Capability.VIEW_POLICIES):
        return ()
    value = signet.close(Kind.ACCOUNT, outcome.card.facts.account.id, Unfolded.NOTHING)
    return (Button("What comes next", ids.SIMULATE_ACCOUNT, value),)


def _next_step(outcome: AccountCard, reader: Reader) -> str:
    step = outcome.card.facts.next_step(outcome.at)
    if step is None:
        return _nothing_planned(outcome)
    when = reader.moment_there(step.due_at, outcome.zone, outcome.at)
    if step.is_drafted:
        return f"Step: “{escape(step.name, 80)}” ({escape(step.tone, 30)}), {when}: a draft waits for A/R."
    word = "Next" if step.due_at >= outcome.at else "Overdue"
    planned = "" if step.is_own else ", planned in the books"
    return f"{word}: “{escape(step.name, 80)}” ({escape(step.tone, 30)}), {when}{planned}. A nudge doesn't change it."


def _nothing_planned(outcome: AccountCard) -> str:
    """And why, where it stands on the card."""
    stay, refusal = outcome.stay, outcome.nudge.refusal if outcome.nudge else None
    if stay is None and refusal is not None and refusal.reason in _OF_CONTACT:
        stay = Stay.NOBODY
    return f"Nothing planned: {vocabulary.STAYS[stay]}." if stay else "Nothing planned."


def _synced(outcome: AccountCard, reader: Reader) -> str:
    synced = outcome.card.facts.account.synced_at
    return f"Books synced {reader.ago(synced, outcome.at)}." if synced else "Books never synced."


def _first(lines: list[str], most: int) -> tuple[str, ...]:
    rest = len(lines) - most
    return tuple(lines) if rest <= 0 else (*lines[:most], f"and {rest} more")
