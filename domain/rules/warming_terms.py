"""The policy's section about warm-up: how its tree is read and written."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from domain.rules.written import read_ramp, write_ramp
from domain.warming import Limits, WarmUp

NEVER = "never"


class Fields(Protocol):
    """The named values of the section; each may be left out, and then the default counts."""

    def several(self, name: str) -> tuple[str, ...]: ...
    def text(self, name: str, *, otherwise: str | None = None) -> str: ...
    def whole(self, name: str, least: int, most: int = ...) -> int: ...
    def amount(self, name: str) -> Decimal | None: ...
    def end(self) -> None: ...


def read_warm_up(fields: Fields) -> WarmUp:
    """Raises InvalidValue, and whatever the fields raise."""
    known = WarmUp()
    doubles, ramp = fields.text("doubles_every", otherwise=""), fields.several("ramp")
    read = WarmUp(
        ramp=read_ramp(ramp) if ramp else known.ramp,
        doubles_every=None if doubles == NEVER else _whole(fields, "doubles_every", known.doubles_every or 0),
        used_percent=_whole(fields, "used_percent", known.used_percent),
        limits=Limits(**{name: _percent(fields, name) for name in _LIMITS}),
    )
    fields.end()
    return read


def write_warm_up(warm_up: WarmUp) -> dict[str, object]:
    """The tree that reads as this."""
    limits = {name: f"{getattr(warm_up.limits, name):f}" for name in _LIMITS}
    return {
        "ramp": write_ramp(warm_up.ramp),
        "doubles_every": warm_up.doubles_every or NEVER,
        "used_percent": warm_up.used_percent,
        **limits,
    }


_LIMITS: Sequence[str] = ("hold_bounced", "stop_bounced", "hold_complained", "stop_complained")


def _whole(fields: Fields, name: str, otherwise: int) -> int:
    return fields.whole(name, 1, 100) if fields.text(name, otherwise="") else otherwise


def _percent(fields: Fields, name: str) -> Decimal:
    given = fields.amount(name)
    known: Decimal = getattr(Limits(), name)
    return known if given is None else given
