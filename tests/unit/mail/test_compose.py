"""What a mail looks like on the wire, whatever a customer is called."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import HeaderParser
from email.utils import parseaddr
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.mail.compose import _fields, compose
from domain.errors import InvalidValue, Rejected
from domain.mail import Mailbox
from tests.integration.mail.making import LINK, TEXT, make_mail, part

NAMES = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "List-Id", "List-Unsubscribe", "MIME-Version", "Content-Type",
]  # fmt: skip

# Everything hypothesis can think of, with what hurts headers mixed in often.
awkward = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from('\r\n\t\0\x0b\x0c\x1c\x85\u2028\u2029\u202e\u2066\ufeff\xa0"\\<>@,:;()[]=?. _-ä€漢🧾\ud800'),
    ),
    max_size=120,
)
injections = st.sampled_from(
    [
        "x\r\nBcc: evil@evil.test",
        "x\nBcc: evil@evil.test",
        "x\rBcc: evil@evil.test",
        "=?utf-8?q?x=0ABcc:=20evil@evil.test?=",
        "=?utf-8?q?x=0D=0ABcc:=20evil@evil.test=0D=0A=0D=0Abody?=",
        "=?utf-8?b?eApCY2M6IGV2aWxAZXZpbC50ZXN0?=",
        "a =?us-ascii?q?b=0AX:c?= d",
        "x\u2028Bcc: evil@evil.test",
        "x\x85Bcc: evil@evil.test",
        '"><script>alert(1)</script>',
        'evil@evil.test>, "x" <other@evil.test',
        '(comment) \\" trailing\\',
        "=_264bd8ad9fa00dca965acaab9a1010ae",
    ]
)
# A loaded machine is no fault of a header: no deadlines.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
anything = st.one_of(awkward, injections)


def read(data: bytes) -> EmailMessage:
    """By the standard library's full parser, which `compose` does not use."""
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def mailbox_of(data: bytes, field: str) -> tuple[str, str]:
    """Name and address as RFC 2047 reads them; `policy.default` of 3.11 puts a space between encoded words."""
    raw = message_from_bytes(data, policy=policy.compat32)[field]
    name, address = parseaddr(raw.replace("\r\n", ""))
    return str(make_header(decode_header(name))), address


def names_of(message: Message) -> list[str]:
    return [name for name, _ in message.items()]


@unhurried
@given(sender=anything, recipient=anything, reply_to=anything, subject=anything, label=anything)
def test_any_names_and_subject_come_back_or_are_refused(
    sender: str, recipient: str, reply_to: str, subject: str, label: str
) -> None:
    mail = make_mail(
        sender=Mailbox("ann@northwind.test", sender),
        to=Mailbox("joerg@kunde.test", recipient),
        reply_to=Mailbox("ar@northwind.test", reply_to),
        subject=subject,
        pay_label=label,
    )
    try:
        data = compose(mail)
    except Rejected as error:
        assert error.code in ("bad-header", "bad-body")
        return
    message = read(data)
    assert names_of(message) == NAMES
    assert message["Subject"] == subject.strip()
    for field, name, address in [
        ("From", sender, "ann@northwind.test"),
        ("To", recipient, "joerg@kunde.test"),
        ("Reply-To", reply_to, "ar@northwind.test"),
    ]:
        assert mailbox_of(data, field) == (name.strip(), address)
        assert [box.addr_spec for box in message[field].addresses] == [address]
    assert part(data) == TEXT
    assert "<script>" not in part(data, "html")
    assert message.defects == []


@unhurried
@given(name=st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFFF, exclude_categories=("C", "Z")), min_size=1))
def test_ordinary_names_of_any_alphabet_are_not_refused(name: str) -> None:
    if "=?" not in name:
        data = compose(make_mail(to=Mailbox("joerg@kunde.test", name), subject=name))
        assert mailbox_of(data, "To") == (name, "joerg@kunde.test")
        assert read(data)["Subject"] == name
        head = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
        assert all(len(line) <= 78 for line in head if not line.startswith(b"List-Unsubscribe"))


@pytest.mark.parametrize(
    "name",
    [
        'Ann "Annie" O\'Neil, Jr. (A/R)',
        "back\\slash\\",
        "a@b.test <c@d.test>",
        "two  spaces",
        "Dr. No; Esq.",
        "x" * 200,
        "J",
    ],
)
def test_names_that_need_quoting_are_quoted_and_not_refused(name: str) -> None:
    data = compose(make_mail(to=Mailbox("joerg@kunde.test", name)))
    assert mailbox_of(data, "To") == (name, "joerg@kunde.test")


@unhurried
@given(before=anything, after=anything)
def test_any_text_comes_back_or_is_refused(before: str, after: str) -> None:
    text = f"{before}\n\n{LINK}\n\n{after}"
    try:
        data = compose(make_mail(text=text))
    except Rejected as error:
        assert error.code == "bad-body"
        return
    wanted = re.sub("\r\n?", "\n", text)
    assert part(data) == (wanted if wanted.endswith("\n") else wanted + "\n")
    assert names_of(read(data)) == NAMES
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    shown = Reader.of(part(data, "html"))
    assert shown.buttons == [("Pay 12,480.00 EUR", LINK)]
    assert shown.strangers == []


class Reader(HTMLParser):
    """What a mail program makes of the HTML: its links, and anything that is not ours."""

    OURS = frozenset("html head meta title style body div table tr td p br a".split())

    def __init__(self) -> None:
        super().__init__()
        self.strangers: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._href = ""

    @classmethod
    def of(cls, html: str) -> Reader:
        reader = cls()
        reader.feed(html)
        reader.close()
        return reader

    @property
    def buttons(self) -> list[tuple[str, str]]:
        return [(text, href) for text, href in self.links if text != href]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in self.OURS or any(name.startswith("on") or name == "src" for name in values):
            self.strangers.append(tag)
        if tag == "a":
            self._href = values.get("href") or ""

    def handle_data(self, data: str) -> None:
        if self._href:
            self.links.append((data, self._href))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._href = ""


@pytest.mark.parametrize(
    "bad", ["\r", "\n", "\r\n", "\0", "\t", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "=?"]
)
@pytest.mark.parametrize("place", ["subject", "sender", "to", "reply_to", "pay_label", "message_id", "unsubscribe"])
def test_what_a_header_may_not_hold_is_refused_everywhere(bad: str, place: str) -> None:
    text = f"secret{bad}x"
    value = {
        "subject": text,
        "pay_label": text,
        "message_id": f"{text}@x.test",
        "unsubscribe": Mailbox(f"{text}@x.test"),
    }.get(place, Mailbox("a@x.test", text))
    with pytest.raises(Rejected) as caught:
        compose(make_mail(**{place: value}))  # type: ignore[arg-type]
    assert caught.value.code == "bad-header"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("place", ["sender", "to", "reply_to", "unsubscribe"])
@pytest.mark.parametrize(
    "address",
    ["", "@", "a@", "@x.test", "a", "a@x.test,b@y.test", "a@x.test>\r\nRCPT TO:<b@y", "b@x,evil@y", "a b@x.test",
     "<a@x.test>", "A <a@x.test>", '"a b"@x.test', "a@[127.0.0.1]", "a..b@x.test", ".a@x.test", "a@x..test",
     "a@-x.test", "a@x_y.test", "a@x.test.", "a@b@x.test", "a" * 65 + "@x.test", "a@" + "x" * 64 + ".test",
     "a@" + "x." * 130 + "test", "a@\u2488com.test", "a@xn--ä.test", "a@x.test SIZE=1", "\udcffa@x.test"],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_refused(address: str, place: str) -> None:
    with pytest.raises(Rejected) as caught:
        compose(make_mail(**{place: Mailbox(address)}))  # type: ignore[arg-type]
    assert caught.value.bad_address
    assert caught.value.code in ("bad-address", "bad-header")
    assert address == "" or address not in str(caught.value) or len(address) < 3


def test_domains_of_any_alphabet_are_encoded_and_local_parts_are_not() -> None:
    data = compose(make_mail(to=Mailbox("joerg@Bücher.example", "J")))
    assert read(data)["To"].addresses[0].addr_spec == "joerg@xn--bcher-kva.example"
    with pytest.raises(Rejected) as caught:
        compose(make_mail(to=Mailbox("jörg@kunde.test")))
    assert (caught.value.code, caught.value.bad_address) == ("smtputf8", True)


def test_every_header_says_what_it_should() -> None:
    at = datetime(2025, 3, 26, 11, 30, tzinfo=timezone(timedelta(hours=2)))
    message = read(compose(make_mail(42, date=at), extra_headers=[("X-Key", "k" * 256)]))
    assert message["From"] == "Ann Becker <ann@northwind.test>"
    assert message["Date"].datetime == at
    assert message["Date"] == "Wed, 26 Mar 2025 11:30:00 +0200"
    assert message["Message-ID"] == "<nudge-42@northwind.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["List-Id"] == "<payment-reminders.northwind.test>"
    assert message["List-Unsubscribe"] == "<mailto:stop@northwind.test?subject=unsubscribe%20nudge-42@northwind.test>"
    assert message["X-Key"] == "k" * 256
    assert "Precedence" not in message
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_what_is_not_given_is_not_there() -> None:
    message = read(compose(make_mail(reply_to=None, unsubscribe=None)))
    assert [name for name in NAMES if name not in message] == ["Reply-To", "List-Unsubscribe"]


def test_the_same_mail_at_the_same_instant_is_the_same_octets() -> None:
    assert compose(make_mail()) == compose(make_mail())


def test_long_subjects_are_folded_and_unfold_to_themselves() -> None:
    for subject in ["word " * 40 + "end", "two  spaces  " * 12 + "x", "x" * 300, "wörd " * 60 + "end", "🧾" * 200]:
        data = compose(make_mail(subject=subject))
        assert read(data)["Subject"] == subject
    with pytest.raises(Rejected):
        compose(make_mail(subject="x" * 999))


@pytest.mark.parametrize(
    ("name", "value"),
    [("Bcc", "x@y.test"), ("subject", "x"), ("X:Y", "x"), ("X Y", "x"), ("", "x"), ("X-A\r\nB", "x"), ("X-A", "a\nb")],
)
def test_extra_headers_add_and_never_replace(name: str, value: str) -> None:
    with pytest.raises(Rejected) as caught:
        compose(make_mail(), extra_headers=[(name, value)])
    assert caught.value.code == "bad-header"


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "no link here"},
        {"text": f"{LINK}longer"},
        {"text": ""},
        {"text": f"{LINK}\n\0"},
        {"pay_link": "javascript:alert(1)", "text": "javascript:alert(1)"},
        {"pay_link": "https://a b", "text": "https://a b"},
        {"pay_link": "https://" + "a" * 2000, "text": "https://" + "a" * 2000},
        {"pay_label": " "},
    ],
    ids=lambda changes: " ".join(changes),
)
def test_bodies_that_are_not_right_are_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Rejected) as caught:
        compose(make_mail(**changes))  # type: ignore[arg-type]
    assert caught.value.code == "bad-body"


def test_a_naive_date_and_a_language_that_is_none_are_mistakes_of_ours() -> None:
    with pytest.raises(InvalidValue):
        compose(make_mail(date=datetime(2025, 3, 26)))  # noqa: DTZ001
    with pytest.raises(InvalidValue):
        compose(make_mail(), lang='en"><script>')


# the letter
def test_script_in_any_place_is_text() -> None:
    evil = "<script>alert('x')</script>"
    mail = make_mail(sender=Mailbox("a@x.test", evil), subject=evil, text=f"{evil}\n\n{LINK}\n\n{evil}", pay_label=evil)
    html = part(compose(mail), "html")
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;") == 6
    assert Reader.of(html).strangers == []


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        (f"Pay here:\n{LINK}\nThank you", [("Pay", LINK), (LINK, LINK)]),
        (f"Pay here: {LINK}.", [("Pay", LINK), (LINK, LINK)]),
        (f"Use {LINK} to pay by card.", [(LINK, LINK), ("Pay", LINK)]),
        (f"{LINK}\n\nAgain: {LINK}", [("Pay", LINK), (LINK, LINK), (LINK, LINK)]),
        (f"请点击{LINK}。", [("Pay", LINK), (LINK, LINK)]),
        (f"not {LINK}0 but\n\n{LINK}", [("Pay", LINK), (LINK, LINK)]),
    ],
)
def test_the_pay_link_is_one_button_and_stays_readable(text: str, shows: list[tuple[str, str]]) -> None:
    html = part(compose(make_mail(text=text, pay_label="Pay")), "html")
    assert Reader.of(html).links == shows


def test_words_around_the_link_stay() -> None:
    html = part(compose(make_mail(text=f"before\nlead: {LINK}\nafter & more")), "html")
    places = [
        html.index(words)
        for words in (
            "before<br>",
            "lead:",
            "Pay 12,480.00 EUR",
            LINK.replace("&", "&amp;") + "</a></p>",
            "after &amp; more",
        )
    ]
    assert places == sorted(places)


def test_a_mail_without_a_pay_link_has_no_button() -> None:
    assert Reader.of(part(compose(make_mail(text="hello", pay_link="", pay_label="")), "html")).links == []


def test_the_letter_loads_nothing_and_tells_its_language() -> None:
    html = part(compose(make_mail(), lang="pt-BR"), "html")
    assert html.startswith('<!doctype html>\n<html lang="pt-BR">')
    assert not re.search(r"<img|<link|<script|@import|url\(|src=|http-equiv", html)
    assert "prefers-color-scheme:dark" in html
    assert set(re.findall(r"https?://[^\"<\s]+", html)) == {LINK.replace("&", "&amp;")}


def test_dates_are_written_in_english_and_utc_is_an_offset() -> None:
    assert read(compose(make_mail(date=datetime(2025, 12, 1, tzinfo=UTC))))["Date"] == "Mon, 01 Dec 2025 00:00:00 +0000"


@unhurried
@given(st.lists(st.text("aB:-_ \t.=?é", max_size=12), min_size=1, max_size=6))
def test_reading_back_sees_what_the_standard_librarys_parser_sees(lines: list[str]) -> None:
    head = "\r\n".join(lines)
    try:
        fields = _fields(head)
    except Rejected:
        return
    seen = HeaderParser(policy=policy.compat32).parsestr(head)
    assert seen.defects == []
    assert [name for name, _ in fields] == seen.keys()
    assert [value.strip() for _, value in fields] == [str(value).replace("\r\n", "").strip() for value in seen.values()]


@pytest.mark.parametrize("head", ["", " a: b", "a", "a:b", ": b", "a: b\r\n\r\nc: d", "a: b\r\nBcc", "ä: b", "a b: c"])
def test_what_is_no_header_is_refused_when_it_is_read_back(head: str) -> None:
    with pytest.raises(Rejected):
        _fields(head)
