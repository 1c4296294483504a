"""Events of a mail provider: signed, read, and whatever else comes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail.events import MOST, read_events
from connectors.signatures import WINDOW, is_signed, signature_of
from domain.bounces import Bounce, Verdict
from domain.errors import InvalidValue
from tests.reports import PAYER

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
STAMP = str(int(AT.timestamp()))
SECRET = "0123456789abcdef"
NUDGE = "f" * 32
MAIL = {
    "messageId": "0102017f-ses-0000",
    "headers": [{"name": "From", "value": "x"}, {"name": "Message-ID", "value": f"<nudge.{NUDGE}@northwind.example>"}],
}


def event(kind: str = "Bounce", *, key: str = "eventType", mail: Any = MAIL, **more: Any) -> dict[str, Any]:
    return {key: kind, "mail": mail, **more}


def bounce(main: str = "Permanent", detail: str = "General", status: str = "5.1.1") -> dict[str, Any]:
    who = {"emailAddress": PAYER.upper(), "status": status, "diagnosticCode": "smtp; 550 5.1.1 nobody"}
    return {"bounce": {"bounceType": main, "bounceSubType": detail, "bouncedRecipients": [who]}}


def read(said: Any) -> list[Bounce]:
    return read_events(json.dumps(said).encode())


RETURNED = Bounce(
    NUDGE,
    Verdict.RETURNED,
    addresses=frozenset({PAYER}),
    is_bad_address=True,
    detail="5.1.1",
    domain="northwind.example",
)


def test_a_mail_that_came_back_in_each_of_the_forms() -> None:
    one = event(**bounce())
    assert read(one) == [RETURNED]
    assert read([one, one]) == [RETURNED, RETURNED]
    assert read(event(key="notificationType", **bounce())) == [RETURNED]
    assert read({"Type": "Notification", "Message": json.dumps(one)}) == [RETURNED]
    common = {"commonHeaders": {"messageId": f"<nudge.{NUDGE}@northwind.example>"}}
    assert read(event(mail=common, **bounce())) == [RETURNED]


@pytest.mark.parametrize(
    ("main", "detail", "status", "is_bad"),
    [
        ("Permanent", "General", "5.1.1", True),
        ("Permanent", "OnAccountSuppressionList", "", True),
        ("Permanent", "General", "5.7.1", False),
        ("Permanent", "NoEmail", "", False),
        ("Undetermined", "Undetermined", "", False),
        ("Transient", "MailboxFull", "5.1.1", False),
    ],
)
def test_what_is_the_address_s_fault(main: str, detail: str, status: str, is_bad: bool) -> None:
    (found,) = read(event(**bounce(main, detail, status)))
    assert (found.verdict, found.is_bad_address, found.detail) == (Verdict.RETURNED, is_bad, status)


def test_an_out_of_office_answer_and_a_delivery_are_no_news() -> None:
    assert read(event(**bounce("Transient", "General"))) == []
    assert read(event("Delivery", delivery={})) == []
    assert read(event(mail={"messageId": "somebody-elses"}, **bounce())) == []


@pytest.mark.parametrize(
    ("word", "detail"), [("abuse", "abuse"), (None, "abuse"), ("<b>", "abuse"), ("fraud", "fraud")]
)
def test_a_complaint(word: str | None, detail: str) -> None:
    (found,) = read(
        event("Complaint", complaint={"complaintFeedbackType": word, "complainedRecipients": [{"emailAddress": PAYER}]})
    )
    assert (found.verdict, found.detail, found.addresses) == (Verdict.COMPLAINED, detail, frozenset({PAYER}))


def test_who_takes_a_complaint_back_does_not_complain_and_no_recipient_is_one() -> None:
    assert read(event("Complaint", complaint={"complaintFeedbackType": "not-spam"})) == []
    assert len(read(event("Complaint", complaint={}))) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no JSON"),
        (b"\xff", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"7", "JSON object"),
        (b"[[]]", "JSON object"),
        (b'{"Message": "{"}', "inside the notification"),
        (json.dumps([{}] * (MOST + 1)).encode(), "100 are the most"),
    ],
)
def test_what_cannot_be_read_is_said_so(body: bytes, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        read_events(body)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=8,
)


@given(mail=anything, bounce=anything, complaint=anything, kind=st.sampled_from(["Bounce", "Complaint", "x"]))
def test_whatever_shape_it_has_it_is_read_or_passed_over(mail: Any, bounce: Any, complaint: Any, kind: str) -> None:
    for given_mail in (mail, MAIL):
        read({"eventType": kind, "mail": given_mail, "bounce": bounce, "complaint": complaint})


def signed(**changes: Any) -> bool:
    given_ = {"stamp": STAMP, "signature": signature_of(SECRET, STAMP, b"{}"), "body": b"{}", "at": AT} | changes
    return is_signed(SECRET, **given_)


def test_only_who_knows_the_secret_and_sends_it_now_is_heard() -> None:
    assert signed()
    edge = timedelta(seconds=WINDOW)
    assert signed(at=AT + edge) and signed(at=AT - edge)
    assert not signed(at=AT + edge + timedelta(seconds=1)) and not signed(at=AT - edge - timedelta(seconds=1))
    assert not signed(body=b"{} ")
    assert not signed(stamp=str(int(STAMP) + 1)), "the time is signed too"
    assert not signed(signature=signature_of("another secret!!", STAMP, b"{}"))
    for odd in ("", "v1=", "v1=" + "é" * 64, "v0=" + "0" * 64):
        assert not signed(signature=odd)
    for odd in ("", "now", "1" * 13, "-1", "١٢٣"):
        assert not signed(stamp=odd)
