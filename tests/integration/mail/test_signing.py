"""DKIM over the exact octets that leave, checked by somebody else's reading of the standard."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import dkim
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.mail import MaildirMailer, SmtpMailer
from connectors.mail.compose import compose
from connectors.mail.signing import SIGNED, DkimSigner, read_signer
from domain.errors import InvalidValue
from domain.mail import Mail, Mailbox
from domain.rules.sender_records import Verdict, judge_dkim
from tests.integration.mail.making import make_mail
from tests.integration.mail.test_smtp_peer import Keeper, keeper

__all__ = ["keeper"]

RECORD = "s1._domainkey.northwind.test"


def make_key(folder: Path, *options: str) -> Path:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("Keys are made with openssl, and there is none on this machine.")
    file = folder / "key.pem"
    subprocess.run([openssl, *options, "-out", str(file)], check=True, capture_output=True)
    return file


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> DkimSigner:
    options = ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    return read_signer(make_key(tmp_path_factory.mktemp("key"), *options), selector="s1")


def holds(octets: bytes, signer: DkimSigner) -> bool:
    """As a receiver sees it, who looks the key up where the signature says."""

    def published(name: bytes, timeout: float = 5) -> bytes | None:
        assert name.decode().rstrip(".") == RECORD
        return f"v=DKIM1; k=rsa; p={signer.public_key}".encode()

    return bool(dkim.verify(octets, dnsfunc=published))


def test_what_arrives_at_the_relay_is_signed(keeper: tuple[Keeper, str], signer: DkimSigner) -> None:
    handler, url = keeper
    mailer = SmtpMailer(url, timeout=5, dot_timeout=5, signer=signer)
    try:
        for mail in (make_mail(1), make_mail(2, text=".\n..\n. dots  and blanks \n\n\n", pay_link="", pay_label="")):
            mailer.send(mail)
    finally:
        mailer.close()
    for envelope in handler.envelopes:
        octets = envelope.original_content
        assert isinstance(octets, bytes)
        assert holds(octets, signer)
        assert not holds(octets.replace(b"INV", b"INW") if b"INV" in octets else octets + b"x\r\n", signer)


def test_what_is_filed_is_signed(tmp_path: Path, signer: DkimSigner) -> None:
    mailer = MaildirMailer(tmp_path, signer=signer)
    octets = (tmp_path / "new" / mailer.send(make_mail())).read_bytes()
    assert holds(octets, signer)


def test_the_same_mail_is_signed_the_same_and_only_the_signature_is_added(signer: DkimSigner) -> None:
    mail = make_mail()
    data = compose(mail)
    signed = signer.sign(data, mail)
    assert signed == signer.sign(data, mail)
    assert signed.endswith(data) and signed.startswith(b"DKIM-Signature: v=1; ")
    assert max(map(len, signed.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("name", sorted(set(SIGNED)))
def test_whoever_changes_a_signed_header_breaks_it(signer: DkimSigner, name: str) -> None:
    mail = make_mail(reply_to=Mailbox("ar@northwind.test"), unsubscribe=Mailbox("stop@northwind.test"))
    signed = signer.sign(compose(mail), mail)
    head, _, body = signed.partition(b"\r\n\r\n")
    own = head.index(b"\r\nFrom:")
    fields = head[own:].lower()
    at = own + fields.index(b"\r\n" + name.encode() + b":") + len(name) + 3
    assert not holds(head[:at] + b" x" + head[at:] + b"\r\n\r\n" + body, signer)


def test_a_second_sender_breaks_it(signer: DkimSigner) -> None:
    mail = make_mail()
    signed = signer.sign(compose(mail), mail)
    assert holds(signed, signer)
    assert not holds(b"From: <eve@elsewhere.example>\r\n" + signed, signer)
    assert not holds(signed.replace(b"\r\nTo:", b"\r\nFrom: <eve@elsewhere.example>\r\nTo:", 1), signer)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    subject=st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=120).filter(
        lambda subject: subject.strip() and "=?" not in subject
    ),
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t "), max_size=400),
)
def test_any_mail_that_can_be_composed_is_signed(signer: DkimSigner, subject: str, text: str) -> None:
    mail: Mail = make_mail(subject=subject, text=text + "\nx", pay_link="", pay_label="")
    assert holds(signer.sign(compose(mail), mail), signer)


def test_the_record_to_publish_is_the_key_that_signs(signer: DkimSigner) -> None:
    texts = [f"v=DKIM1; k=rsa; p={signer.public_key}"]
    found = judge_dkim(texts, domain="northwind.test", selector="s1", own_key=signer.public_key)
    assert found.verdict is Verdict.GOOD


def test_keys_of_the_older_form_and_with_other_line_ends(tmp_path: Path, signer: DkimSigner) -> None:
    new = make_key(tmp_path, "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    old = tmp_path / "old.pem"
    subprocess.run(
        ["openssl", "rsa", "-traditional", "-in", str(new), "-out", str(old)], check=True, capture_output=True
    )
    assert old.read_bytes().startswith(b"-----BEGIN RSA PRIVATE KEY-----")
    other = DkimSigner(old.read_bytes().replace(b"\n", b"\r\n"), selector="s1")
    mail = make_mail()
    assert holds(other.sign(compose(mail), mail), other)
    assert not holds(other.sign(compose(mail), mail), signer)


@pytest.mark.parametrize(
    ("pem", "said"),
    [
        (b"", "openssl genrsa"),
        (b"-----BEGIN X-----\nAAAA\n-----END X-----\n", "openssl genrsa"),
        (b"--\n%%%\n--", "openssl"),
    ],
)
def test_what_is_no_key_is_said_so_with_the_fix(pem: bytes, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        DkimSigner(pem, selector="s1")


def test_short_keys_missing_files_and_missing_selectors_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="shorter than 1024"):
        options = ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:512")
        read_signer(make_key(tmp_path, *options), selector="s1")
    with pytest.raises(InvalidValue, match="cannot be read"):
        read_signer(tmp_path / "nowhere.pem", selector="s1")
    with pytest.raises(InvalidValue, match="PLIXO_DKIM_SELECTOR"):
        read_signer(tmp_path / "key.pem", selector="")


def test_a_key_is_never_printed(signer: DkimSigner) -> None:
    assert repr(signer) == "DkimSigner(s1)"
