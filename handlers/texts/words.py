"""How a sentence for a reason is written down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What is the case, and the way forward. `subject` stands in when nothing better is known.

    A sentence may name `{subject}`, `{at}`, `{day}` (the day of `at`), `{until}`, `{by}`, `{share}`, `{after}` (a
    span) and `{least}` (an amount). A part in `[brackets]` is left out when something it names is not known;
    `[this|that]` says that instead.
    """

    what: str
    forward: str
    subject: str = ""
