"""A question to the Controller, its answer, and what that gives, in words."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from domain.errors import InvalidValue
from domain.notices import AccessRequest
from domain.reasons import Reason
from domain.roles import NOTHING, Gift, GiftKind, RequestDecided, RequestToDecide, RoleHolder
from domain.values import Role
from handlers import ids, texts, vocabulary
from handlers.escaping import cut, escape
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Option, Page, actions, section
from handlers.views.deciding import Question

_ABOUT_RIGHTS = frozenset({Reason.NOT_ALLOWED, Reason.OUT_OF_SCOPE})


def wish_of(request: AccessRequest, *, you: bool = False) -> str:
    """`asks to send nudges (Acme)`; to the asker themselves: `you asked to …`."""
    verb = "you asked" if you else "asks"
    about = f" ({escape(request.account_name, 80)})" if request.account_name else ""
    if request.words:
        return f"{'you were looking' if you else 'looks'} for “{escape(request.words, 80)}”{about}"
    if request.reason in _ABOUT_RIGHTS and request.capability:
        return f"{verb} to {vocabulary.CAPABILITIES[request.capability]}{about}"
    if request.reason is Reason.OUT_OF_SCOPE:
        return f"{verb} to see an account{about}"
    return f"{verb} for help{about}"


def told_of(request: AccessRequest, reader: Reader, at: datetime) -> str:
    what = "None of your accounts fits." if request.words else texts.tell(request.reason).what
    return f"They were told: “{what}” ({reader.moment(request.asked_at, at)})"


def question(outcome: RequestToDecide, *, reader: Reader, signet: Signet, at: datetime) -> Question:
    """For the windows in which it is decided."""
    request, asker = outcome.request, outcome.asker
    return Question(
        lead=f"*{escape(asker.name, 80)} {wish_of(request)}*\nTheir role is {vocabulary.ROLES[asker.role]}.",
        told=told_of(request, reader, at),
        gifts=tuple(_offered(gift, outcome) for gift in outcome.gifts),
        effect=_effect(outcome),
        can_end=any(gift.may_end for gift in outcome.gifts),
        metadata=signet.close(Kind.REQUEST, request.id),
    )


def _effect(outcome: RequestToDecide) -> str:
    if len(outcome.gifts) > 1:
        return "Approving does what you choose here, at once, and tells them."
    none = "No account fits these words. " if outcome.request.words and not outcome.accounts else ""
    return f"{none}Approving changes nothing by itself: it is your answer, and what follows from it is done by hand."


def _offered(gift: Gift, outcome: RequestToDecide) -> Option:
    match gift.kind:
        case GiftKind.CAPABILITY if outcome.request.capability:
            words = f"Let them {vocabulary.CAPABILITIES[outcome.request.capability]}, on top of their role"
            return Option(words, gift.spelt)
        case GiftKind.ROLE if gift.role:
            words = f"Make them {vocabulary.ROLES[gift.role]} instead of {vocabulary.ROLES[outcome.asker.role]}"
            return Option(words, gift.spelt, "This replaces their present role.")
        case GiftKind.ACCOUNT:
            note = "Until the next import of the books names an owner."
            account = outcome.account_of(gift)
            if gift.account_id is None or account is None:
                return Option("Make them the owner of the account", gift.spelt, note)
            name, number = escape(account.name, 50), escape(account.external_id, 15)
            return Option(cut(f"Make them the owner of {name}", 75), gift.spelt, f"{number}. {note}")
        case _:
            return Option("Nothing by itself: just answer", gift.spelt, "What follows from it is done by hand.")


def given_words(request: AccessRequest, *, reader: Reader, at: datetime, you: bool) -> str:
    """What the approval did."""
    try:
        gift = Gift.of(request.given or NOTHING.spelt)
    except InvalidValue:
        gift = NOTHING
    who = "You" if you else escape(request.asked_by_name, 80)
    until = f" {until_words(request.granted_until, reader, at)}" if request.granted_until else ""
    match gift.kind:
        case GiftKind.CAPABILITY if request.capability:
            return f"{who} can now {vocabulary.CAPABILITIES[request.capability]}{until}."
        case GiftKind.ROLE if gift.role:
            return f"{who} {'are' if you else 'is'} now {vocabulary.ROLES[gift.role]}{until}."
        case GiftKind.ACCOUNT:
            name = escape(request.account_name or "the account", 80)
            return f"{who} {'are' if you else 'is'} now the owner of {name}."
        case _:
            return "Nothing was changed by itself; what follows from it is done by hand."


def until_words(until: datetime, reader: Reader, at: datetime) -> str:
    """`until the end of Tue 24 Nov`, or with the clock where that is not the reader's midnight."""
    if until.astimezone(reader.zone).time() == time():
        return f"until the end of {reader.day_at(until - timedelta(seconds=1), at)}"
    return f"until {reader.deadline(until, at)}"


def request_blocks(request: AccessRequest, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """A Controller's message: the question with its two buttons, or what was decided."""
    lead = f"{escape(request.asked_by_name, 80)} {wish_of(request)}"
    lines = [f"*{lead}*", told_of(request, reader, at)]
    buttons = []
    if request.is_waiting:
        if request.words:
            lines.append("*Approve* shows which accounts fit; `/account` and these words, too.")
        sealed = signet.close_for_all(Kind.REQUEST, request.id)
        buttons = [
            Button("Approve", ids.ACCESS_APPROVE, sealed, style="primary"),
            Button("Decline", ids.ACCESS_DECLINE, sealed),
        ]
    else:
        lines.append(_answer(request, reader, at))
    if request.account_id is not None:
        value = signet.close_for_all(Kind.ACCOUNT, request.account_id, 0)
        buttons.append(Button("Open account", ids.ACCOUNT_OPEN, value))
    blocks: list[Block] = [section("\n".join(lines))]
    if buttons:
        blocks.append(actions(buttons))
    return Page("Request", lead, tuple(blocks))


def _answer(request: AccessRequest, reader: Reader, at: datetime) -> str:
    by = escape(request.decided_by_name or "a Controller", 80)
    when = f", {reader.moment(request.decided_at, at)}" if request.decided_at else ""
    why = f"“{escape(request.decision, 500)}”"
    if request.is_approved:
        return f"✅ *Approved by {by}*{when}: {why}\n{given_words(request, reader=reader, at=at, you=False)}"
    return f"✖️ *Declined by {by}*{when}: {why}\nNothing was changed."


def decided_page(outcome: RequestDecided, *, reader: Reader, at: datetime) -> Page:
    """In the window of whoever decided."""
    request = outcome.request
    who = escape(request.asked_by_name, 80)
    if request.is_approved:
        text = f"✅ *Approved.* {given_words(request, reader=reader, at=at, you=False)} {who} is told."
    else:
        text = f"✖️ *Declined.* Nothing was changed. {who} is told your reason."
    return Page("Request", text.replace("*", ""), (section(text),))


def decision_page(request: AccessRequest, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """To whoever asked: the answer, the reason, and what they can do now."""
    by = escape(request.decided_by_name or "The Controller", 80)
    why = f"“{escape(request.decision, 500)}”"
    wish = wish_of(request, you=True)
    if not request.is_approved:
        lead = f"✖️ *{by} said no: {wish}.*"
        after = "Nothing was changed. When something is new, you can ask again the same way."
        return Page("Your request", lead.replace("*", ""), (section("\n".join([lead, why, after])),))
    lead = f"✅ *{by} said yes: {wish}.*"
    given = given_words(request, reader=reader, at=at, you=True)
    lines = [lead, why, given, *([] if request.account_id else ["Run `/account` for a fresh card."])]
    blocks: list[Block] = [section("\n".join(lines))]
    if request.account_id is not None:
        value = signet.close_for_all(Kind.ACCOUNT, request.account_id, 0)
        blocks.append(actions([Button("Open account", ids.ACCOUNT_OPEN, value)]))
    return Page("Your request", lead.replace("*", ""), tuple(blocks))


def role_page(holder: RoleHolder, *, reader: Reader, at: datetime) -> Page:
    """To somebody whose role was changed by name."""
    lead = f"*Your role in Plixo is {role_words(holder, reader, at)}.*"
    if holder.person.capabilities:
        words = sorted(vocabulary.CAPABILITIES[one] for one in holder.person.capabilities)
        lead += f" You may also {' and '.join(words)}."
    elif holder.person.role is Role.VIEWER:
        lead += " Nothing is granted on top of it."
    after = "App Home shows what you can do. If that is not right, tell your Controller."
    return Page("Your role", lead.replace("*", ""), (section(f"{lead}\n{after}"),))


def role_words(holder: RoleHolder, reader: Reader, at: datetime) -> str:
    """`A/R Operator until the end of Tue 24 Nov, then Sales`."""
    now = vocabulary.ROLES[holder.person.role]
    if holder.until is None:
        return now
    return f"{now} {until_words(holder.until, reader, at)}, then {vocabulary.ROLES[holder.lasting]}"


def role_options(roles: tuple[Role, ...] = tuple(Role)) -> tuple[Option, ...]:
    return tuple(Option(vocabulary.ROLES[role], role.value) for role in roles)
