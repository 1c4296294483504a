"""Where mail is handed over: one URL, read once, refused with a sentence that names the fix.

smtp://user:password@mail.example.com:587?starttls=1     submission, STARTTLS
smtps://user:password@mail.example.com                    TLS from the first octet (465)
smtp://127.0.0.1:1025                                     a relay on this machine, clear text
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import idna

from domain.errors import InvalidValue


class Security(StrEnum):
    CLEAR = "clear"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server and how to talk to it. The password is in no repr."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    is_verified: bool = True
    """Whether its certificate is checked. Only a server on this machine may do without."""


def read_smtp_url(url: str) -> Relay:
    """Raises InvalidValue. The sentence never repeats the URL: it holds a password.

    STARTTLS, when the URL does not say, is required for a login and for every host but this machine. It is never
    merely tried: a connection that should be encrypted and is not is not used.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise InvalidValue(
            "The mail URL cannot be read: write it as smtp://user:password@host:587?starttls=1 and put "
            "%40 for @, %3A for : and %2F for / inside user and password."
        ) from None
    if parts.scheme not in ("smtp", "smtps"):
        raise InvalidValue("The mail URL must begin with smtp:// (587, STARTTLS) or smtps:// (465).")
    host = _host(parts)
    if parts.path not in ("", "/") or parts.fragment:
        raise InvalidValue(
            "The mail URL must end after the port: put %2F for / and %23 for # inside user and password."
        )
    if port == 0:
        raise InvalidValue("The mail URL has port 0: use 587 for smtp:// or 465 for smtps://.")
    if unknown := options.keys() - {"starttls", "verify"}:
        raise InvalidValue(f"The mail URL knows starttls and verify, not {len(unknown)} other option(s).")
    if any(value not in ("0", "1") for value in options.values()):
        raise InvalidValue("In the mail URL starttls and verify are 0 or 1, as in ?starttls=1.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise InvalidValue("The mail URL needs both user and password (user:password@host), or neither.")
    if not all(" " <= character <= "~" for character in user + password):
        raise InvalidValue("User and password of the mail URL must be printable ASCII: SMTP sends no other.")
    is_local = _is_this_machine(host)
    is_verified = options.get("verify") != "0"
    if not is_verified and not is_local:
        raise InvalidValue(
            "The mail URL has verify=0, which is only for a server on this machine: remove it, or have the server's "
            "certificate signed by an authority that this machine trusts."
        )
    return Relay(
        host=host,
        port=port or (465 if parts.scheme == "smtps" else 587),
        security=_security(parts.scheme, options.get("starttls"), has_login=bool(user), is_local=is_local),
        user=user,
        password=password,
        is_verified=is_verified,
    )


def _security(scheme: str, starttls: str | None, *, has_login: bool, is_local: bool) -> Security:
    if scheme == "smtps":
        if starttls is not None:
            raise InvalidValue("The mail URL has both smtps:// and starttls: drop starttls, or use smtp://.")
        return Security.TLS
    if starttls == "0":
        if has_login and not is_local:
            raise InvalidValue(
                "The mail URL would send the password in clear text: remove starttls=0, or use smtps://."
            )
        return Security.CLEAR
    if starttls == "1" or has_login or not is_local:
        return Security.STARTTLS
    return Security.CLEAR


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            host = ""
    if not host or any(not ("!" <= character <= "~") for character in host):
        raise InvalidValue("The mail URL names no host: write it as smtp://user:password@host:587?starttls=1.")
    return host


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or (host.startswith("127.") and host.replace(".", "").isdigit())


PARTING = 2.0
"""Seconds that saying goodbye to a server may take at the most."""


def longest_send(timeout: float, dot_timeout: float) -> float:
    """Seconds after which a hand-over has ended one way or the other, name lookup aside; a lease must be longer."""
    return 2 * timeout + dot_timeout + min(timeout, PARTING)
