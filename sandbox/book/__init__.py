"""A believable book of receivables for the demo and for tests, made from a seed and a day. Standard library only."""

from sandbox.book.make import make_book
from sandbox.book.model import (
    Account,
    Book,
    Channel,
    Colleague,
    Communication,
    Contact,
    Dispute,
    Invoice,
    Note,
    Payment,
    Promise,
    Step,
    Story,
    Suppression,
)
from sandbox.book.tables import write_csv
from sandbox.book.team import DEMO_CHANNELS, DEMO_PEOPLE

__all__ = [
    "DEMO_CHANNELS",
    "DEMO_PEOPLE",
    "Account",
    "Book",
    "Channel",
    "Colleague",
    "Communication",
    "Contact",
    "Dispute",
    "Invoice",
    "Note",
    "Payment",
    "Promise",
    "Step",
    "Story",
    "Suppression",
    "make_book",
    "write_csv",
]
