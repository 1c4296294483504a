"""Counts of things and of days, in words."""

from __future__ import annotations


def several(count: int, thing: str) -> str:
    """`1 mail`, `2 mails`, `1,200 mails`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def days_from(day: int, when: str) -> str:
    """`on the due date`, `1 day before the due date`, `3 days after the due date`."""
    if day == 0:
        return f"on {when}"
    return f"{several(abs(day), 'day')} {'after' if day > 0 else 'before'} {when}"
