"""SPF, DKIM and DMARC as they are found, what they mean, and the record that mends them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules.sender_records import (
    Kind,
    Texts,
    Verdict,
    judge_dkim,
    judge_dmarc,
    judge_records,
    judge_spf,
)

DOMAIN = "mail.example.com"
# Public keys of 2,048, 1,024 and 512 bits, made with openssl; nobody has the other half.
LONG = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuJ2SkuF1wemuYKPw/4IVlOjeeAWMIWiGn6MZYBDo5jIS5k"
    "k91JNOXyjyu02GqML/mJGXOdqKEbh7JbXY2yP+5d0u2p6HLhbnBSlOAN8MxYfpvkrhD+4co/irQKaeZdhUL935kFAj"
    "VUcgzjtcVYPi0ZBCquT8mOC3spAW6EZVPxQ8jHV9srL8DQ9M0Tztbj13Aw/fD82LczBeNTA+pRDU18ebnwz9amiX/C"
    "0GYsKfPyb+AnmfBFRNj9DrxwraarsqXtNs9pVT6FRbS2SNtc83Qmq7SBtzzkQ8aZ9RV8RGFaPEAAcIDzHqd/QYsJsY"
    "5MH7s9d4xln9p/Q3nKQlxhFMBwIDAQAB"
)
SHORT = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDR9bl1wdcr0Ocv2CUQNGh5VwVFGfkfBGyjAFv+OQkKWx1W94CZYZ"
    "zkQchyqf3QCyVD2WHZjloMmV9/jR+bMPpjeiIOsTPgvDCvDR+AoNsyt1hTqL34QYOqakIGg23rk8gSnXNMx7sVx7EG"
    "1pvDi3M4JaOyU5jRFaIpHuQEbiHKnQIDAQAB"
)
TINY = (
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANj2iI0DKmwrpPwg5gBSrH4Ij7EFzhe1ZB6uMQyDbx24pLIycWTgtq/P38"
    "4p1WGXpMNMW+6v/pT7PJLw8Ew/8n8CAwEAAQ=="
)


@pytest.mark.parametrize(
    ("texts", "verdict", "said", "publish"),
    [
        (None, Verdict.UNKNOWN, "did not answer", None),
        ([], Verdict.BAD, "Nothing says", "v=spf1 include:NAME.OF.YOUR.RELAY ~all"),
        (["google-site-verification=1"], Verdict.BAD, "Nothing says", "v=spf1 include:NAME.OF.YOUR.RELAY ~all"),
        (["v=spf1 ~all", "v=spf1 -all"], Verdict.BAD, "2 SPF records", None),
        (["v=spf1 mx -all"], Verdict.GOOD, "It says which servers", None),
        (["V=SPF1 MX ~ALL"], Verdict.GOOD, "It says which servers", None),
        (["v=spf1 redirect=_spf.example.com"], Verdict.GOOD, "It says which servers", None),
        (["v=spf1 mx +all"], Verdict.BAD, "whole internet", "v=spf1 mx ~all"),
        (["v=spf1 mx all"], Verdict.BAD, "whole internet", "v=spf1 mx ~all"),
        (["v=spf1 mx ?all"], Verdict.WEAK, "nothing about all others", "v=spf1 mx ~all"),
        (["v=spf1 mx"], Verdict.WEAK, "nothing about all others", "v=spf1 mx ~all"),
        (["v=spf1 " + "include:a.example " * 11 + "~all"], Verdict.BAD, "more than 10 names", None),
        (["v=spf1 " + "include:a.example " * 10 + "ip4:192.0.2.1 ~all"], Verdict.GOOD, "It says", None),
    ],
)
def test_spf(texts: Texts, verdict: Verdict, said: str, publish: str | None) -> None:
    found = judge_spf(texts, domain=DOMAIN)
    assert (found.kind, found.verdict, said in found.said) == (Kind.SPF, verdict, True), found
    assert found.publish == (None if publish is None else (DOMAIN, publish))


def test_spf_without_the_relay_is_mended_by_adding_it() -> None:
    found = judge_spf(["v=spf1 mx ~all"], domain=DOMAIN, relay="amazonses.com")
    assert (found.verdict, found.publish) == (Verdict.BAD, (DOMAIN, "v=spf1 include:amazonses.com mx ~all"))
    assert (
        judge_spf(["v=spf1 include:AmazonSES.com ~all"], domain=DOMAIN, relay="amazonses.com").verdict is Verdict.GOOD
    )


@pytest.mark.parametrize(
    ("texts", "verdict", "said"),
    [
        (None, Verdict.UNKNOWN, "did not answer"),
        ([], Verdict.BAD, "No public key"),
        (["hello"], Verdict.BAD, "No public key"),
        ([f"v=DKIM1; k=rsa; p={LONG}"], Verdict.GOOD, "is there"),
        ([f"k=rsa; p={LONG[:100]} {LONG[100:]}"], Verdict.GOOD, "is there"),
        (["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="], Verdict.GOOD, "is there"),
        ([f"v=DKIM1; p={SHORT}"], Verdict.WEAK, "1024 bits"),
        ([f"v=DKIM1; p={TINY}"], Verdict.BAD, "512 bits"),
        (["v=DKIM1; p=%%%"], Verdict.BAD, "cannot be read"),
        (["v=DKIM1; p=AAAA"], Verdict.BAD, "cannot be read"),
        (["v=DKIM1; p="], Verdict.BAD, "taken back"),
        ([f"v=DKIM1; t=y:s; p={LONG}"], Verdict.WEAK, "a test"),
        ([f"v=DKIM1; p={LONG}", f"v=DKIM1; p={SHORT}"], Verdict.BAD, "Several keys"),
    ],
)
def test_dkim(texts: Texts, verdict: Verdict, said: str) -> None:
    found = judge_dkim(texts, domain=DOMAIN, selector="s1")
    assert (found.kind, found.verdict, said in found.said) == (Kind.DKIM, verdict, True), found
    assert found.name == "s1._domainkey.mail.example.com"


def test_our_own_key_has_to_be_the_published_one() -> None:
    name = "s1._domainkey.mail.example.com"
    for texts in ([], [f"v=DKIM1; p={SHORT}"], ["p="]):
        found = judge_dkim(texts, domain=DOMAIN, selector="s1", own_key=LONG)
        assert (found.verdict, found.publish) == (Verdict.BAD, (name, f"v=DKIM1; k=rsa; p={LONG}"))
    assert judge_dkim([f"p={LONG}"], domain=DOMAIN, selector="s1", own_key=LONG).verdict is Verdict.GOOD


def test_without_a_selector_nobody_knows_where_the_key_stands() -> None:
    found = judge_dkim([], domain=DOMAIN, selector="")
    assert (found.verdict, "PLIXO_DKIM_SELECTOR" in found.fix) == (Verdict.UNKNOWN, True)


@pytest.mark.parametrize(
    ("texts", "verdict", "said"),
    [
        (None, Verdict.UNKNOWN, "did not answer"),
        ([], Verdict.BAD, "Nothing says"),
        (["v=DMARC1; p=reject"], Verdict.GOOD, "is refused"),
        (["v=DMARC1;p=quarantine; rua=mailto:a@b.example"], Verdict.GOOD, "is set aside"),
        (["v=DMARC1; p=none"], Verdict.WEAK, "how one begins"),
        (["v=DMARC1; p=reject; pct=20"], Verdict.WEAK, "20 %"),
        (["v=DMARC1; rua=mailto:a@b.example"], Verdict.BAD, "ignore it"),
        (["v=DMARC1; p=reject", "v=DMARC1; p=none"], Verdict.BAD, "2 DMARC records"),
    ],
)
def test_dmarc(texts: Texts, verdict: Verdict, said: str) -> None:
    found = judge_dmarc((f"_dmarc.{DOMAIN}", texts), domain=DOMAIN)
    assert (found.kind, found.verdict, said in found.said) == (Kind.DMARC, verdict, True), found


def test_the_record_of_a_domain_above_counts_with_what_it_says_of_those_below() -> None:
    above = {"_dmarc.example.com": ["v=DMARC1; p=reject; sp=none"]}
    dmarc = judge_records(lambda name: above.get(name, []), domain=DOMAIN, selector="s1")[2]
    assert (dmarc.name, dmarc.verdict) == ("_dmarc.example.com", Verdict.WEAK)
    asked: list[str] = []

    def nothing(name: str) -> Texts:
        asked.append(name)
        return []

    spf, dkim, dmarc = judge_records(nothing, domain=DOMAIN, selector="")
    assert [one.verdict for one in (spf, dkim, dmarc)] == [Verdict.BAD, Verdict.UNKNOWN, Verdict.BAD]
    assert asked == [DOMAIN, f"_dmarc.{DOMAIN}", "_dmarc.example.com"], "neither a selector nor com is guessed"


@given(texts=st.none() | st.lists(st.text(max_size=200) | st.text(alphabet="v=spf1DKIMARC;p all+-~?:k", max_size=80)))
def test_whatever_stands_there_is_judged(texts: list[str] | None) -> None:
    """A bad record always comes with what to do."""
    for found in judge_records(lambda _: texts, domain=DOMAIN, selector="s1"):
        assert found.said
        assert found.verdict is Verdict.GOOD or found.fix
