"""What goes wrong when: drawn from a seed before a round begins, and printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tests.integration.mail.rogue_smtp import Fault, Step

Kind = Literal["kill", "stop", "crash", "hang", "line", "lock", "full", "mail", "slack", "clock"]

DATABASE_KINDS: frozenset[Kind] = frozenset({"crash", "hang", "line", "lock", "full"})


@dataclass(frozen=True)
class Act:
    """One thing that goes wrong `at` seconds after the start, for `lasts` seconds where that means something.

    `who` is a worker's number, `what` names a variety, `fault` is played by the mail server, `hours` move the clock.
    """

    at: float
    kind: Kind
    who: int = 0
    what: str = ""
    lasts: float = 0.0
    fault: Fault | None = field(default=None, repr=False)
    hours: int = 0

    def __str__(self) -> str:
        parts = [f"{self.at:5.1f}s {self.kind}", self.what]
        if self.kind in ("kill", "stop", "line"):
            parts.insert(1, f"worker {self.who}")
        if self.lasts:
            parts.append(f"for {self.lasts:.1f}s")
        return " ".join(filter(None, parts))


Recipe = Callable[[Random], dict[str, object]]
_LINES = ("cut", "refuse", "hole", "deaf")

_SAID: dict[Step, tuple[str, ...]] = {
    "banner": ("421 4.3.2 closing", "*** nonsense ***"),
    "ehlo": ("421 4.3.2 closing", "xx"),
    "mail": ("451 4.3.0 later", "421 4.3.2 closing", "250-never ending"),
    "rcpt": ("450 4.2.0 greylisted", "452 4.5.3 too many", "garbage"),
    "data": ("451 4.3.0 later", "999 what", "421 4.3.2 closing"),
}
"""Passing refusals and nonsense. What is refused for good is in `_FINAL`, and rare."""
_FINAL: tuple[Fault, ...] = (
    Fault("rcpt", reply="550 5.1.1 no such user", times=1),
    Fault("dot", reply="554 5.7.1 spam", times=1),
)


def draw_fault(random: Random) -> Fault:
    """A misbehaviour at any step of a hand-over. One that accepts a message never says that it did not."""
    step: Step = random.choice(["banner", "ehlo", "mail", "rcpt", "data", "body", "dot", "dot", "dot", "after-answer"])
    times = random.randint(1, 3)
    if step == "dot":
        accept = random.random() < 0.6
        return random.choice(
            [
                Fault("dot", then="drop", accept=accept, times=times),
                Fault("dot", then="reset", accept=accept, times=times),
                Fault("dot", then="hang", accept=accept, times=times),
                Fault("dot", reply="@@@ nonsense", accept=accept, times=times),
                Fault("dot", reply="421 4.3.2 closing", then="drop", accept=accept, times=times),
                Fault("dot", reply="451 4.3.0 later", times=times),
                Fault("dot", wait=0.4, times=times),  # slow, within the dot's own time
                Fault("dot", wait=2.0, accept=accept, then="drop", times=times),  # accepted after everybody has gone
                random.choice(_FINAL),
            ]
        )
    if step == "after-answer":
        return Fault("after-answer", then="drop", times=times)
    if step == "body" or random.random() < 0.4:
        return Fault(step, then=random.choice(["drop", "reset", "hang"]), times=times)
    return Fault(step, reply=random.choice(_SAID[step]), then=random.choice(["go on", "drop"]), times=times)


def _mail(random: Random) -> dict[str, object]:
    if random.random() < 0.15:
        return {"what": "refuses", "lasts": random.uniform(0.5, 1.5)}
    fault = draw_fault(random)
    said = f"says {str(fault.reply)[:3]}" if fault.reply else fault.then
    accepts = " having accepted" if fault.accept else ""
    return {"what": f"{said} at {fault.step} x{fault.times}{accepts}", "fault": fault}


def _slack(random: Random) -> dict[str, object]:
    what = random.choice(["429", "500", "slow", "no answer", "down"])
    return {"what": what, "lasts": random.uniform(0.5, 2.0) if what == "down" else 0.0}


def _clock(random: Random) -> dict[str, object]:
    hours = random.choice([1, -1])
    return {"what": f"{hours:+d} h", "hours": hours}


_DRAWN: dict[Kind, Recipe] = {
    "kill": lambda random: {},
    "stop": lambda random: {"lasts": random.choice([0.3, 1.0, 3.0, 6.0])},  # shorter and longer than each lease
    "crash": lambda random: {"lasts": random.uniform(0.1, 1.5)},
    "hang": lambda random: {"lasts": random.uniform(0.5, 3.0)},
    "line": lambda random: {
        "what": f"{random.choice(['database', 'mail'])} {random.choice(_LINES)}",
        "lasts": random.uniform(0.3, 2.0),
    },
    "lock": lambda random: {"lasts": random.choice([0.5, 3.0])},  # shorter and longer than the wait for a lock
    "full": lambda random: {"lasts": random.uniform(0.5, 1.5)},
    "mail": _mail,
    "slack": _slack,
    "clock": _clock,
}


def draw_schedule(seed: int, *, seconds: float, pause: float, workers: int, kinds: Sequence[Kind]) -> list[Act]:
    """Acts of these kinds, `pause` seconds apart on average; a kind that is listed twice comes twice as often."""
    random = Random(seed)
    acts: list[Act] = []
    at = 1.0
    while (at := at + random.expovariate(1 / pause)) < seconds:
        kind = random.choice(list(kinds))
        acts.append(Act(at=at, kind=kind, who=random.randrange(workers), **_DRAWN[kind](random)))  # type: ignore[arg-type]
    return acts
