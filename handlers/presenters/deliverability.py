"""Where the sending domain stands, in sentences, with a plot of its days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import assert_never

from domain.deliverability import SendingNow
from domain.rules.sender_records import Kind, Record, Verdict
from domain.rules.warmup import percent, quota_of
from domain.usecases.lift_stop import Lifted
from domain.warming import Change, DomainState, SendingDomain, Trouble
from handlers.escaping import escape
from handlers.presenters.counting import several
from handlers.presenters.reader import Reader
from handlers.views.blocks import Page, context, section

WIDTH = 24
"""Characters of the longest bar: fits a phone."""
AHEAD = 10
"""Days of the ramp that are drawn ahead."""

TROUBLES: dict[Trouble, str] = {
    Trouble.BOUNCES: "too many mails came back",
    Trouble.COMPLAINTS: "too many readers reported a mail as unwanted",
}
_MENDS: dict[Trouble, str] = {
    Trouble.BOUNCES: "Find out where the addresses come from, and block or correct those that do not exist.",
    Trouble.COMPLAINTS: "Look at who is written to, how often, and whether the texts say plainly who writes and why.",
}
GOES_ON = "It goes on by itself after a better day."
LEGEND = "█ left, ▒ came back or was reported, ░ what the ramp allows when every day counts"
LIFT = '`/plixo deliverability lift "why"`'


def standing_lines(
    now: SendingNow, records: Iterable[Record] = (), *, reader: Reader, at: datetime, lift: str = LIFT
) -> Iterator[str]:
    """The domain, its quota, its rates and the queue; the most important first. `lift`: what to type to lift a stop."""
    domain, used, caps = now.domain, now.used, now.caps
    yield from _standing(now, records, reader=reader, at=at, lift=lift)
    hour = used.hour_nudges + used.hour_steps
    this_hour = f" {hour} of {caps.hour} this hour." if now.has_hourly_cap else f" {hour} this hour."
    yield f"Today {used.used} of {caps.day} mails have left or are leaving.{this_hour}"
    kept = caps.day - caps.day_steps
    yield (
        f"Kept for nudges: {kept} of {caps.day} a day. Today: {several(used.nudges, 'nudge')}, "
        f"{several(used.steps, 'step')} of Autopilot."
    )
    tally = now.measured.tally
    bounced, complained = percent(tally.bounced, tally.sent), percent(tally.complained, tally.sent)
    limits = now.warm_up.limits
    since = f" since {reader.day(domain.measured_after + timedelta(days=1), at)}" if domain.measured_after else ""
    yield (
        f"In seven days{since} {tally.bounced} of {tally.sent} mails came back ({bounced:.2f} %; holds at "
        f"{limits.hold_bounced} %, stops above {limits.stop_bounced} %), {tally.complained} were reported as unwanted "
        f"({complained:.2f} %; holds at {limits.hold_complained} %, stops at {limits.stop_complained} %)."
    )
    yield forecast_words(now, reader=reader, at=at)


def _standing(now: SendingNow, records: Iterable[Record], *, reader: Reader, at: datetime, lift: str) -> Iterator[str]:
    domain = now.domain
    since = f" since {reader.moment(domain.since, at)}" if domain.since else ""
    match domain.standing:
        case DomainState.STOPPED:
            yield f"🔴 {domain.name}: nothing leaves{since}. {_why(domain)}".strip()
            yield f"When the cause is mended: {lift}. What waits in the queue keeps waiting."
        case DomainState.HELD:
            yield f"🟠 {domain.name} does not grow{since}. {_why(domain)} {GOES_ON}".strip()
        case DomainState.WARMING:
            bad = [record.kind for record in records if record.verdict is Verdict.BAD]
            yield f"🟡 {domain.name} sends, but {_and(bad)}." if bad else f"🟢 {domain.name} sends."
        case _:
            assert_never(domain.standing)
    if now.quota is None:
        yield "There is no warm-up: the policy's daily cap alone counts."
        return
    known = len(now.warm_up.ramp)
    of = f"{now.stage} of {known}" if now.stage <= known else f"{now.stage}, behind the {known} of the plan"
    days = several(domain.counted, "day")
    yield (
        f"Warm-up: stage {of}, {now.quota} mails a day; {days} counted so far. A day counts when "
        f"{now.warm_up.used_percent} % of its quota was sent."
    )


def _and(kinds: list[Kind]) -> str:
    """`SPF and DMARC are missing`; what receivers take as missing counts."""
    *first, last = kinds
    return f"{', '.join(first)} and {last} are missing" if first else f"{last} is missing"


def _why(domain: SendingDomain) -> str:
    if domain.trouble is None:
        return ""
    said = TROUBLES[domain.trouble]
    return f"{said[0].upper()}{said[1:]}. {_MENDS[domain.trouble]}"


def forecast_words(now: SendingNow, *, reader: Reader, at: datetime) -> str:
    found = now.forecast
    if found.is_stopped:
        return f"{found.left} wait{'s' if found.left == 1 else ''} in the queue, until the stop is lifted."
    expire = f" {found.expired} will have expired before their turn." if found.expired else ""
    if not found.leaving:
        return f"Nothing waits in the queue that is to leave.{expire}"
    if found.done_on is None:
        return f"{found.left} of those that wait will not have left within two months.{expire}"
    day = "today" if found.done_on == now.slot.day else f"by {reader.day(found.done_on, at)}"
    waiting = "The one that waits" if found.leaving == 1 else f"The {found.leaving} that wait"
    return f"{waiting} in the queue will have left {day}, if nothing more comes.{expire}"


def plot(now: SendingNow, *, reader: Reader, at: datetime) -> list[str]:
    """A line a day: what left (█, what came back ▒), then what the ramp allows when every day counts (░)."""
    ahead = [quota_of(now.domain.counted + number, now.warm_up) for number in range(1, AHEAD + 1)]
    quotas = [min(each, 100 * max(1, now.caps.day)) for each in ahead if each is not None]
    most = max([now.caps.day, *(day.used for day in now.days.values()), *quotas])
    lines = [
        _line(
            reader.short_day(day.day, at),
            "▒" * _length(day.bounced + day.complained, most)
            + "█" * max(0, _length(day.used, most) - _length(day.bounced + day.complained, most)),
            str(day.used) + (f" of {now.caps.day}" if day.day == now.slot.day else ""),
        )
        for day in sorted(now.days.values(), key=lambda day: day.day)
    ]
    for number, quota in enumerate(quotas, start=1):
        lines.append(_line(f"+{number}", "░" * _length(quota, most), str(quota)))
    return lines


def _line(name: str, bar: str, number: str) -> str:
    return f"{name:>7} {bar:<{WIDTH}} {number}"


def _length(count: int, most: int) -> int:
    """At least one character for what there is at all."""
    return 0 if count <= 0 else max(1, count * WIDTH // max(1, most))


_SIGNS: dict[Verdict, str] = {Verdict.GOOD: "🟢", Verdict.WEAK: "🟠", Verdict.BAD: "🔴", Verdict.UNKNOWN: "⚪"}


def record_lines(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    """Each record: what it means with the fix, and what to publish (empty where nothing is)."""
    for record in records:
        said = " ".join(filter(None, (f"{_SIGNS[record.verdict]} {record.kind}: {record.said}", record.fix)))
        yield said, f'{record.publish[0]} TXT "{record.publish[1]}"' if record.publish else ""


def opening_page() -> Page:
    """Shown at once, while the name servers are asked."""
    return Page("Deliverability", "Deliverability", (section("Looking up the sending domain…"),))


def page(now: SendingNow, records: Iterable[Record], *, reader: Reader, at: datetime) -> Page:
    records = tuple(records)
    first, *rest = standing_lines(now, records, reader=reader, at=at)
    blocks = [section("\n".join([f"*{first}*", *rest]))]
    drawn = plot(now, reader=reader, at=at)
    if drawn:
        blocks += [section("```" + "\n".join(drawn) + "```"), context(LEGEND)]
    for said, publish in record_lines(records):
        shown = escape(said, 1_000)
        blocks.append(section(f"{shown}\n```{escape(publish, 1_500)}```" if publish else shown))
    return Page("Deliverability", first, tuple(blocks))


def lifted_page(lifted: Lifted) -> Page:
    name = lifted.domain.name
    said = f"{name} sends again, one stage lower." if lifted.was_stopped else f"{name} is not stopped: nothing to lift."
    return Page("Deliverability", said, (section(said),))


def change_words(change: Change, now: SendingNow, *, reader: Reader, at: datetime) -> str:
    """The message to a Controller. The domain may stand elsewhere again by now: what it says is true as it is read."""
    name, tally = now.domain.name, now.measured.tally
    quota = f"{now.quota} mails a day" if now.quota is not None else "what the policy's daily cap allows"
    counted = (
        f"In seven days {tally.bounced} of {tally.sent} mails came back, {tally.complained} were reported as unwanted."
    )
    match change:
        case Change.GREW:
            return f"📈 *{name} may send more*\nStage {now.stage} of its warm-up: {quota}."
        case Change.STEPPED_BACK:
            return (
                f"📉 *{name} steps back to stage {now.stage}*\nFor two weeks or longer nothing had left, and mailbox "
                f"providers forget a sender. It may send {quota}, and grows again by days that are used."
            )
        case Change.HELD:
            return f"🟠 *{name} does not grow for now*\n{counted} {_why(now.domain)} {GOES_ON}"
        case Change.RESUMED:
            return f"🟢 *The warm-up of {name} goes on*\n{counted} It may send {quota}."
        case Change.STOPPED:
            return (
                f"🔴 *Nothing leaves from {name}*\n{counted} {_why(now.domain)} What waits in the queue keeps waiting "
                f"until an Admin or Controller lifts the stop: {LIFT}."
            )
        case Change.LIFTED:
            why = f" The reason given: “{now.domain.lifted_why}”." if now.domain.lifted_why else ""
            return f"🟢 *{name} sends again*\nThe stop was lifted.{why} It begins one stage lower: {quota}."
        case _:
            assert_never(change)
