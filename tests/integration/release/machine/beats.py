"""The real loop with its threads: two replicas on one database, each a beat at a time or both at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Lock

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.loop import Loop
from bot.world import World
from domain.errors import Busy, Rejected, Unavailable
from domain.mail import Mail
from domain.messages import State
from domain.notices import Notice
from tests.integration.release.machine.house import Change, House
from tests.integration.release.machine.people import FATES, WHICH, People
from tests.integration.release.machine.provider import Fate, Provider, nudge_of

SOON = 60.0
"""Seconds in which a beat ends, however busy the machine."""


@dataclass
class Posted:
    """Slack, as both replicas see it. `is_away`: it answers nobody."""

    is_away: bool = False
    keys: set[str] = field(default_factory=set)

    def post(self, notice: Notice) -> tuple[str, str]:
        if self.is_away:
            raise Unavailable("Slack is away.")
        self.keys.add(notice.key)
        return "C01", f"{len(self.keys)}.0"


@dataclass
class Carrier:
    """Both replicas' mailer. A mail's fate depends on it and on the attempt, never on the threads' order."""

    provider: Provider
    order: list[str]
    fates: list[Fate] = field(default_factory=lambda: [Fate.ACCEPTED])
    bounced: list[str] = field(default_factory=list)
    _tried: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def send(self, mail: Mail) -> str:
        nudge = nudge_of(mail)
        with self._lock:
            self._tried[nudge] += 1
            fate = self.fates[(self.order.index(nudge) + self._tried[nudge]) % len(self.fates)]
        try:
            return self.provider.take(mail, fate)
        except Rejected as error:
            if error.bad_address:
                self.bounced.append(mail.to.address)
            raise

    def check(self) -> None: ...

    def cut(self) -> None: ...

    def close(self) -> None: ...


class Beats(People):
    """People and two loops."""

    def __init__(self, house: House, world: World) -> None:
        super().__init__(house)
        self._world = world
        self.loops: list[Loop] = []

    def replicas(self) -> list[Loop]:
        """Made when they are first needed: by then the example's rules are known."""
        if not self.loops:
            self.carrier, self.slack = Carrier(self.provider, self.order), Posted()
            self.loops = [self._new_loop(number) for number in range(2)]
        return self.loops

    def _new_loop(self, number: int) -> Loop:
        world = replace(self._world, mailer=self.carrier, rulebook=self.stage.rulebook, worker=f"replica-{number}")
        return Loop(world, lambda org_id: self.slack)

    @rule(which=st.sampled_from([(0,), (1,), (0, 1), (0, 1)]), fates=FATES, late=st.sampled_from([0, 0, 5, 60 * 11]))
    def they_beat_when_something_is_due(self, which: tuple[int, ...], fates: list[Fate], late: int) -> None:
        self.to_the_next_due(late)
        self.beat(which, fates)

    @rule(
        clicks=st.lists(WHICH, min_size=1, max_size=4, unique=True),
        days=st.sampled_from([0, 0, 0, 1, 4]),
        between=st.sampled_from([None, None, None, *Change]),
        which=st.sampled_from([(0,), (0, 1)]),
        fates=FATES,
    )
    def a_morning(
        self, clicks: list[int], days: int, between: Change | None, which: tuple[int, ...], fates: list[Fate]
    ) -> None:
        self.clicks_and_then_they_are_due(clicks, days, between)
        self.time.passes(self.stage.rulebook.policy.spread)
        self.beat(which, fates)

    @rule(number=st.integers(0, 1))
    def a_replica_is_replaced(self, number: int) -> None:
        loops = self.replicas()
        loops[number].stop()
        loops[number] = self._new_loop(number)

    @rule(number=st.integers(0, 1), is_away=st.booleans())
    def notices_are_posted(self, number: int, is_away: bool) -> None:
        loop = self.replicas()[number]
        self.slack.is_away = is_away
        loop.notices()

    def beat(self, which: tuple[int, ...], fates: list[Fate]) -> None:
        """One beat of one replica, or of both in the same moment. All that is due is settled by its end."""
        loops = self.replicas()
        self.carrier.fates = fates
        asked_before = len(self.provider.copies)
        with ThreadPoolExecutor(len(which)) as threads:
            beats = [threads.submit(_until_it_is_not_busy, loops[number].release) for number in which]
            for each in beats:
                each.result(timeout=SOON)
        for number in which:
            # Answers that came while the other one held the database.
            _until_it_is_not_busy(loops[number].release)
        for copy in self.provider.copies[asked_before:]:
            reasons = self.house.forbidden(copy.address, copy.subject, copy.arrived.at)
            assert not reasons, f"it left in spite of: {reasons}"
        self.house.suppressed |= {self.house.customer_at(address) for address in self.carrier.bounced}
        self.carrier.bounced.clear()
        now = self.stage.clock.now()
        for row in self.rows().values():
            assert row["state"] not in (State.CLAIMED, State.SENDING), "a beat ended in the middle of something"
            assert row["state"] != State.QUEUED or row["leaves_at"] > now, "it was due, and nobody took it"

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            for loop in self.loops:
                loop.stop()


def _until_it_is_not_busy(release: Callable[[], object]) -> None:
    for _ in range(20):
        try:
            release()
        except Busy:
            continue
        return
