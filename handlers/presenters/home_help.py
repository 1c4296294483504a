"""What a role can do in Slack, in a few plain sentences, with the commands for it."""

from __future__ import annotations

from collections.abc import Iterable

from domain.homing import Abilities
from domain.values import Capability, Role
from handlers import vocabulary
from handlers.presenters.frame import Frame
from handlers.views.blocks import Block, header, paragraphs, section

MYSELF = (
    "You can't write to a customer yourself from here, and need not: *Nudge* does it with a text that is approved, in "
    "their business hours, and A/R sees it. Want another tone? Ask for it in `/plixo templates`."
)
"""The boundary that is asked about most: the answer leads back to the Nudge."""

LINES: tuple[tuple[Capability, str], ...] = (
    (
        Capability.VIEW_ACCOUNTS,
        "`/account acme` opens a customer's card: what is owed, promised and disputed, and what happens next. "
        "`/account` alone lists accounts, worst first. Small typing errors are fine.",
    ),
    (
        Capability.NUDGE,
        "*Nudge*, on the card, sends an approved reminder with the payment link. You see the exact mail first, and can "
        "cancel it until it leaves.",
    ),
    (Capability.NUDGE, MYSELF),
    (
        Capability.REPORT,
        "The customer told you when they will pay, or what is wrong? Report it from the card, with the shortcut "
        "*Report a promise/dispute*, or from the message itself with *Customer told me ...*. Whoever reported it hears "
        "what came of it.",
    ),
    (
        Capability.RECORD,
        "A report comes with *Record*, *Correct and record* and *Not valid*. It is to stand in the record within 15 "
        "minutes of when the customer said it.",
    ),
    (
        Capability.HOLD_NUDGE,
        "Any nudge can be held or cancelled until it leaves, here or under its alert.",
    ),
    (
        Capability.RESOLVE_UNCONFIRMED,
        "A nudge that nobody confirmed is never sent again by itself: find out whether it arrived and say so.",
    ),
    (
        Capability.APPROVE_DRAFTS,
        "In Shadow, Autopilot drafts its steps and sends nothing by itself: `/plixo drafts` shows them, to approve, "
        "edit or skip.",
    ),
    (
        Capability.RECORD_DISPUTE_INPUT,
        "A dispute that was handed to you waits for your answer, in about two business days.",
    ),
    (
        Capability.VIEW_POLICIES,
        "`/plixo` shows policies, segments, cadences and templates as they are in force, and what changed between two "
        "versions. You ask for a change there.",
    ),
    (
        Capability.EXPORT,
        "`/plixo audit` shows who did what and when, and sends it as a file.",
    ),
    (
        Capability.VIEW_OPERATIONS,
        "*Operations*, above, or `/plixo ops` shows whether everything is in order, the queue and the jobs.",
    ),
    (
        Capability.DECIDE_REQUESTS,
        "Who asks for access or for a change of a text waits for your answer; it takes a click and a reason.",
    ),
)
"""By what a person may do, in the order in which it is read."""

_NOT_YET = frozenset({Capability.CONFIRM_CASH})
"""What the matrix gives and nothing here does yet: nobody is told that they can."""

_ONLY_LOOKS = "You look, others decide."
_ELSEWHERE = {
    Role.ADMIN: "You assign roles and look after operations; the money and the texts belong to others.",
    Role.BILLING_ADMIN: "You look; reminders and texts belong to others.",
    Role.VIEWER: "Need more? What is refused comes with a button to ask the Controller.",
}


def able(abilities: Abilities, frame: Frame) -> list[Block]:
    said = _ELSEWHERE.get(abilities.role, "")
    if abilities.role is Role.VIEWER and Capability.NUDGE not in abilities.capabilities:
        said = f"{_ONLY_LOOKS} {said}"
    words = f"You can {listed(able_words(abilities.capabilities))}."
    return [header("What you can do"), section("\n".join(filter(None, (words, said))))]


def help_(abilities: Abilities, frame: Frame) -> list[Block]:
    lines = [text for capability, text in LINES if capability in abilities.capabilities]
    return [header("How it works"), *paragraphs([f"• {line}" for line in lines])]


def able_words(capabilities: Iterable[Capability]) -> list[str]:
    return [vocabulary.CAPABILITIES[one] for one in capabilities if one not in _NOT_YET]


def listed(words: list[str]) -> str:
    """`a, b and c`. Everybody who gets this far can at least look."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
