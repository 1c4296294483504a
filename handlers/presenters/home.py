"""App Home: for Sales what needs them, for everybody what they can do and what is on its way."""

from __future__ import annotations

from domain.outcomes import Home, NudgeStory
from domain.rules.access import may
from domain.values import Capability
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters.lists import mine
from handlers.presenters.reader import Reader
from handlers.presenters.stories import home_line
from handlers.seal import Signet
from handlers.views.blocks import Block, Button, Page, actions, context, divider, header, section

OPEN_SHOWN = 12
DONE_SHOWN = 5
_HERE = (
    Capability.VIEW_ACCOUNTS,
    Capability.NUDGE,
    Capability.HOLD_OWN_NUDGE,
    Capability.HOLD_NUDGE,
    Capability.RESOLVE_UNCONFIRMED,
    Capability.DECIDE_REQUESTS,
)
"""What Slack is for today; the rest of a role's rights is used elsewhere."""


def home_page(outcome: Home, *, reader: Reader, signet: Signet, notice: str = "") -> Page:
    """`notice` is what the last click on this page did."""
    person, at = outcome.reader, outcome.at
    able = [vocabulary.CAPABILITIES[capability] for capability in _HERE if may(person, capability)]
    blocks: list[Block] = [section(notice)] if notice else []
    blocks += [
        header(f"Hello {escape(person.name, 100)}"),
        context(f"{vocabulary.ROLES[person.role]} · You can {_listed(able)}."),
        section(_help(outcome)),
        actions([Button("Refresh", ids.HOME_REFRESH, "home")]),
        divider(),
    ]
    nudges = _nudges(outcome, reader, signet)
    accounts = mine(outcome.accounts, reader=reader, signet=signet)
    listed = [section(accounts.lead), *(section(line.text, beside=line.button) for line in accounts.lines)]
    # What is on its way can still be stopped, so it comes first; when nothing is, the accounts do.
    is_waiting = any(story.message.is_open for story in outcome.nudges)
    first, then = (nudges, listed) if is_waiting else (listed, nudges)
    blocks += [*first, divider(), *then]
    blocks.append(context(f"As of {reader.moment(at, at)}. Refresh shows the latest."))
    return Page("Plixo", "Plixo", tuple(blocks))


def _help(outcome: Home) -> str:
    if outcome.may_nudge:
        return (
            "Look at any of your accounts with `/account` and a part of the name. *Nudge*, on the card, sends an "
            "approved reminder in the customer's business hours."
        )
    if may(outcome.reader, Capability.HOLD_NUDGE):
        return (
            "Below is every nudge that was asked for: each can be held or cancelled until it leaves. "
            "Look at any account with `/account` and a part of the name."
        )
    return "Look at any account with `/account` and a part of the name. Nudging is for Sales and Customer Success."


def _nudges(outcome: Home, reader: Reader, signet: Signet) -> list[Block]:
    everybody = may(outcome.reader, Capability.HOLD_NUDGE)
    waiting = [story for story in outcome.nudges if story.message.is_open]
    done = [story for story in outcome.nudges if not story.message.is_open]
    if not outcome.nudges and not (everybody or outcome.may_nudge):
        return []
    title = "Nudges on their way" if everybody else "Your nudges on their way"
    if not waiting:
        blocks = [section(f"*{title}*\nNone at the moment.")]
    else:
        blocks = [section(f"*{title}* ({len(waiting)})")]
    for story in waiting[:OPEN_SHOWN]:
        text, buttons = _line(story, outcome, reader, signet)
        blocks += [section(text), actions(buttons)]
    if len(waiting) > OPEN_SHOWN:
        blocks.append(context(f"and {len(waiting) - OPEN_SHOWN} more"))
    if done:
        blocks.append(section("*Lately*"))
        for story in done[:DONE_SHOWN]:
            text, buttons = _line(story, outcome, reader, signet)
            blocks.append(section(text, beside=buttons[0]))
    return blocks


def _line(story: NudgeStory, outcome: Home, reader: Reader, signet: Signet) -> tuple[str, list[Button]]:
    return home_line(story, viewer=outcome.reader, reader=reader, signet=signet, at=outcome.at)


def _listed(words: list[str]) -> str:
    """Everybody who gets this far can at least look."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
