"""A week of the whole book, in sentences and a table; the same in Slack and in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.autopilot import Stop
from domain.library import Edition
from domain.policies import Mode
from domain.reasons import Reason
from domain.simulation import BookAhead, DayAhead, SegmentAhead
from domain.warming import DomainState
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters.counting import several
from handlers.presenters.reader import Reader
from handlers.presenters.simulation import ASSUMED, Say, why_words
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Page, context, divider, paragraphs, section

_FULL: dict[Reason, str] = {
    Reason.DAILY_CAP: "the day's mails are used up",
    Reason.WARM_UP: "the domain is being warmed up, and the day's mails of that are used up",
    Reason.SEGMENT_CAP: "the segment's mails of the day are used up",
    Reason.HOURLY_CAP: "the hour's mails are used up",
    Reason.KEPT_FOR_OTHERS: "the rest of the day's mails is kept for nudges",
}
_SEGMENTS = 20


def waiting_page() -> Page:
    """Shown at once; a large book takes a minute or more."""
    text = (
        "*The next seven days are being worked out.* For a large book this takes a minute or more; the window fills by "
        "itself, so leave it open."
    )
    return Page("The next seven days", "Being worked out", (section(text),))


def busy_page() -> Page:
    text = "*Somebody else's look ahead is being worked out.* One at a time; ask again in a minute."
    return Page("The next seven days", "Ask again in a minute", (section(text),))


def book_page(ahead: BookAhead, what: Sequence[str], *, reader: Reader) -> Page:
    """`what`: names of the versions that are looked at as if they were published; none: what is in force."""
    blocks: list[Block] = [section(f"*{lead(ahead, what)}*\n" + "\n".join(total_lines(ahead)))]
    blocks += [section(f"```{table(ahead, reader=reader)}```"), context(legend(ahead))]
    blocks += paragraphs([*moved_lines(ahead)])
    blocks += [divider(), *paragraphs([*segment_lines(ahead, say=escape)]), divider()]
    blocks += paragraphs([*why_not_lines(ahead), *recipient_lines(ahead, say=escape)])
    blocks.append(context(ASSUMED))
    return Page("The next seven days", lead(ahead, what), tuple(blocks))


def lead(ahead: BookAhead, what: Sequence[str]) -> str:
    if not what:
        return "What leaves in the next seven days, by what is in force" + (
            ", and what is proposed" * ahead.is_proposed
        )
    return f"What would leave in the next seven days if {' and '.join(what)} came into force now"


def total_lines(ahead: BookAhead) -> Iterator[str]:
    waits = "waits" if ahead.drafts == 1 else "wait"
    drafts = f" {several(ahead.drafts, 'draft')} {waits} for a person (Shadow)." if ahead.drafts else ""
    yield f"{several(ahead.leaving, 'step')} of Autopilot from {escape(ahead.domain.name, 100)}.{drafts}"
    expired = sum(day.expired for day in ahead.days)
    if ahead.domain.standing is DomainState.STOPPED:
        yield "🔴 Sending from this domain is stopped: nothing leaves until somebody lifts that."
    elif ahead.domain.standing is DomainState.HELD:
        yield "🟠 The warm-up of this domain is held: its quota does not grow."
    if expired:
        yield f"{several(expired, 'step')} would wait too long and expire; their sequences go on with the next step."
    yield f"Looked at: {several(ahead.accounts, 'customer')} with something open."


@dataclass(frozen=True, slots=True)
class Column:
    """`is_shown`: whether it says anything this week."""

    name: str
    counts: tuple[int, ...]
    is_shown: bool = True


def columns(ahead: BookAhead) -> list[Column]:
    days = ahead.days
    moved = tuple(sum(day.moved.values()) for day in days)
    expired, drafts = tuple(day.expired for day in days), tuple(day.drafts for day in days)
    before = tuple(day.before for day in days)
    found = [
        Column("at most", tuple(day.most for day in days)),
        Column("left", before, any(before)),
        Column("due", tuple(day.due for day in days)),
        Column("leave", tuple(day.leaving for day in days)),
        Column("later", moved, any(moved)),
        Column("expire", expired, any(expired)),
        Column("drafts", drafts, any(drafts)),
    ]
    return [column for column in found if column.is_shown]


def day_names(days: Sequence[DayAhead], ahead: BookAhead, reader: Reader) -> list[str]:
    return [reader.day(one.day, ahead.at) for one in days]


def table(ahead: BookAhead, *, reader: Reader) -> str:
    """In characters of one width: narrow enough for a phone."""
    names = day_names(ahead.days, ahead, reader)
    wide = max(map(len, names), default=0)
    shown = [(one.name, [f"{count:,}" for count in one.counts]) for one in columns(ahead)]
    widths = [max(len(name), *map(len, cells)) for name, cells in shown]
    lines = [" ".join([" " * wide, *(name.rjust(size) for (name, _), size in zip(shown, widths, strict=True))])]
    for row, name in enumerate(names):
        cells = (cells[row].rjust(size) for (_, cells), size in zip(shown, widths, strict=True))
        lines.append(" ".join([name.ljust(wide), *cells]))
    return "\n".join(lines)


def legend(ahead: BookAhead) -> str:
    domain = escape(ahead.domain.name, 100)
    words = {
        "at most": f"what may leave from {domain} on that day, nudges among it",
        "left": "before now",
        "due": "steps that find their hours on it",
        "leave": "they go",
        "later": "they find no room and wait for a later day",
        "expire": "they waited too long",
        "drafts": "they wait for a person",
    }
    shown = "; ".join(f"{one.name}: {words[one.name]}" for one in columns(ahead))
    return f"Days of the workspace. {shown[:1].upper()}{shown[1:]}."


def moved_lines(ahead: BookAhead) -> Iterator[str]:
    """Why some leave later, by what was full."""
    moved: Counter[Reason] = Counter()
    for day in ahead.days:
        moved.update(day.moved)
    for reason, count in moved.most_common():
        yield f"• {count:,} times a step waits for another day, as {_FULL.get(reason) or why_words(reason)}."


def segment_lines(ahead: BookAhead, *, say: Say) -> Iterator[str]:
    yield "*Segments*, in the order in which they are tried"
    for one in ahead.segments[:_SEGMENTS]:
        yield _segment_words(one, say)
    if len(ahead.segments) > _SEGMENTS:
        yield f"and {len(ahead.segments) - _SEGMENTS} more"
    if outside := ahead.accounts - sum(one.accounts for one in ahead.segments):
        yield f"• In none of them: {several(outside, 'customer')}"


def _segment_words(one: SegmentAhead, say: Say) -> str:
    """How it runs from its next judging on, and what comes of it."""
    mode = {Mode.OFF: "off", Mode.SHADOW: "Shadow", Mode.AUTOPILOT: "Autopilot"}[one.mode]
    if one.shortfalls:
        mode = "Shadow and not Autopilot: " + " ".join(vocabulary.SHORTFALLS[each][0] for each in one.shortfalls)
    leave = "leaves" if one.leaving == 1 else "leave"
    drafts = "draft for a person" if one.drafts == 1 else "drafts for a person"
    counts = [(one.leaving, leave), (one.drafts, drafts), (one.skipped, "skipped")]
    said = ", ".join(f"{count:,} {word}" for count, word in counts if count) or "nothing this week"
    return f"• {say(one.segment.name, 80)} ({several(one.accounts, 'customer')}, {mode}): {said}"


def why_not_lines(ahead: BookAhead) -> Iterator[str]:
    """Customers who are left alone, steps that are skipped, steps that wait."""
    if ahead.stays:
        alone = sorted(ahead.stays.items(), key=lambda each: (-each[1], each[0]))
        yield "*Left alone*"
        yield from (f"• {count:,}: {vocabulary.STAYS[why]}" for why, count in alone)
    yield from _listed("*Skipped*", ahead.skipped)
    yield from _listed("*Waiting, with no day to leave yet*", ahead.waiting)


def _listed(title: str, counts: Mapping[Reason | Stop, int]) -> Iterator[str]:
    if counts:
        yield title
        for why, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
            yield f"• {count:,}: {why_words(why)}"


def recipient_lines(ahead: BookAhead, *, say: Say) -> Iterator[str]:
    if ahead.recipients:
        shown = ", ".join(f"{say(domain, 80)} {count:,}" for domain, count in ahead.recipients)
        yield f"*Most go to* {shown}"


def ahead_button(edition: Edition, *, signet: Signet) -> Button:
    """To what this version would send, before it is published."""
    return Button("See what it would send first", ids.SIMULATE_BOOK, signet.close(Kind.EDITION, str(edition)))
