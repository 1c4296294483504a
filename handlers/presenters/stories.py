"""One message as told to A/R, to its rep if it is a nudge, and in lists on Home."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.messages import WHY_AT_MOST, State
from domain.outcomes import NudgeChanged, NudgeStory, Refused
from domain.reasons import Reason
from domain.rules.access import may, may_hold
from domain.timeline import Source
from domain.values import Capability, Person
from handlers import ids, texts, vocabulary
from handlers.escaping import escape, quoted
from handlers.presenters.reader import Reader
from handlers.presenters.refusals import told
from handlers.seal import ON_HOME, Kind, Signet
from handlers.texts.guarding import OF_INVOICE
from handlers.views.blocks import Button, Confirm, Page, actions, context, section

_MAY_GO_AGAIN = frozenset({State.REFUSED, State.EXPIRED, State.FAILED, State.CANCELLED})
_SPEAKS_FOR_ITSELF = frozenset({State.CLAIMED, State.SENDING})
_WAITS_FOR = frozenset(
    {
        Reason.QUIET_HOURS,
        Reason.DAILY_CAP,
        Reason.WARM_UP,
        Reason.SEGMENT_CAP,
        Reason.HOURLY_CAP,
        Reason.KEPT_FOR_OTHERS,
        Reason.DOMAIN_STOPPED,
        Reason.MAIL_UNAVAILABLE,
        Reason.SENDING_PAUSED,
        Reason.MAINTENANCE,
        Reason.DEGRADED,
    }
)
_OUTCOMES: dict[State, str] = {
    State.QUEUED: "is back in the queue and leaves {when}.",
    State.CLAIMED: "is leaving now.",
    State.SENDING: "is leaving now.",
    State.SENT: "left {when}.",
    State.HELD: "is on hold.",
    State.REFUSED: "was not sent.",
    State.CANCELLED: "was cancelled.",
    State.EXPIRED: "was not sent: its time ran out.",
    State.FAILED: "could not be delivered.",
    State.UNCONFIRMED: "may have left; nobody confirmed it.",
}


def alert_page(story: NudgeStory, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """A/R's message about one nudge or step of Autopilot, for many readers.

    Every time is also written in each reader's own zone. Holds no amount, no address, no link
    of the books; in the reason of a hold, which somebody typed, addresses and links are refused when it is placed.
    """
    message, name, reader = story.message, escape(story.account.name, 80), reader.for_all()
    by, number = who_sends(story), escape(story.invoice.number, 60)
    what = f"{_done(story, by) if message.state is State.SENT else f'{noun(story).capitalize()} by {by} to'} {name}"
    sign, state = vocabulary.STATE_SIGNS[message.state], vocabulary.STATES[message.state]
    lead = (
        f"*{what}*\n{number} · “{escape(story.template.name, 80)}”, "
        f"version {story.template.version} ({escape(story.template.tone, 30)})"
    )
    now = f"{sign} *{state.capitalize()}*"
    if message.state is State.QUEUED:
        now += f", leaves {_for_all(message.leaves_at, story, reader, at)}"
    elif message.state is State.HELD:
        now += f", expires {_for_all(message.expires_at, story, reader, at)}"
    elif message.sent_at:
        now += f" {_for_all(message.sent_at, story, reader, at)}"
    said = _reason(story, reader=reader, at=at, of_requester=True)
    if message.state is State.HELD and message.why:
        now += f"\n{quoted(message.why, WHY_AT_MOST)}"
    if said and message.state is not State.HELD:
        now += f"\n{said.what}"
    if message.state is State.UNCONFIRMED:
        now += "\n*Please find out whether it arrived* (the customer, or the mail provider's log) and say so here."
    blocks = [section(lead), section(now), context(_history(story, reader, at))]
    blocks.append(actions(_alert_buttons(story, signet)))
    return Page("Nudge", f"{what} for {number}: {state}", tuple(blocks))


def who_sends(story: NudgeStory) -> str:
    """The rep's name, or Autopilot's; escaped."""
    if story.message.source is Source.NUDGE:
        return escape(story.requested_by.name, 80) if story.requested_by else "Somebody who left"
    return vocabulary.SOURCES[Source.AUTOPILOT]


def _done(story: NudgeStory, by: str) -> str:
    return f"{by} {'nudged' if story.message.source is Source.NUDGE else 'wrote to'}"


def noun(story: NudgeStory) -> str:
    return "nudge" if story.message.source is Source.NUDGE else "mail"


def _alert_buttons(story: NudgeStory, signet: Signet) -> list[Button]:
    nudge = signet.close_for_all(Kind.NUDGE, story.message.id)
    opened = Button("Open account", ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, story.account.id, 0))
    hold = Button("Hold", ids.ALERT_HOLD, nudge)
    resume = Button("Resume", ids.ALERT_RESUME, nudge)
    cancel = Button("Cancel", ids.ALERT_CANCEL, nudge, style="danger", confirm=cancel_confirm(story))
    match story.message.state:
        case State.QUEUED | State.CLAIMED:
            return [opened, hold, cancel]
        case State.HELD:
            return [opened, resume, cancel]
        case State.UNCONFIRMED:
            return [
                opened,
                Button("It arrived", ids.ALERT_ARRIVED, nudge, style="primary"),
                Button("Send again", ids.ALERT_SEND_AGAIN, nudge, confirm=_again_confirm(story)),
            ]
        case _:
            return [opened]


def cancel_confirm(story: NudgeStory) -> Confirm:
    told = f", and {who_sends(story)} is told" if story.message.source is Source.NUDGE else ""
    return Confirm(
        f"Cancel this {noun(story)}?",
        f"The mail for {escape(story.invoice.number, 60)} won't be sent{told}.",
        go=f"Cancel {noun(story)}",
        stop="Leave it",
        is_danger=True,
    )


def _again_confirm(story: NudgeStory) -> Confirm:
    return Confirm(
        "Send it again?",
        f"If the first mail for {escape(story.invoice.number, 60)} did arrive, the customer gets it twice. "
        "Please send again only when you know that it did not.",
        go="Send again",
        stop="Not yet",
        is_danger=True,
    )


def _history(story: NudgeStory, reader: Reader, at: datetime) -> str:
    message = story.message
    steps = [f"Asked {slack_date(message.requested_at, reader, at)}"]
    if message.changed_at and message.changed_at != message.requested_at:
        who = f" by {escape(story.held_by.name, 80)}" if story.held_by and message.state is State.HELD else ""
        steps.append(f"{vocabulary.STATES[message.state]} {slack_date(message.changed_at, reader, at)}{who}")
    if message.attempts > 1:
        steps.append(f"{message.attempts} attempts")
    return " · ".join(steps)


def _for_all(moment: datetime, story: NudgeStory, reader: Reader, at: datetime) -> str:
    """The customer's time in words, and each reader's own."""
    own = slack_date(moment, reader, at)
    if story.zone is None:
        return own
    there = reader.moment_there(moment, story.zone, at).partition(" (")[0]
    return f"{there} (your time: {own})"


def slack_date(moment: datetime, reader: Reader, at: datetime) -> str:
    """Slack writes it in the zone of whoever reads; the fallback is for clients that cannot."""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{reader.for_all().moment(moment, at)}>"


def outcome_page(story: NudgeStory, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """What became of a rep's nudge."""
    message = story.message
    number, name = escape(story.invoice.number, 60), escape(story.account.name, 80)
    what = became_words(story, reader=reader, at=at)
    lead = f"{vocabulary.STATE_SIGNS[message.state]} *Your nudge to {name} for {number} {what}*"
    said = _reason(story, reader=reader, at=at, of_requester=False, to=message.requested_by)
    lines = [lead]
    if said:
        lines.append(said.what if message.state is State.QUEUED or message.reason in _WAITS_FOR else said.both)
    buttons = [Button("Open account", ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, story.account.id, 0))]
    if message.state in _MAY_GO_AGAIN and message.reason is not Reason.HOLD_CAME:
        value = signet.close_for_all(Kind.ACCOUNT, story.account.id, 0)
        buttons.append(Button("Nudge again", ids.NUDGE_OPEN, value))
    return Page("Nudge", lead.replace("*", ""), (section("\n".join(lines)), actions(buttons)))


def became_words(story: NudgeStory, *, reader: Reader, at: datetime) -> str:
    """What goes on from `Your nudge` or `It`."""
    message = story.message
    moment = message.sent_at if message.state is State.SENT and message.sent_at else message.leaves_at
    return _OUTCOMES[message.state].replace("{when}", reader.moment_there(moment, story.zone, at))


def _reason(
    story: NudgeStory, *, reader: Reader, at: datetime, of_requester: bool, to: int | None = None
) -> texts.Told | None:
    """Why it stands where it stands. A reason can outlive its state: one that is resumed was held once.

    `to`: the person who reads it, where it is one.
    """
    reason, state = story.message.reason, story.message.state
    if reason is None or state in _SPEAKS_FOR_ITSELF or (state is State.QUEUED and reason not in _WAITS_FOR):
        return None
    holder = story.held_by
    by = ("You" if holder.id == to else holder.name) if holder else None
    about = Refused(reason, subject=_subject(story, reason), by=by, until=_until(story))
    said = told(about, reader=reader, at=at, there=story.zone, of_requester=of_requester)
    return replace(said, what=f"{said.what} {quoted(why, WHY_AT_MOST)}") if (why := story.message.why) else said


def _subject(story: NudgeStory, reason: Reason) -> str | None:
    match reason:
        case Reason.CONTACT_INVALID:
            return story.contact.name or None
        case Reason.CONTACT_SUPPRESSED:
            return story.contact.suppression.reason.value if story.contact.suppression else None
        case _:
            return story.invoice.number if reason in OF_INVOICE else None


def _until(story: NudgeStory) -> datetime | None:
    match story.message.state:
        case State.QUEUED:
            return story.message.leaves_at
        case State.HELD:
            return story.message.expires_at
        case _:
            return None


def home_line(
    story: NudgeStory, *, viewer: Person, reader: Reader, signet: Signet, at: datetime
) -> tuple[str, list[Button]]:
    """One nudge in a list, with what the viewer may do about it."""
    message = story.message
    number, name = escape(story.invoice.number, 60), escape(story.account.name, 80)
    state = vocabulary.STATES[message.state]
    if message.state is State.QUEUED:
        state += f", leaves {reader.moment_there(message.leaves_at, story.zone, at)}"
    elif message.state is State.SENT and message.sent_at:
        state += f" {reader.moment(message.sent_at, at)}"
    is_mine = story.message.source is Source.NUDGE and story.message.requested_by == viewer.id
    by = "" if is_mine else f" by {who_sends(story)}"
    text = f"{vocabulary.STATE_SIGNS[message.state]} *{name}* · {number}{by}\n{state}"
    said = _reason(story, reader=reader, at=at, of_requester=bool(by), to=viewer.id)
    if said and message.state in (State.HELD, State.CANCELLED):
        text = text.removesuffix(state) + said.what
        if message.state is State.HELD:
            text += f" It expires {reader.moment_there(message.expires_at, story.zone, at)}."
    elif said:
        text += f". {said.what}"
    nudge = signet.close(Kind.NUDGE, message.id, ON_HOME)
    buttons = [Button("Open account", ids.ACCOUNT_OPEN, signet.close(Kind.ACCOUNT, story.account.id, 0))]
    if may_hold(viewer, message.requested_by) and message.state in (State.QUEUED, State.CLAIMED, State.HELD):
        if message.state is State.HELD:
            buttons.append(Button("Resume", ids.HOME_RESUME, nudge))
        else:
            buttons.append(Button("Hold", ids.HOME_HOLD, nudge))
        confirm = cancel_confirm(story)
        buttons.append(Button("Cancel", ids.HOME_CANCEL, nudge, style="danger", confirm=confirm))
    if may(viewer, Capability.RESOLVE_UNCONFIRMED) and message.state is State.UNCONFIRMED:
        buttons.append(Button("It arrived", ids.HOME_ARRIVED, nudge, style="primary"))
        buttons.append(Button("Send again", ids.HOME_SEND_AGAIN, nudge, confirm=_again_confirm(story)))
    return text, buttons


def changed_words(outcome: NudgeChanged) -> str:
    """What a click on a nudge did."""
    story, state = outcome.story, outcome.story.message.state
    about = f"{escape(story.invoice.number, 60)} ({escape(story.account.name, 80)})"
    return f"{vocabulary.STATE_SIGNS[state]} The {noun(story)} for {about} is {vocabulary.STATES[state]}."


def taken_back_page(outcome: NudgeChanged) -> Page:
    words = changed_words(outcome)
    if outcome.story.message.state is State.UNCONFIRMED:
        more = "It was handed over before and no answer came, so it may have arrived. A/R is asked to find out."
    else:
        more = "Nothing is sent."
        if outcome.story.message.source is Source.NUDGE:
            more += " The invoice can be nudged again at any time."
    return Page("Nudge", words, (section(f"{words} {more}"),))
