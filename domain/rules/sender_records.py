"""SPF, DKIM and DMARC of the sending domain: what is published, what it means, and the record that mends it.

Large mailbox providers ask for all three from whoever writes to many. What each record must say: RFC 7208 (SPF),
RFC 6376 with RFC 8301 (DKIM and its key lengths), RFC 7489 (DMARC). Pure: the texts were looked up before.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

LOOKUPS_AT_MOST = 10
"""RFC 7208, 4.6.4: mechanisms that make a receiver ask again; beyond it SPF fails altogether."""
SHORT_KEY, GOOD_KEY = 1_024, 2_048
"""Bits of an RSA key: below the first receivers ignore it, below the second it is weak (RFC 8301)."""

Texts = Sequence[str] | None
"""TXT records of a name; empty: there are none. None: nobody could say."""


class Kind(StrEnum):
    SPF = "SPF"
    DKIM = "DKIM"
    DMARC = "DMARC"


class Verdict(StrEnum):
    GOOD = "good"
    WEAK = "weak"
    BAD = "bad"
    """Missing, or so that receivers take it as missing."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Record:
    """`said` what it means, `fix` what to do, `publish` the name and the text of the record to publish; each may be
    empty. `found` is the record as it stands. Not `is_answered`: no name server said anything.
    """

    kind: Kind
    verdict: Verdict
    name: str
    said: str
    fix: str = ""
    publish: tuple[str, str] | None = None
    found: str = ""
    is_answered: bool = True


_UNANSWERED = "The domain name system did not answer."
_TRY_LATER = "Ask again later; look at the network and the name servers when it stays so."


def _unanswered(kind: Kind, name: str) -> Record:
    return Record(kind, Verdict.UNKNOWN, name, _UNANSWERED, _TRY_LATER, is_answered=False)


def judge_records(
    look: Callable[[str], Texts], *, domain: str, selector: str, own_key: str = "", relay: str = ""
) -> tuple[Record, ...]:
    """All three. `look` gives the TXT records of a name; `own_key` is the public key (base64) that we sign with;
    `relay` the name that the mail relay wants to see included in SPF.
    """
    return (
        judge_spf(look(domain), domain=domain, relay=relay),
        judge_dkim(
            look(dkim_name(selector, domain)) if selector else (), domain=domain, selector=selector, own_key=own_key
        ),
        judge_dmarc(_dmarc_of(look, domain), domain=domain),
    )


def dkim_name(selector: str, domain: str) -> str:
    return f"{selector}._domainkey.{domain}"


def judge_spf(texts: Texts, *, domain: str, relay: str = "") -> Record:
    def record(verdict: Verdict, said: str, fix: str = "", publish: str = "") -> Record:
        wanted = (domain, publish) if publish else None
        return Record(Kind.SPF, verdict, domain, said, fix, wanted, found[0] if found else "")

    found = [] if texts is None else [text for text in texts if re.match(r"v=spf1(?:\s|$)", text, re.IGNORECASE)]
    if texts is None:
        return _unanswered(Kind.SPF, domain)
    fresh = f"v=spf1 include:{relay or 'NAME.OF.YOUR.RELAY'} ~all"
    if not found:
        return record(Verdict.BAD, "Nothing says which servers may send for the domain.", "Publish this.", fresh)
    if len(found) > 1:
        return record(
            Verdict.BAD,
            f"There are {len(found)} SPF records; receivers then take none.",
            "Make one of them, with all senders.",
        )
    terms = found[0].lower().split()[1:]
    if relay and f"include:{relay.lower()}" not in {term.lstrip("+") for term in terms}:
        first, _, rest = found[0].partition(" ")
        mended = f"{first} include:{relay} {rest}".strip()
        return record(Verdict.BAD, f"The relay's servers ({relay}) are not in it.", "Publish this instead.", mended)
    if sum(_asks_again(term) for term in terms) > LOOKUPS_AT_MOST:
        said = f"It makes receivers look up more than {LOOKUPS_AT_MOST} names; they give up and take it as failed."
        return record(Verdict.BAD, said, "Take out senders that are not in use any more.")
    ends = next((term for term in terms if term.lstrip("+-~?") == "all"), "")
    if ends in ("all", "+all"):
        said = "It lets the whole internet send for the domain."
        return record(
            Verdict.BAD, said, "Publish this instead.", re.sub(r"\+?all\b", "~all", found[0], flags=re.IGNORECASE)
        )
    if ends == "?all" or not (ends or any(term.startswith("redirect=") for term in terms)):
        said = "It names servers, but says nothing about all others."
        mended = re.sub(r"\s*\?all\b", "", found[0], flags=re.IGNORECASE) + " ~all"
        return record(Verdict.WEAK, said, "Publish this instead.", mended)
    return record(Verdict.GOOD, "It says which servers may send for the domain.")


def _asks_again(term: str) -> bool:
    return re.match(r"[+\-~?]?(?:include:|a$|a[:/]|mx$|mx[:/]|ptr|exists:)|redirect=", term) is not None


def judge_dkim(texts: Texts, *, domain: str, selector: str, own_key: str = "") -> Record:
    name = dkim_name(selector or "SELECTOR", domain)
    ours = (name, f"v=DKIM1; k=rsa; p={own_key}") if own_key else None

    def record(verdict: Verdict, said: str, fix: str = "", *, publish: bool = False) -> Record:
        return Record(Kind.DKIM, verdict, name, said, fix, ours if publish else None, found[0] if found else "")

    found = [] if texts is None else [text for text in texts if "p=" in text.replace(" ", "")]
    if not selector:
        said = "It is not known under which name the public key stands."
        return record(
            Verdict.UNKNOWN, said, "Set PLIXO_DKIM_SELECTOR to the selector that the relay signs with, or ours."
        )
    if texts is None:
        return _unanswered(Kind.DKIM, name)
    publish_it = "Publish this." if own_key else "Publish the record that the mail relay shows for this selector."
    if not found:
        return record(Verdict.BAD, "No public key is published, so no signature counts.", publish_it, publish=True)
    if len(found) > 1:
        return record(
            Verdict.BAD, "Several keys stand under one name; receivers take any, or none.", "Leave one of them."
        )
    tags = _tags(found[0])
    key = "".join(tags.get("p", "").split())
    if not key:
        return record(Verdict.BAD, "The key was taken back: its record is empty.", publish_it, publish=True)
    if own_key and key != own_key:
        return record(Verdict.BAD, "Another key is published than the one we sign with.", publish_it, publish=True)
    if tags.get("k", "rsa").lower() == "rsa":
        bits = _bits(key)
        if bits is None or bits < SHORT_KEY:
            said = "The key cannot be read." if bits is None else f"The key has {bits} bits; receivers ignore it."
            return record(Verdict.BAD, said, f"Make a key of {GOOD_KEY} bits and publish it.")
        if bits < GOOD_KEY:
            return record(Verdict.WEAK, f"The key has {bits} bits, which is short.", f"Make one of {GOOD_KEY} bits.")
    if "y" in tags.get("t", "").lower().split(":"):
        return record(Verdict.WEAK, "It is marked as a test, so receivers do not go by it.", "Take t=y out of it.")
    return record(Verdict.GOOD, "The public key is there; receivers can check our signature.")


def judge_dmarc(looked: tuple[str, Texts], *, domain: str) -> Record:
    name, texts = looked

    def record(verdict: Verdict, said: str, fix: str = "", publish: str = "") -> Record:
        wanted = (f"_dmarc.{domain}", publish) if publish else None
        return Record(Kind.DMARC, verdict, name, said, fix, wanted, found[0] if found else "")

    found = [] if texts is None else [text for text in texts if re.match(r"v\s*=\s*DMARC1\s*(?:;|$)", text)]
    if texts is None:
        return _unanswered(Kind.DMARC, name)
    begin = f"v=DMARC1; p=none; rua=mailto:dmarc@{domain}"
    if not found:
        said = "Nothing says what receivers do with forged mail. Large providers ask for such a record."
        return record(
            Verdict.BAD, said, "Publish this, read the reports for some weeks, then ask for p=quarantine.", begin
        )
    if len(found) > 1:
        return record(
            Verdict.BAD, f"There are {len(found)} DMARC records; receivers then take none.", "Leave one of them."
        )
    tags = _tags(found[0])
    wish = tags.get("sp" if name != f"_dmarc.{domain}" and "sp" in tags else "p", "").lower()
    if wish not in ("none", "quarantine", "reject"):
        return record(
            Verdict.BAD, "It does not say what to do (p=), so receivers ignore it.", "Publish this instead.", begin
        )
    if wish == "none":
        said = "It asks receivers to report forged mail and to deliver it all the same. That is how one begins."
        return record(Verdict.WEAK, said, "When the reports show only senders of yours, ask for p=quarantine.")
    if tags.get("pct", "100") != "100":
        return record(Verdict.WEAK, f"It holds for {tags['pct']} % of the mail only.", "Take pct= out of it.")
    done = "set aside" if wish == "quarantine" else "refused"
    return record(Verdict.GOOD, f"Mail that is neither signed nor sent by a server of the domain is {done}.")


def _dmarc_of(look: Callable[[str], Texts], domain: str) -> tuple[str, Texts]:
    """The domain's own record, else that of a domain above it, down to two labels."""
    labels = domain.split(".")
    for cut in range(max(1, len(labels) - 1)):
        name = "_dmarc." + ".".join(labels[cut:])
        texts = look(name)
        if texts is None or any(text.startswith("v=DMARC1") for text in texts):
            return name, texts
    return f"_dmarc.{domain}", ()


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


def _bits(key: str) -> int | None:
    """Of the modulus in an RSA public key (SubjectPublicKeyInfo or RSAPublicKey, DER in base64); None: it is none."""
    try:
        der = b64decode(key, validate=True)
    except (NotBase64, ValueError):
        return None
    # The modulus is by far the longest integer: a tag, a length, a leading zero.
    longest = 0
    for found in re.finditer(rb"\x02(?:\x81(.)|\x82(..)|([\x20-\x7f]))", der, re.DOTALL):
        length = int.from_bytes(found[1] or found[2] or found[3])
        number = der[found.end() : found.end() + length]
        if len(number) == length:
            longest = max(longest, int.from_bytes(number).bit_length())
    return longest or None
