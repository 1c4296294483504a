"""What a person may change in a draft: whatever they type, the tags that leave are those of the approved text."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.reasons import Reason
from domain.rules.templates import TAGS, Rendered, render
from domain.rules.wording import BODY_AT_MOST, leads_elsewhere, misworded, tidied
from domain.templates import Wording
from tests.builders import make_template

APPROVED = Wording(
    "Invoice {invoice_number}",
    "Dear {customer_name},\n\n{invoice_balance} was due on {due_date}: {pay_link}\n\n{sender_name}\n",
)
VALUES = {tag: f"<{tag}>" for tag in TAGS}
TAG = re.compile(r"\{(\w+)\}")

PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from([f"{{{tag}}}" for tag in TAGS]),
    st.sampled_from(["{", "}", "{{", "{unknown}", "{pay_link", "pay_link}", "{pay_link.x}"]),
    st.sampled_from(["http://x.y", "WWW.x", "\n", "\r\n", "\u2028"]),
)


@st.composite
def edits(draw: st.DrawFn) -> Wording:
    """The approved text, pieces of which were replaced, dropped, repeated, or put elsewhere."""

    def edited(text: str) -> str:
        parts = re.split(r"(\{\w+\}|\s+)", text)
        for _ in range(draw(st.integers(0, 4))):
            place = draw(st.integers(0, len(parts) - 1))
            parts[place : place + draw(st.integers(0, 1))] = [draw(PIECES)]
        return "".join(parts)

    return Wording(edited(APPROVED.subject), edited(APPROVED.body))


@given(edits())
def test_whatever_is_taken_leaves_with_the_tags_of_the_approved_text_all_of_them_filled(edit: Wording) -> None:
    wording = tidied(edit)
    assume(misworded(wording, APPROVED) is None)
    for text, meant in ((wording.subject, APPROVED.subject), (wording.body, APPROVED.body)):
        assert Counter(TAG.findall(text)) == Counter(TAG.findall(meant))
    mail = render(wording.over(make_template()), VALUES)
    assert isinstance(mail, Rendered)
    assert "{" not in mail.subject + mail.text
    assert "<pay_link>" in mail.text and "<pay_link>" not in mail.subject
    assert "\n" not in mail.subject


@given(edits())
def test_tidying_twice_changes_nothing_more(edit: Wording) -> None:
    assert tidied(tidied(edit)) == tidied(edit)


def test_other_prose_around_the_tags_in_another_order_is_taken() -> None:
    body = "{customer_name}: {pay_link} pays {invoice_balance}, due {due_date}.\r\n\r\n  Thanks,\r\n{sender_name}"
    assert misworded(tidied(Wording(" About\n{invoice_number} ", body)), APPROVED) is None


BODY = APPROVED.body


@pytest.mark.parametrize(
    ("subject", "body", "reason", "about", "in_subject"),
    [
        ("Your invoice", BODY, Reason.TAGS_CHANGED, "{invoice_number} is missing", True),
        ("{invoice_number} {pay_link}", BODY, Reason.TAGS_CHANGED, "{pay_link} is not in it", True),
        (APPROVED.subject, BODY.replace("{pay_link}", ""), Reason.TAGS_CHANGED, "{pay_link} is missing", False),
        (APPROVED.subject, BODY + "{days_past_due}", Reason.TAGS_CHANGED, "{days_past_due} is not in it", False),
        (APPROVED.subject, BODY + "{ pay_link }", Reason.TAGS_CHANGED, "{ pay_link } is not in it", False),
        (APPROVED.subject, BODY + "{pay_link}", Reason.TAGS_CHANGED, "{pay_link} belongs there once", False),
        (APPROVED.subject, BODY + " }", Reason.TAGS_CHANGED, "a lone }", False),
        (APPROVED.subject, BODY + " https://x.example/a", Reason.FOREIGN_LINK, "https://x.example/a", False),
        (APPROVED.subject, BODY + " Pay at x.example/iban.", Reason.FOREIGN_LINK, "x.example/iban", False),
        (
            APPROVED.subject,
            BODY.replace("{pay_link}", "x.example/?u={pay_link}"),
            Reason.FOREIGN_LINK,
            "x.example/?u={pay_link}",
            False,
        ),
        (APPROVED.subject, BODY + " or to eve@x.example", Reason.FOREIGN_LINK, "eve@x.example", False),
        ("{invoice_number} www.x.example", BODY, Reason.FOREIGN_LINK, "www.x.example", True),
        (" ", BODY, Reason.NO_LETTER, None, True),
        ("{invoice_number}" + "x" * 300, BODY, Reason.NO_LETTER, None, True),
        (APPROVED.subject, BODY + "x" * BODY_AT_MOST, Reason.NO_LETTER, None, False),
    ],
)
def test_what_is_wrong_is_named(subject: str, body: str, reason: Reason, about: str | None, in_subject: bool) -> None:
    found = misworded(tidied(Wording(subject, body)), APPROVED)
    assert found is not None
    assert (found.refusal.reason, found.refusal.subject, found.in_subject) == (reason, about, in_subject)


def test_an_address_that_was_approved_may_stay() -> None:
    approved = Wording(APPROVED.subject, BODY + "See www.northwind.example")
    for text in (
        "Visit WWW.northwind.example",
        "See www.northwind.example today.",
        "On 30.11. at 8.30, e.g. by phone, Inc.",
    ):
        assert misworded(tidied(Wording(APPROVED.subject, BODY + text)), approved) is None


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("See https://pay.example/l/1", True),
        ("paula@acme.example asked", True),
        ("jörg@müller.de asked", True),
        ("Ask @olga about 2 @ 1.50.", False),
        ("He called.She did, too: 24/7.", False),
        ("", False),
    ],
)
def test_links_and_addresses_are_not_for_a_channel(text: str, is_so: bool) -> None:
    assert leads_elsewhere(text) is is_so
