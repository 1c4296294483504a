"""What a person reads of a promise that payments decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.commitments import PromiseState
from domain.keeping import DecidedPromise, Kept
from domain.rules.keeping import NO_DAY, RATED_OVER_OF_ONE, kept_rate
from domain.values import Money
from handlers.announcements import render_decided_promise
from handlers.presenters.keeping import kept_against_target, kept_words
from handlers.presenters.reader import Reader
from handlers.seal import Seal
from tests.builders import make_account, make_person

AT = datetime(2026, 11, 26, 8, tzinfo=UTC)
READER = Reader.of(make_person(locale="en-GB"), zone="Europe/Berlin")
STORY = DecidedPromise(
    id=7,
    account=make_account(name="Acme & Sons <GmbH>"),
    invoices=("INV-1", "INV-2", "INV-3", "INV-4"),
    amount=Money(1_240_000, "EUR"),
    paid=Money(400_000, "EUR"),
    due_on=date(2026, 11, 23),
    state=PromiseState.PARTIALLY_KEPT,
    decided_at=AT,
    why="",
)


def said(story: DecidedPromise = STORY, *, in_channel: bool = False) -> str:
    person = make_person(locale="en-GB", slack_user_id="U01RITA")
    seal = Seal(b"s" * 32)
    _, blocks = render_decided_promise(story, person, seal=seal, at=AT, zone="Europe/Berlin", in_channel=in_channel)
    (button,) = blocks[1]["elements"]
    assert button["action_id"] == "account.open"
    return str(blocks[0]["text"]["text"])


def test_a_direct_message_says_all_of_it() -> None:
    assert said() == (
        "🟡 *Acme &amp; Sons &lt;GmbH&gt;: the promise was kept in part*\n"
        "€12,400.00 promised by Mon 23 Nov for INV-1, INV-2, INV-3 and 1 more.\n"
        "€4,000.00 arrived in time.\n"
        "The promise no longer holds its invoices; the card shows what can be nudged."
    )


def test_a_channel_reads_no_amount_and_no_invoice() -> None:
    words = said(in_channel=True)
    assert words.startswith("<@U01RITA> 🟡 *Acme")
    assert "INV" not in words and "€" not in words


@pytest.mark.parametrize(
    ("state", "why", "expected"),
    [
        (PromiseState.KEPT, "", "was kept*"),
        (PromiseState.BROKEN, "", "Nothing arrived by the end of the 2 business days after it."),
        (PromiseState.WITHDRAWN, NO_DAY, NO_DAY),
    ],
)
def test_each_end_has_its_words(state: PromiseState, why: str, expected: str) -> None:
    assert expected in said(replace(STORY, state=state, why=why))


def test_a_promise_that_named_nothing_can_still_be_spoken_of() -> None:
    words = said(replace(STORY, amount=None, paid=None, due_on=None, invoices=(), state=PromiseState.KEPT))
    assert "Payment promised, without a day." in words


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        ([], "Promises kept in 365 days: not enough data, 0 promises decided of the 3 it takes."),
        (
            [Kept(PromiseState.KEPT, "EUR", 1, 10, 10)],
            "Promises kept in 365 days: not enough data, 1 promise decided of the 3 it takes.",
        ),
        (
            [Kept(PromiseState.KEPT, "EUR", 5, 1_000, 1_000), Kept(PromiseState.BROKEN, "EUR", 1, 1_000, 0)],
            "Promises kept in 365 days: 83% (5 of 6) · of the money promised, 50% in EUR came in time",
        ),
        ([Kept(PromiseState.BROKEN, None, 3)], "Promises kept in 365 days: 0% (0 of 3)"),
    ],
)
def test_how_far_promises_are_kept(decided: list[Kept], expected: str) -> None:
    assert kept_words(kept_rate(decided), READER, over=RATED_OVER_OF_ONE) == expected


@pytest.mark.parametrize(("kept", "broken", "sign"), [(10, 0, "🟢"), (9, 1, "🟠"), (0, 3, "🟠")])
def test_beside_what_is_aimed_at(kept: int, broken: int, sign: str) -> None:
    decided = [Kept(PromiseState.KEPT, None, kept), Kept(PromiseState.BROKEN, None, broken)]
    words = kept_against_target(kept_rate(decided), READER)
    assert words.startswith(sign) and words.endswith("aim: more than 90%")
