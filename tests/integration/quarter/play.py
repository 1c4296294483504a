"""Plays a script with the real house: its jobs, its loop with all threads, its database; only clock and post are not.

Time jumps from one instant at which something is due to the next, on a grid of a quarter of an hour, so that a nudge
more or less changes nobody's beat.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from freezegun import freeze_time
from sqlalchemy import Engine, func, select, update

from bot.chores import CHORES
from bot.demo import demo_settings
from bot.loop import Loop
from bot.world import World, build_world
from domain.jobs import AUTOPILOT
from domain.mail import Mail
from domain.messages import State
from domain.outcomes import NudgePreview, Queued
from domain.policies import DocumentKind
from domain.policy import Sending
from domain.rules.quiet_hours import DEFAULT
from domain.timeline import StepState
from domain.usecases.approve_drafts import approve_drafts
from domain.usecases.preview_nudge import preview_nudge
from domain.usecases.queue_nudge import queue_nudge
from domain.usecases.set_sending import set_sending
from domain.usecases.skip_draft import skip_draft
from domain.values import Actor, Person, Role, Span
from domain.warming import Stage, WarmUp
from sandbox.clock import MovableClock
from storage import tables
from tests import factories
from tests.builders import make_rulebook
from tests.integration.quarter.books import Books
from tests.integration.quarter.hours import WORKSPACE
from tests.integration.quarter.outcome import Played, Sent, read_outcome
from tests.integration.quarter.script import BLACKOUT, DAY, Event, Industry, Kind, Script
from tests.integration.quarter.volume import DOUBLES_EVERY, SHARE_OF_NUDGES, Limits
from tests.stage import release_by

GRID = timedelta(minutes=15)
ELSEWHEN = datetime(2031, 5, 1, tzinfo=UTC)
BETWEEN_PLANS = timedelta(hours=6)
"""The planner, the judge of promises and the import beat so often. The product plans every 15 minutes, which would only
find everything sooner."""
DAYS_OF_STEPS = (3, 12, 24)
SEGMENTS = {
    Industry.RETAIL: "mode: autopilot, cadence: Standard",
    Industry.BUILDING: "mode: autopilot, cadence: Standard",
    Industry.CARE: "mode: shadow, cadence: Standard",
    Industry.FARMING: "mode: off",
}
CADENCES = "- name: Standard\n  steps:\n" + "".join(
    f"    - {{day: {day}, template: friendly, tone: Neutral}}\n" for day in DAYS_OF_STEPS
)


@dataclass
class Post:
    """Takes everything."""

    clock: MovableClock
    sent: list[Sent] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def send(self, mail: Mail) -> str:
        number = re.search(r"INV-\S+", mail.subject)
        assert number is not None
        with self._lock:
            is_step = mail.message_id.startswith("step.")
            self.sent.append(Sent(self.clock.now(), mail.to.address, number.group(), is_step))
        return "250 accepted"

    def check(self) -> None: ...

    def cut(self) -> None: ...

    def close(self) -> None: ...


def play(
    script: Script, engine: Engine, folder: Path, limits: Limits, *, counted: Mapping[date, int] | None = None
) -> Played:
    """The whole script from its first second to its last, in an empty database.

    `counted`: how far the ramp is on each day, instead of how far the mails of this play bring it.
    """
    clock = MovableClock(start=script.begins, frozen=True)
    url = engine.url.render_as_string(hide_password=False)
    settings = demo_settings(folder, api_url="", secret="s", database_url=url, senders=8)
    rulebook = make_rulebook(
        quiet=replace(DEFAULT, blackouts=(Span(BLACKOUT[0], BLACKOUT[1] + DAY),)),
        daily_cap=limits.day,
        hourly_cap=limits.hour,
        warm_up=WarmUp(ramp=tuple(Stage(*each) for each in limits.stages), doubles_every=DOUBLES_EVERY),
        nudge_share_percent=SHARE_OF_NUDGES,
    )
    # Whoever reads the clock on our wall instead of the one that was given is years away.
    with freeze_time(ELSEWHEN), build_world(settings, clock=clock) as world:
        post = Post(clock)
        world = replace(world, mailer=post, rulebook=rulebook)
        player = _Player(script, engine, world, clock, post, limits, counted)
        try:
            return player.play()
        finally:
            player.loop.stop()


@dataclass
class _Player:
    script: Script
    engine: Engine
    world: World
    clock: MovableClock
    post: Post
    limits: Limits
    counted: Mapping[date, int] | None
    clicks: int = 0
    today: date | None = None

    def __post_init__(self) -> None:
        self.org_id = factories.make_organisation(self.engine)
        self.uow = self.world.uow_for(self.org_id)
        person = {"zone": "Europe/Berlin"}
        self.rita = factories.make_user(self.engine, self.org_id, email="rita@northwind.example", **person)
        self.olga = factories.make_user(
            self.engine, self.org_id, email="olga@northwind.example", role=Role.OPERATOR, **person
        )
        self.loop = Loop(self.world, lambda org_id: None)  # type: ignore[arg-type, return-value]
        self.chores = {chore.name: chore for chore in CHORES}
        self.books = Books(self.engine, self.org_id, self.script.customers)
        self.books.open(self.script.begins)
        factories.make_template(self.engine, self.org_id)
        segments = "".join(self.segment(industry) for industry in SEGMENTS)
        with self.uow() as work:
            for kind, text in ((DocumentKind.SEGMENTS, segments), (DocumentKind.CADENCES, CADENCES)):
                work.library.add_document(
                    kind, text, by="carl@northwind.example", at=self.script.begins, is_published=True
                )

    def segment(self, industry: Industry) -> str:
        cap = self.limits.segments.get(industry)
        own = "" if cap is None else f", daily_cap: {cap}"
        return f"- {{name: {industry.title()}, when: {{industries: [{industry}]}}, {SEGMENTS[industry]}{own}}}\n"

    def play(self) -> Played:
        at, events = self.script.begins, list(reversed(self.script.events))
        next_plan = at
        while at <= self.script.ends:
            while events and events[-1].at <= at:
                self.happens(events.pop())
            self.clock.set(at)
            if at >= next_plan:
                self.look_at_the_books(at)
                next_plan += BETWEEN_PLANS
            if (due := self.next_due()) is not None and due <= at:
                self.beat()
                due = self.next_due()
            nexts = [next_plan, *([events[-1].at] if events else []), *([due] if due else [])]
            at += max(1, -((at - min(nexts)) // GRID)) * GRID
        return read_outcome(self.engine, sent=self.post.sent, clicks=self.clicks)

    def look_at_the_books(self, at: datetime) -> None:
        if not any(begins <= at < ends for begins, ends in self.script.stale):
            self.books.import_again(at)
        self.chores["promises"].do(self.world, self.org_id)
        self.plan()

    def plan(self) -> None:
        """To the end, however slow the machine is: a slice of it takes two of its seconds."""
        is_at_it = True
        while is_at_it:
            self.chores[AUTOPILOT].do(self.world, self.org_id)
            with self.uow() as work:
                is_at_it = work.jobs.reached(AUTOPILOT) is not None

    def beat(self) -> None:
        if self.today != (today := self.clock.now().astimezone(WORKSPACE).date()):
            self.today = today
            self.judge_the_day_before()
        self.chores["steps"].do(self.world, self.org_id)
        release_by(self.loop)
        self.chores["steps"].do(self.world, self.org_id)

    def judge_the_day_before(self) -> None:
        """Before anything leaves today, as the product's five minutes nearly always do it."""
        self.chores["warm-up"].do(self.world, self.org_id)
        if self.counted is not None and self.today is not None:
            self.books.write(update(tables.sending_domains).values(counted=self.counted[self.today]))

    def next_due(self) -> datetime | None:
        """When a step or a message is due next."""
        messages, steps = tables.messages.c, tables.autopilot_steps.c
        waiting = select(func.min(messages.leaves_at)).where(messages.state == State.QUEUED.value)
        planned = select(func.min(steps.due_at)).where(
            steps.state == StepState.SCHEDULED.value, steps.message_id.is_(None)
        )
        drafted = select(func.min(steps.expires_at)).where(steps.state == StepState.DRAFTED.value)
        with self.engine.connect() as connection:
            found = [connection.execute(each).scalar() for each in (waiting, planned, drafted)]
        return min((each for each in found if each is not None), default=None)

    def happens(self, event: Event) -> None:
        self.clock.set(event.at)
        if event.kind is Kind.APPROVE:
            self.look_through_drafts()
        elif event.kind is Kind.PAUSE:
            set_sending(Sending.PAUSED, reason="Audit", until=event.until, by="carl", uow=self.uow, clock=self.clock)
        elif event.kind is Kind.NUDGE:
            self.click(event)
        else:
            self.books.befalls(event)

    def click(self, event: Event) -> None:
        """A rep takes what the preview offers."""
        assert event.customer is not None
        given: dict[str, Any] = {
            "actor": self.actor(self.rita),
            "uow": self.uow,
            "clock": self.clock,
            "rulebook": self.world.rulebook,
        }
        offered = preview_nudge(event.customer + 1, **given)
        if not isinstance(offered, NudgePreview):
            return
        done = queue_nudge(
            event.customer + 1,
            contact_id=offered.contact.id,
            invoice_id=offered.invoice.id,
            template_key=offered.template.key,
            template_version=offered.template.version,
            origin=f"view:{event.at.isoformat()}:{event.customer}",
            **given,
        )
        assert isinstance(done, Queued), "what was offered is taken"
        self.clicks += 1

    def look_through_drafts(self) -> None:
        """Some are approved, some skipped, and some are left to run out: always the same ones."""
        given: dict[str, Any] = {
            "actor": self.actor(self.olga),
            "uow": self.uow,
            "clock": self.clock,
            "rulebook": self.world.rulebook,
        }
        with self.uow() as work:
            drafts = work.drafts.waiting(at=self.clock.now(), start=0, limit=1000).items
        for draft in sorted(drafts, key=lambda one: one.step_id):
            chance = sha256(f"{draft.invoice_id}:{draft.day}".encode()).digest()[0]
            if chance < 160:
                approve_drafts({draft.step_id: draft.revision}, **given)
            elif chance < 210:
                skip_draft(draft.step_id, "Not now", **given)

    def actor(self, person: Person) -> Actor:
        return Actor(org_id=self.org_id, user_id=person.id, zone="Europe/Berlin")
