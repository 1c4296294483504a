"""From a relay's URL to a connection that is greeted, encrypted and logged in."""

from __future__ import annotations

import smtplib
import socket
import ssl
import time

from connectors.mail.relay import Relay, Security
from connectors.mail.replies import told
from connectors.mail.wire import Hold, Lost, Wire, dial


class SetUpFailed(Exception):
    """No usable connection. `is_final`: the same would happen again until somebody changes something."""

    def __init__(self, reason: str, code: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.is_final = is_final


class Door:
    """Opens connections to one relay."""

    def __init__(
        self, relay: Relay, *, timeout: float, local_hostname: str | None, ssl_context: ssl.SSLContext | None
    ) -> None:
        self._relay = relay
        self._timeout = timeout
        self._local_hostname = local_hostname
        self._tls = ssl_context

    def open(self, deadline: float, *, hold: Hold) -> Wire:
        """A ready connection before `deadline` (monotonic seconds), `hold` told how to cut it. Raises SetUpFailed."""
        until = min(deadline, time.monotonic() + self._timeout)
        try:
            sock = dial(self._relay.host, self._relay.port, until=until, hold=hold)
        except socket.gaierror:
            raise SetUpFailed("The mail server's name cannot be looked up.", "dns", is_final=False) from None
        except TimeoutError:
            raise SetUpFailed("The mail server cannot be reached in time.", "timeout", is_final=False) from None
        except OSError:
            raise SetUpFailed("The mail server refuses the connection.", "connect", is_final=False) from None
        if self._local_hostname is None:
            # smtplib's own rule asks the resolver for every connection; the address we come from needs nobody.
            own = sock.getsockname()[0]
            self._local_hostname = f"[IPv6:{own}]" if ":" in own else f"[{own}]"
        wire = Wire(sock, self._relay.host, local_hostname=self._local_hostname, patience=self._timeout)
        wire.deadline = deadline
        hold(wire.cut)
        is_ready = False
        try:
            self._set_up(wire)
            is_ready = True
        finally:
            if not is_ready:
                wire.close()
        return wire

    def _set_up(self, wire: Wire) -> None:
        step = "the connection"
        try:
            if self._relay.security is Security.TLS:
                step = "TLS"
                wire.start_tls(self._context(), by_command=False)
            step = "the greeting"
            _expect(step, wire.getreply()[0], 220)
            step = "EHLO"
            _expect(step, wire.ehlo()[0], 250)
            if self._relay.security is Security.STARTTLS:
                step = "STARTTLS"
                if not wire.has_extn("starttls"):
                    raise SetUpFailed(
                        "The mail server offers no STARTTLS, and mail does not go out in clear text.",
                        "no-starttls",
                        is_final=True,
                    )
                _expect(step, wire.start_tls(self._context(), by_command=True), 220)
                step = "EHLO"
                _expect(step, wire.ehlo()[0], 250)
            if self._relay.user:
                step = "AUTH"
                _log_in(wire, self._relay)
        except ssl.SSLCertVerificationError:
            raise SetUpFailed(
                "The mail server's certificate is not valid for its name.", "certificate", is_final=True
            ) from None
        except OSError:  # what TLS itself raises; everything else on the wire arrives as Lost
            raise SetUpFailed("The mail server and we could not agree on TLS.", "tls", is_final=False) from None
        except Lost as lost:
            raise SetUpFailed(*told(step, lost), is_final=False) from None

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            context = ssl.create_default_context()
            if not self._relay.is_verified:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            self._tls = context
        return self._tls


def _expect(step: str, code: int, wanted: int) -> None:
    if code != wanted:
        raise SetUpFailed(f"The mail server answered {step} with {code}.", str(code), is_final=500 <= code < 600)


def _log_in(wire: Wire, relay: Relay) -> None:
    """One try with one mechanism: trying them all in turn is three wrong passwords at once for the server."""
    offered = set(wire.esmtp_features.get("auth", "").upper().split())
    wire.user, wire.password = relay.user, relay.password
    ways = {"PLAIN": "auth_plain", "LOGIN": "auth_login", "CRAM-MD5": "auth_cram_md5"}
    for name, method in ways.items():
        if name in offered:
            try:
                code = wire.auth(name, getattr(wire, method))[0]
            except smtplib.SMTPAuthenticationError as error:
                code = error.smtp_code
            except (smtplib.SMTPException, ValueError):
                raise Lost("protocol") from None
            _expect("AUTH", code, 235)
            return
    raise SetUpFailed(
        "The mail server offers no login that we know (PLAIN, LOGIN, CRAM-MD5).", "no-auth", is_final=True
    )
