"""Mail URLs: what they mean, and what is said when they mean nothing."""

from __future__ import annotations

import pytest

from connectors.mail import SmtpMailer
from connectors.mail.relay import Security, read_smtp_url
from domain.errors import InvalidValue


@pytest.mark.parametrize(
    ("url", "host", "port", "security"),
    [
        ("smtp://u:p@mail.example.com", "mail.example.com", 587, Security.STARTTLS),
        ("smtp://u:p@mail.example.com:2525?starttls=1", "mail.example.com", 2525, Security.STARTTLS),
        ("smtps://u:p@mail.example.com", "mail.example.com", 465, Security.TLS),
        ("smtp://mail.example.com:25", "mail.example.com", 25, Security.STARTTLS),
        ("smtp://mail:25?starttls=0", "mail", 25, Security.CLEAR),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Security.CLEAR),
        ("smtp://localhost:1025/", "localhost", 1025, Security.CLEAR),
        ("smtp://[::1]:1025", "::1", 1025, Security.CLEAR),
        ("smtp://u:p@localhost", "localhost", 587, Security.STARTTLS),
        ("smtp://u:p@localhost?starttls=0", "localhost", 587, Security.CLEAR),
        ("smtps://bücher.example", "xn--bcher-kva.example", 465, Security.TLS),
    ],
)
def test_a_url_says_where_and_how(url: str, host: str, port: int, security: Security) -> None:
    relay = read_smtp_url(url)
    assert (relay.host, relay.port, relay.security) == (host, port, security)
    assert relay.is_verified


def test_user_and_password_are_decoded_and_hidden() -> None:
    relay = read_smtp_url("smtp://a%40b.example:p%2F%3A%40%25ss@mail.example.com")
    assert (relay.user, relay.password) == ("a@b.example", "p/:@%ss")
    assert "p/:@%ss" not in repr(relay)


def test_verify_0_is_for_this_machine_only() -> None:
    assert not read_smtp_url("smtp://127.0.0.1?starttls=1&verify=0").is_verified
    with pytest.raises(InvalidValue, match="verify=0"):
        read_smtp_url("smtps://mail.example.com?verify=0")
    with pytest.raises(InvalidValue, match="verify=0"):
        read_smtp_url("smtps://127.evil.example?verify=0")


@pytest.mark.parametrize(
    ("url", "fix"),
    [
        ("", "must begin with smtp://"),
        ("mail.example.com:587", "must begin with smtp://"),
        ("https://mail.example.com", "must begin with smtp://"),
        ("smtp://", "names no host"),
        ("smtp://u:hunter2@:587", "names no host"),
        ("smtp://u:hunter2@mail.example.com:port", "cannot be read"),
        ("smtp://u:hunter2@mail.example.com:99999", "cannot be read"),
        ("smtp://u:hunter2@mail.example.com:0", "use 587"),
        ("smtp://u:hunter2/x@mail.example.com", "cannot be read|%2F"),
        ("smtp://u:hunter2@mail.example.com/inbox", "%2F"),
        ("smtp://u:hunter2@mail.example.com#x", "%23"),
        ("smtp://u@mail.example.com", "both user and password"),
        ("smtp://:hunter2@mail.example.com", "both user and password"),
        ("smtp://u:hünter2@mail.example.com", "ASCII"),
        ("smtp://u:hunter2%0A@mail.example.com", "ASCII"),
        ("smtp://u:hunter2@mail.example.com?starttls=0", "clear text"),
        ("smtp://u:hunter2@mail.example.com?starttls=yes", "0 or 1"),
        ("smtp://u:hunter2@mail.example.com?tls=1", "knows starttls and verify"),
        ("smtp://u:hunter2@mail.example.com?starttls", "cannot be read"),
        ("smtps://u:hunter2@mail.example.com?starttls=1", "both smtps:// and starttls"),
        ("smtp://[::1", "cannot be read"),
    ],
)
def test_a_url_that_means_nothing_is_refused_with_the_fix_and_without_the_password(url: str, fix: str) -> None:
    with pytest.raises(InvalidValue, match=fix) as caught:
        read_smtp_url(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0},
        {"dot_timeout": -1},
        {"max_messages": 0},
        {"idempotency_header": "X: y"},
        {"local_hostname": "a b"},
        {"local_hostname": "a\r\nb"},
    ],
    ids=str,
)
def test_options_that_mean_nothing_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        SmtpMailer("smtp://127.0.0.1", **options)  # type: ignore[arg-type]
