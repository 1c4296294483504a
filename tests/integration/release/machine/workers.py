"""Three workers whose steps interleave, who sleep and die between them, and what each step may not do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from bot.settings import Settings
from connectors.mail.relay import longest_send
from domain.errors import Rejected, Unavailable, Unknown
from domain.messages import State
from domain.ports import UnitOfWork, UnitOfWorkFactory
from domain.usecases.change_nudge import cancel_nudge
from domain.usecases.cleared import Cleared
from domain.usecases.fence_due import CLAIM_LEASE, SENDING_LEASE, fence_due
from domain.usecases.record_answers import Answer, record_answers
from tests.integration.release.machine.house import Change, House
from tests.integration.release.machine.moments import Moment, Time
from tests.integration.release.machine.oracles import day_of
from tests.integration.release.machine.people import FATES, MINUTE, WHICH, People, hold_it
from tests.integration.release.machine.provider import Fate

WORKERS = 3
_DEFAULT = {name: field.default for name, field in Settings.model_fields.items()}
START_WITHIN = SENDING_LEASE - timedelta(seconds=longest_send(_DEFAULT["smtp_seconds"], _DEFAULT["smtp_dot_seconds"]))
"""As the loop has it: a mail that could not begin to leave for so long does not leave."""

QUIETLY = "nothing"
MEANWHILE = st.sampled_from(
    [
        *[QUIETLY] * 8,
        "a breath",
        "a nap",
        "a night",
        "tidy",
        "other",
        "hold",
        "cancel",
        "dispute",
        "pay",
        "pause",
        "death",
    ]
)
"""What may happen between a claim and its decision, where no transaction is open."""

BETWEEN = st.sampled_from([*[None] * 3, *Change, *[Change.WRITE] * 4])
"""What may happen before nudges are due. A letter matters only for a while, and only where it leaves the hours open."""


class Died(Exception):
    """The process is gone."""


@dataclass(eq=False)
class Fence:
    """One mail that a worker may hand over. `begun`: when it looked at the queue; `decided`: when the guards ran."""

    cleared: Cleared
    begun: Moment
    decided: Moment
    is_denied: bool = False
    answer: Answer | None = None
    was_returned: bool = False

    @property
    def nudge(self) -> str:
        return self.cleared.message.id


class Interrupted:
    """The clock and the units of work of one call, which is interrupted between its claim and its decision."""

    def __init__(
        self, time: Time, uow: UnitOfWorkFactory, *, before: Callable[[], None], inside: Callable[[], None]
    ) -> None:
        self._time, self._uow, self._before, self._inside = time, uow, before, inside
        self.read: list[Moment] = []
        self._units = 0

    def now(self) -> datetime:
        if len(self.read) == 1:
            self._before()
        self.read.append(self._time.now())
        return self.read[-1].at

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        self._units += 1
        if self._units == 2:
            self._inside()
        return self._uow()


class Workers(People):
    """The release path step by step: fence, hand over, record."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self.hands: list[list[Fence]] = [[] for _ in range(WORKERS)]
        self.fences: list[Fence] = []

    @rule(
        worker=st.integers(0, WORKERS - 1),
        limit=st.integers(1, 4),
        fates=FATES,
        meanwhile=MEANWHILE,
        is_inside=st.booleans(),
        which=WHICH,
    )
    def a_worker_goes_on(
        self, worker: int, limit: int, fates: list[Fate], meanwhile: str, is_inside: bool, which: int
    ) -> None:
        """Its next step, whatever happened since the last one."""
        hand = self.hands[worker]
        if not hand:
            self.fence(worker, limit, meanwhile, which, is_inside=is_inside)
        elif any(fence.answer is None for fence in hand):
            self.hand_over(worker, fates)
        else:
            self.record(worker)

    @rule(worker=st.integers(0, WORKERS - 1), how_many=st.integers(0, 4), fates=FATES)
    def a_worker_dies(self, worker: int, how_many: int, fates: list[Fate]) -> None:
        """In the middle of handing over: some have left, and nobody knows."""
        self.hand_over(worker, fates, how_many=how_many)
        self.hands[worker] = []

    @rule(worker=st.integers(0, WORKERS - 1), fates=FATES, late=st.sampled_from([0, 0, 5, 60 * 11]))
    def a_worker_beats_when_something_is_due(self, worker: int, fates: list[Fate], late: int) -> None:
        self.to_the_next_due(late)
        self.tidy()
        self.work_off(worker, fates)

    @rule(
        clicks=st.lists(WHICH, min_size=1, max_size=4, unique=True),
        days=st.sampled_from([0, 0, 0, 1, 4]),
        between=BETWEEN,
        worker=st.integers(0, WORKERS - 1),
        limit=st.integers(1, 4),
        fates=FATES,
        meanwhile=MEANWHILE,
        goes_on=st.booleans(),
    )
    def a_morning(
        self,
        clicks: list[int],
        days: int,
        between: Change | None,
        worker: int,
        limit: int,
        fates: list[Fate],
        meanwhile: str,
        goes_on: bool,
    ) -> None:
        """The way of most nudges. The worker may stop after the fence, and go on whenever its turn comes."""
        self.clicks_and_then_they_are_due(clicks, days, between)
        if goes_on or self.hands[worker]:
            self.work_off(worker, fates)
        else:
            self.time.passes(self.stage.rulebook.policy.spread)
            self.fence(worker, limit, meanwhile, clicks[0])

    # Here nothing depends on threads, and no step is lost to a rule that has nothing to do.
    somebody_found_out = precondition(People.is_anything_unconfirmed)(People.somebody_found_out)
    a_report_comes = precondition(lambda self: bool(self.provider.copies))(People.a_report_comes)

    @precondition(lambda self: any(self.hands))
    @rule(hours=st.sampled_from([0, 0, 25]), fates=FATES, is_mailed=st.booleans(), wakes=st.booleans())
    def a_worker_is_taken_for_dead(self, hours: int, fates: list[Fate], is_mailed: bool, wakes: bool) -> None:
        """It is slow; its work is settled, somebody says "send again", another one takes over; perhaps it wakes up."""
        slow = next(number for number, hand in enumerate(self.hands) if hand)
        if is_mailed:
            self.hand_over(slow, fates)
        self.time.passes(timedelta(minutes=20))
        self.house.refresh()
        self.tidy()
        self.the_promises_hold()
        if any(row["state"] == State.UNCONFIRMED for row in self.rows().values()):
            self.somebody_found_out(has_arrived=False)
        self.time.passes(timedelta(hours=hours))
        self.to_the_next_due(0)
        other = next((number for number, hand in enumerate(self.hands) if not hand), None)
        if other is not None:
            self.fence(other, 4, QUIETLY, 0)
            self.hand_over(other, fates, how_many=2)
        if wakes:
            self.hand_over(slow, fates)
            self.record(slow)

    def work_off(self, worker: int, fates: list[Fate]) -> None:
        """What it still has in hand, then what is due."""
        for _ in range(2):
            if self.hands[worker]:
                self.hand_over(worker, fates)
                self.record(worker)
            else:
                self.fence(worker, 4, QUIETLY, 0)

    def fence(self, worker: int, limit: int, meanwhile: str, which: int, *, is_inside: bool = False) -> None:
        def happens() -> None:
            self.meanwhile(meanwhile, worker, which)

        begun = self.time.now()
        interrupted = Interrupted(
            self.time,
            self.stage.uow,
            before=_nothing if is_inside else happens,
            inside=happens if is_inside else _nothing,
        )
        try:
            fenced = fence_due(
                uow=interrupted,
                clock=interrupted,
                rulebook=self.stage.rulebook,
                worker=f"worker-{worker}",
                limit=limit,
            )
        except Died:
            return
        if not fenced.cleared:
            return
        claimed, decided = interrupted.read
        assert decided.at - claimed.at < CLAIM_LEASE, "it slept past its claim's lease, and went on"
        for cleared in fenced.cleared:
            fence = Fence(cleared, begun, decided)
            reasons = self.house.forbidden(cleared.mail.to.address, cleared.mail.subject, decided.at)
            assert not reasons, f"it was let go in spite of: {reasons}"
            for other in (each for hand in self.hands for each in hand if each.nudge == fence.nudge):
                # By the clock, or truly: one that was set back is behind what a person saw pass and sent again.
                apart = max(decided.at - other.decided.at, decided.elapsed - other.decided.elapsed)
                assert apart >= SENDING_LEASE, "two have it in hand"
            self.hands[worker].append(fence)
            self.fences.append(fence)

    def meanwhile(self, what: str, worker: int, which: int) -> None:
        other = (worker + 1) % WORKERS
        if what in _SLEEPS:
            self.time.passes(_SLEEPS[what])
            self.house.refresh()
        elif what == "tidy":
            self.tidy()
        elif what == "other":
            self.work_off(other, [Fate.ACCEPTED] * 4)
        elif what in ("hold", "cancel"):
            self.change_of_mind(which, hold_it if what == "hold" else cancel_nudge)
        elif what == "death":
            raise Died
        elif what != QUIETLY:
            self.house.change(Change(what), which)

    def hand_over(self, worker: int, fates: list[Fate], *, how_many: int = 4) -> None:
        for fence, fate in list(zip(self.hands[worker], fates, strict=False))[:how_many]:
            if fence.answer is not None:
                continue
            try:
                if self.time.elapsed - fence.begun.elapsed > START_WITHIN:
                    raise Unavailable("held up for too long", code="late")
                fence.answer = self.provider.take(fence.cleared.mail, fate, fence.decided, is_denied=fence.is_denied)
            except (Rejected, Unavailable, Unknown) as error:
                fence.answer = error

    def record(self, worker: int) -> None:
        """Only whoever holds it says what became of it; and that counts, however late."""
        hand, self.hands[worker] = self.hands[worker], []
        answers = [(fence.cleared, fence.answer) for fence in hand if fence.answer is not None]
        before = self.rows()
        record_answers(answers, uow=self.stage.uow, clock=self.stage.clock, rulebook=self.stage.rulebook)
        after = self.rows()
        for fence in hand:
            was, became = before[fence.nudge], after[fence.nudge]
            took_place = became["attempts"] > was["attempts"]
            if not self.is_current(fence):
                assert was == became, "a claim that was lost changed something"
            elif was["state"] in (State.SENDING, State.UNCONFIRMED) and was["token"] == fence.cleared.message.token:
                is_still_in_doubt = was["state"] == became["state"] == State.UNCONFIRMED
                assert took_place or is_still_in_doubt, "what it knew was not taken"
                assert (became["state"] == State.SENT) == isinstance(fence.answer, str), "it knew better"
            if took_place and isinstance(fence.answer, Rejected | Unavailable):
                fence.was_returned = True
                if isinstance(fence.answer, Rejected) and fence.answer.bad_address:
                    self.house.suppressed.add(self.house.customer_at(fence.cleared.mail.to.address))

    def is_current(self, fence: Fence) -> bool:
        """Whether nobody fenced the same nudge again since."""
        return next(each for each in reversed(self.fences) if each.nudge == fence.nudge) is fence

    def deny(self, nudge: str) -> None:
        super().deny(nudge)
        for hand in self.hands:
            for fence in hand:
                fence.is_denied |= fence.nudge == nudge and fence.answer is None

    @invariant()
    def the_quota_is_what_left(self) -> None:
        """What may have left on a day, and nothing else, has taken its quota."""
        used: Counter[date] = Counter(day_of(fence.decided) for fence in self.fences if not fence.was_returned)
        assert Counter(self.stage.left_on()) == used
        assert all(number <= self.cap for number in used.values())


_SLEEPS = {"a breath": 2 * MINUTE, "a nap": 20 * MINUTE, "a night": 11 * 60 * MINUTE}


def _nothing() -> None: ...
