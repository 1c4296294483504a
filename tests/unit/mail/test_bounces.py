"""Reports about mails of ours: read when they are reports, and harmless whatever they are."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail.bounces import LARGEST, read_bounces
from domain.bounces import Bounce, Verdict, nudge_id_of
from domain.messages import message_id
from tests.builders import make_message
from tests.reports import PAYER, make_complaint, make_return

NUDGE = "0123456789abcdef" * 2
OURS = message_id(make_message(id=NUDGE), domain="northwind.example")


def only(octets: bytes) -> Bounce:
    (bounce,) = read_bounces(octets)
    return bounce


def test_a_message_id_leads_back_to_its_nudge() -> None:
    assert nudge_id_of(OURS) == NUDGE
    assert nudge_id_of(f"nudge.{NUDGE.upper()}@northwind.example") is None
    assert nudge_id_of(f"x{OURS}") is None
    assert nudge_id_of("CAF+abc@mail.example") is None


def test_a_mail_that_was_returned() -> None:
    assert only(make_return(OURS)) == Bounce(
        NUDGE,
        Verdict.RETURNED,
        addresses=frozenset({PAYER}),
        is_bad_address=True,
        detail="5.1.1",
        domain="northwind.example",
    )


def test_a_complaint() -> None:
    assert only(make_complaint(OURS)) == Bounce(
        NUDGE, Verdict.COMPLAINED, addresses=frozenset({PAYER}), detail="abuse", domain="northwind.example"
    )


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus", "other", ""])
def test_feedback_that_is_no_complaint(kind: str) -> None:
    assert read_bounces(make_complaint(OURS, kind=kind)) == []


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_what_is_not_final_is_no_bounce(action: str) -> None:
    assert read_bounces(make_return(OURS, action=action, status="4.4.1")) == []


@pytest.mark.parametrize(
    ("status", "diagnostic", "is_bad", "detail"),
    [
        ("5.1.1", "smtp; 550 5.1.1 user unknown", True, "5.1.1"),
        ("5.1.2", "dns; no such domain", True, "5.1.2"),
        ("5.0.0", "smtp; 550 5.1.1 user unknown", True, "5.1.1"),
        ("5.1.1 (bad destination mailbox address)", "", True, "5.1.1"),
        ("5.2.1", "smtp;550 5.2.1 mailbox disabled", True, "5.2.1"),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", False, "5.2.2"),
        ("5.1.8", "smtp; 550 5.1.8 bad sender", False, "5.1.8"),
        ("5.7.1", "smtp; 550 5.7.1 blocked by policy", False, "5.7.1"),
        ("5.0.0", "smtp; 550 no thanks", False, "5.0.0"),
        ("5.4.1", "smtp; 550 5.4.1 access denied", False, "5.4.1"),
        ("4.4.7", "smtp; 421 given up after five days", False, "4.4.7"),
        ("", "", False, ""),
    ],
)
def test_only_a_code_about_the_address_is_about_the_address(
    status: str, diagnostic: str, is_bad: bool, detail: str
) -> None:
    bounce = only(make_return(OURS, status=status, diagnostic=diagnostic))
    assert (bounce.is_bad_address, bounce.detail) == (is_bad, detail)


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers"])
def test_the_returned_mail_may_be_its_headers_alone(returned: str) -> None:
    assert only(make_return(OURS, returned=returned)).nudge_id == NUDGE


def test_a_report_that_returns_nothing_is_matched_by_what_it_answers() -> None:
    unsaid = make_return("unknown@other.example", head=f"In-Reply-To: <{OURS}>\n")
    assert only(unsaid).nudge_id == NUDGE
    threaded = make_return("unknown@other.example", head=f"References: <a@b.example>\n <{OURS}>\n")
    assert only(threaded).nudge_id == NUDGE


def test_somebody_elses_mail_is_no_bounce_of_ours() -> None:
    assert read_bounces(make_return("20261124.1@other.example")) == []


def test_an_answer_is_no_bounce() -> None:
    assert read_bounces(f"Subject: Re: Invoice\nIn-Reply-To: <{OURS}>\n\nWe pay on Friday.\n".encode()) == []


def test_each_recipient_has_its_own_verdict() -> None:
    more = "\nFinal-Recipient: rfc822; other@acme.example\nAction: delivered\nStatus: 2.0.0\n"
    more += "\nFinal-Recipient: rfc822; third@acme.example\nAction: failed\nStatus: 5.1.1\n"
    first, second = read_bounces(make_return(OURS, more=more))
    assert (first.addresses, second.addresses) == (frozenset({PAYER}), frozenset({"third@acme.example"}))


def test_a_gateway_may_wrap_a_report_to_add_a_footer() -> None:
    inner = make_return(OURS).decode()
    wrapped = f'Content-Type: multipart/mixed; boundary="OUT"\r\n\r\n--OUT\r\n{inner}\r\n--OUT--\r\n'
    assert only(wrapped.encode()).nudge_id == NUDGE


def test_a_report_that_somebody_forwards_is_not_theirs_to_make() -> None:
    inner = make_return(OURS).decode()
    forwarded = (
        'Content-Type: multipart/mixed; boundary="OUT"\r\n\r\n--OUT\r\n'
        f"Content-Type: message/rfc822\r\n\r\n{inner}\r\n--OUT--\r\n"
    )
    assert read_bounces(forwarded.encode()) == []


@given(st.binary(max_size=2_000))
def test_any_octets_are_a_report_or_none(octets: bytes) -> None:
    assert read_bounces(octets) == []


@given(st.sampled_from([make_return(OURS), make_complaint(OURS)]), st.randoms(use_true_random=False))
def test_a_report_that_was_damaged_on_its_way_harms_nobody(octets: bytes, chance: Random) -> None:
    damaged = bytearray(octets)
    for _ in range(chance.randint(1, 30)):
        start = chance.randrange(len(damaged))
        match chance.randrange(4):
            case 0:
                damaged[start] = chance.randrange(256)
            case 1:
                del damaged[start : start + chance.randrange(40)]
            case 2:
                damaged[start:start] = damaged[start : start + chance.randrange(200)]
            case _:
                damaged[start:start] = chance.choice([b"\r\n\r\n", b"\0", b"=?utf-8?b?", b'"', b";", b"--A1", b"\xff"])
        if not damaged:
            break
    for bounce in read_bounces(bytes(damaged)):
        assert len(bounce.nudge_id) == 32
        assert bounce.detail.isascii()
        assert len(bounce.detail) <= 16


HOSTILE = {
    "multiparts without end": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(900)
    ),
    "mails without end": b"Content-Type: message/rfc822\n\n" * 3_000,
    "a parameter with a number of five thousand digits": b"Content-Type: multipart/report; boundary*"
    + b"1" * 5_000
    + b"=x\n\n",
    "quotes and semicolons": b'Content-Type: multipart/report; x="' + b";" * 200_000 + b"\n\n",
    "a charset that is none": b"Content-Type: multipart/report; boundary*=nope'en'%41\n\n--A\n",
    "headers without end": b"X: y\n" * 60_000,
    "one line": b"a" * 1_000_000,
    "octets that are no text": bytes(range(256)) * 500,
    "recipients without end": make_return(
        OURS, more="\nFinal-Recipient: rfc822; x@y.example\nAction: failed\n" * 5_000
    ),
}


@pytest.mark.parametrize("octets", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(30)
def test_what_is_made_to_harm_harms_nobody(octets: bytes) -> None:
    assert len(read_bounces(octets)) <= 50


def test_what_comes_after_the_report_may_be_of_any_size() -> None:
    assert len(make_return(OURS) + b"x" * LARGEST) > LARGEST
    assert only(make_return(OURS) + b"x" * LARGEST).nudge_id == NUDGE
