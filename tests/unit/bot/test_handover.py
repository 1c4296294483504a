"""Mails under way: several at once, each on its own time, and no answer lost."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from bot.handover import HandOver
from domain.errors import Rejected, Unavailable, Unknown
from domain.mail import Mail, Mailbox
from domain.rules.allowance import slot_of
from domain.usecases.cleared import Cleared
from storage.clock import elapsed
from tests.builders import make_message, make_rulebook, make_workspace
from tests.stage import AFTER

SOON = 5.0
"""Seconds in which what must come has come, on any machine."""


class Relay:
    """Answers each mail by its subject: at once, with an error, or when `gate` opens."""

    def __init__(self) -> None:
        self.gate = Event()
        self.is_cut = False
        self.begun: list[str] = []

    def send(self, mail: Mail) -> str:
        self.begun.append(mail.subject)
        match mail.subject:
            case "rejected":
                raise Rejected("no", code="554")
            case "broken":
                raise RuntimeError("a fault of ours, with paula@acme.example in it")
            case "slow":
                assert self.gate.wait(SOON)
                if self.is_cut:
                    raise Unknown("cut", code="disconnected")
        return "250 accepted"

    def check(self) -> None: ...

    def cut(self) -> None:
        self.is_cut = True
        self.gate.set()

    def close(self) -> None: ...


def cleared(subject: str) -> Cleared:
    us, them = Mailbox("receivables@example.com"), Mailbox("paula@acme.example")
    link = "https://pay.example/x"
    mail = Mail(f"{subject}@example.com", us, them, None, subject, "Dear customer", link, "Pay", date=AFTER)
    return Cleared(make_message(id=subject), mail, "INV-1", slot_of(AFTER, make_workspace(), make_rulebook()), AFTER)


def put(hand_over: HandOver, org_id: int, mails: list[Cleared]) -> None:
    hand_over.put(org_id, mails, start_by=elapsed() + SOON)


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
def hand_over(relay: Relay) -> Iterator[HandOver]:
    made = HandOver(relay, places=3, keep_for=60)
    yield made
    relay.gate.set()
    made.close()


def collected(hand_over: HandOver, count: int) -> dict[str, object]:
    """Answers by subject, until there are `count`."""
    found: dict[str, object] = {}
    while len(found) < count:
        answers = hand_over.collect(patience=SOON)
        assert answers, "an answer is missing"
        found |= {item.mail.subject: answer for each in answers.values() for item, answer in each}
    return found


def test_answers_come_back_by_organisation_and_give_their_places_back(hand_over: HandOver) -> None:
    put(hand_over, 1, [cleared("a"), cleared("b")])
    put(hand_over, 2, [cleared("rejected")])
    assert hand_over.free == 0
    answers: dict[int, list[str]] = {}
    while hand_over.under_way:
        for org_id, each in hand_over.collect(patience=SOON).items():
            answers.setdefault(org_id, []).extend(item.mail.subject for item, _ in each)
    assert {org_id: sorted(subjects) for org_id, subjects in answers.items()} == {1: ["a", "b"], 2: ["rejected"]}
    assert hand_over.free == 3


def test_a_slow_mail_holds_up_nobody_but_itself(hand_over: HandOver, relay: Relay) -> None:
    put(hand_over, 1, [cleared("slow"), cleared("a"), cleared("b")])
    assert set(collected(hand_over, 2)) == {"a", "b"}
    assert hand_over.free == 2
    put(hand_over, 1, [cleared("c")])
    assert set(collected(hand_over, 1)) == {"c"}
    relay.gate.set()
    assert collected(hand_over, 1) == {"slow": "250 accepted"}


def test_with_no_patience_it_takes_what_is_there(hand_over: HandOver) -> None:
    assert hand_over.collect(patience=0) == {}
    put(hand_over, 1, [cleared("slow")])
    assert hand_over.collect(patience=0) == {}
    assert hand_over.under_way == 1


def test_what_could_not_be_recorded_keeps_its_place_and_comes_again(hand_over: HandOver) -> None:
    put(hand_over, 1, [cleared("a")])
    [(org_id, answers)] = hand_over.collect(patience=SOON).items()
    hand_over.keep(org_id, answers)
    assert (hand_over.free, hand_over.awaited, hand_over.collect(patience=0)) == (2, 0, {})
    hand_over.offer_again()
    assert collected(hand_over, 1) == {"a": "250 accepted"}


def test_it_is_not_kept_longer_than_its_lease(relay: Relay) -> None:
    forgetful = HandOver(relay, places=1, keep_for=0)
    put(forgetful, 1, [cleared("a")])
    [(org_id, answers)] = forgetful.collect(patience=SOON).items()
    forgetful.keep(org_id, answers)
    assert forgetful.under_way == 0
    forgetful.close()


def test_a_fault_of_ours_is_unknown_and_gives_the_place_back(
    hand_over: HandOver, caplog: pytest.LogCaptureFixture
) -> None:
    put(hand_over, 1, [cleared("broken")])
    answer = collected(hand_over, 1)["broken"]
    assert isinstance(answer, Unknown)
    assert hand_over.free == 3
    assert "carrying failed" in caplog.text
    assert "acme" not in caplog.text, "the fault's own words may hold an address"


def test_cut_everything_says_how_far_it_got(hand_over: HandOver, relay: Relay) -> None:
    put(hand_over, 1, [cleared("slow")])
    while not relay.begun:
        assert not hand_over.collect(patience=0.01)
    hand_over.cut()
    assert isinstance(collected(hand_over, 1)["slow"], Unknown)


def test_a_worker_held_up_past_its_lease_sends_nothing(relay: Relay) -> None:
    late = HandOver(relay, places=1, keep_for=60)
    late.put(1, [cleared("a")], start_by=elapsed() - 1)
    answer = collected(late, 1)["a"]
    late.close()
    assert isinstance(answer, Unavailable)
    assert (answer.code, relay.begun) == ("late", [])
