"""What every part of App Home is drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.homing import MOST_COUNTED, Cut, Part
from domain.rules.access import may
from domain.rules.duty import DUTY_SETTERS
from domain.values import Capability, Person
from handlers import ids
from handlers.presenters.reader import Reader
from handlers.presenters.record import keeps_record, way_to_record
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, actions, header, section


@dataclass(frozen=True, slots=True)
class Frame:
    """`by_itself`: the part is looked at in a window, not on Home. Times of a line are told as of `at`."""

    viewer: Person
    reader: Reader
    signet: Signet
    at: datetime
    by_itself: bool = False

    def account(self, account_id: int, name: str) -> Button:
        """“Open”, beside a line about a customer. `name` arrives escaped."""
        value = self.signet.close(Kind.ACCOUNT, account_id, 0)
        return Button("Open", ids.ACCOUNT_OPEN, value, label=f"Open {name}")

    def record(self, account_id: int, name: str) -> Button:
        """The way to the account's record for those who keep it, beside a line that waits for them; else “Open”.

        In a window there is none: windows stand in a stack of three at most.
        """
        if self.by_itself or not keeps_record(self.viewer):
            return self.account(account_id, name)
        value = self.signet.close(Kind.ACCOUNT, account_id, 0)
        word = way_to_record(self.viewer)
        return Button(word, ids.RECORD_OPEN, value, label=f"{word}: {name}")

    def settling(self, report_id: int, account_id: int, name: str) -> Button:
        """The same for a report that waits; who does not record it but says who does hands it on."""
        if may(self.viewer, Capability.RECORD) or self.viewer.role not in DUTY_SETTERS:
            return self.record(account_id, name)
        return Button(
            "Hand to…", ids.DUTY_HAND, self.signet.close(Kind.REPORT, report_id, account_id), label=f"Hand over: {name}"
        )

    def listed(self, part: Part, title: str, cut: Cut[Any], lines: Sequence[Block], *, note: str = "") -> list[Block]:
        """A part that is a list: its title with the number, its lines, and the way to those that are left out.

        Nothing where nothing is, unless `note` says what that means.
        """
        if not lines and not note:
            return []
        count = f" ({counted(cut.total)})" if cut.total else ""
        blocks = [header(title + count), *lines] if lines else [header(title), section(note)]
        return blocks + self.more(part, cut)

    def more(self, part: Part, cut: Cut[Any]) -> list[Block]:
        if not cut.rest:
            return []
        start = cut.start + len(cut.items)
        rest = "many" if cut.total >= MOST_COUNTED else str(cut.rest)
        if self.by_itself:
            value = self.signet.close(Kind.PART, part.value, start)
            return [actions([Button(f"Next ({rest} more)", ids.HOME_NEXT, value)])]
        value = self.signet.close(Kind.PART, part.value, 0)
        return [section(f"and {rest} more", beside=Button("See all", ids.HOME_MORE, value))]


def counted(total: int) -> str:
    return f"over {MOST_COUNTED - 1}" if total >= MOST_COUNTED else str(total)
