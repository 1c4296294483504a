"""Mail out by SMTP, knowing how far each message got.

SMTP has one gap in which nobody knows: between the final dot and its answer (RFC 1047). Before the dot a message
has certainly not been accepted, after its 250 it certainly has. `smtplib.sendmail` raises the same exception on
both sides of the gap, so every step is taken by itself here:

    before the dot    lost, hung, nonsense, 4xx -> Unavailable          5xx -> Rejected
    the dot's answer  2xx -> sent               4xx -> Unavailable      5xx -> Rejected
                      lost, hung, nonsense, 421 -> Unknown
    after its 2xx     nothing matters any more

Connecting, TLS and login fail as Unavailable whatever the code: they say something about the set-up, not about
this message. What the server writes is kept out of every exception, because servers repeat addresses.
"""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, get_ident

from connectors.mail.compose import compose
from connectors.mail.headers import is_field_name, wire_address
from connectors.mail.relay import PARTING, longest_send, read_smtp_url
from connectors.mail.replies import Phase, kept_answer, refuse, told
from connectors.mail.session import Door, SetUpFailed
from connectors.mail.signing import DkimSigner
from connectors.mail.wire import Lost, Wire
from domain.errors import InvalidValue, Rejected, Unavailable, Unknown
from domain.mail import Mail

_AT_LINE_START = re.compile(rb"(?m)^\.")
_HOSTNAME = re.compile(r"[A-Za-z0-9.\-]{1,253}|\[[A-Fa-f0-9.:IPv]{3,60}\]")


class _WentStale(Exception):
    """A kept connection was gone before its first answer for this message; nothing of it was said."""


class SmtpMailer:
    """A `Mailer`. May be used by many threads: each send borrows a connection nobody else is using.

    Connections are kept in a small stack instead of one per thread: there are never more than sends at one time, none
    outlives its thread unseen, and `close` reaches them all.

    `timeout` bounds one reply and half of everything before the dot, `dot_timeout` the wait for the dot's answer.
    RFC 5321 asks for 10 minutes there. The default is 2, because a worker thread and the row's `sending` lease
    are held all that time, relays answer within seconds, and giving up loses nothing: the message becomes
    Unknown and goes to a person. Raise it, with the lease, for a relay that scans slowly.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 30.0,
        dot_timeout: float = 120.0,
        idempotency_header: str | None = None,
        local_hostname: str | None = None,
        max_messages: int = 100,
        max_idle: float = 240.0,
        lang: str = "en",
        ssl_context: ssl.SSLContext | None = None,
        signer: DkimSigner | None = None,
        on_phase: Callable[[Phase], None] | None = None,
    ) -> None:
        """Connects to nothing yet. Raises InvalidValue with a sentence that names the fix.

        `signer`: signs what leaves; without one the relay does, or nobody.
        `idempotency_header`: for providers that de-duplicate over SMTP; it carries the Message-ID.
        `max_messages` per connection (relays cut long ones), `max_idle` seconds until a kept one is not trusted.
        """
        self._relay = read_smtp_url(url)
        if timeout <= 0 or dot_timeout <= 0 or max_messages < 1:
            raise InvalidValue("Mail timeouts are seconds above 0, and a connection carries at least 1 message.")
        if idempotency_header is not None and not is_field_name(idempotency_header):
            raise InvalidValue("The idempotency header must be a header name such as Resend-Idempotency-Key.")
        if local_hostname is not None and not _HOSTNAME.fullmatch(local_hostname):
            raise InvalidValue("The local host name must be a host name such as app.example.com.")
        self._door = Door(self._relay, timeout=timeout, local_hostname=local_hostname, ssl_context=ssl_context)
        self._timeout = timeout
        self._dot_timeout = dot_timeout
        self._idempotency_header = idempotency_header
        self._max_messages = max_messages
        self._max_idle = max_idle
        self._lang = lang
        self._signer = signer
        self._on_phase = on_phase
        self._lock = Lock()
        self._idle: list[Wire] = []
        self._is_closed = False
        self._is_cut = False
        self._cuts: dict[int, Callable[[], None]] = {}

    def __repr__(self) -> str:
        return f"SmtpMailer({self._relay.host}:{self._relay.port}, {self._relay.security})"

    @property
    def longest_send(self) -> float:
        """Seconds after which `send` has returned or raised, name lookup aside. A lease must be longer."""
        return longest_send(self._timeout, self._dot_timeout)

    @property
    def _parting(self) -> float:
        return min(self._timeout, PARTING)

    def send(self, mail: Mail) -> str:
        """Hand over; returns the server's answer without addresses. Raises Rejected, Unavailable or Unknown."""
        extra = [(self._idempotency_header, mail.message_id)] if self._idempotency_header else []
        data = compose(mail, extra_headers=extra, lang=self._lang)
        if self._signer is not None:
            data = self._signer.sign(data, mail)
        sender = wire_address("sender address", mail.sender)
        recipient = wire_address("recipient address", mail.to)
        with self._may_be_cut():
            return self._deliver(sender, recipient, data)

    def _deliver(self, sender: str, recipient: str, data: bytes) -> str:
        deadline = time.monotonic() + 2 * self._timeout
        wire = self._borrow()
        if wire is not None:
            self._hold(wire.cut)
            try:
                return self._transmit(wire, sender, recipient, data, deadline, was_kept=True)
            except _WentStale:
                # Closed while it was idle; its neighbours in the stack are as old, so a new one and only once.
                pass
        try:
            wire = self._connect(deadline)
        except SetUpFailed as failure:
            raise Unavailable(failure.reason, code=failure.code) from None
        return self._transmit(wire, sender, recipient, data, deadline, was_kept=False)

    def check(self) -> None:
        """Connect, greet, encrypt, log in, NOOP, on a connection of its own.

        Raises Rejected when only a change of settings helps (password, certificate, no STARTTLS), else Unavailable.
        """
        with self._may_be_cut():
            self._check()

    def _check(self) -> None:
        try:
            wire = self._connect(time.monotonic() + 2 * self._timeout)
            try:
                code = wire.noop()[0]
                if code != 250:
                    raise SetUpFailed(f"The mail server answered NOOP with {code}.", str(code), is_final=False)
            except Lost as lost:
                raise SetUpFailed(*told("NOOP", lost), is_final=False) from None
            finally:
                wire.part(self._parting)
        except SetUpFailed as failure:
            if failure.is_final:
                raise Rejected(failure.reason, code=failure.code) from None
            raise Unavailable(failure.reason, code=failure.code) from None

    def cut(self) -> None:
        """Shut the lines of all sends that are under way: before the dot they are Unavailable, after it Unknown."""
        with self._lock:
            self._is_closed = self._is_cut = True
            for each in self._cuts.values():
                each()

    def close(self) -> None:
        """QUIT on every kept connection; those in use close when their send is over."""
        with self._lock:
            self._is_closed = True
            wires, self._idle = self._idle, []
        for wire in wires:
            wire.part(self._parting)

    def _borrow(self) -> Wire | None:
        """The youngest kept connection, if it can be expected to live."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                wire = self._idle.pop()
            if time.monotonic() - wire.used_at <= self._max_idle:
                return wire
            wire.close()

    @contextmanager
    def _may_be_cut(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._lock:
                self._cuts.pop(get_ident(), None)

    def _hold(self, cut: Callable[[], None]) -> None:
        """The present thread waits on what `cut` cuts."""
        with self._lock:
            self._cuts[get_ident()] = cut
            if self._is_cut:
                cut()

    def _give_back(self, wire: Wire) -> None:
        wire.used_at = time.monotonic()
        with self._lock:
            is_kept = not self._is_closed and wire.messages < self._max_messages
            if is_kept:
                self._idle.append(wire)
        if not is_kept:
            wire.part(self._parting)

    def _connect(self, deadline: float) -> Wire:
        wire = self._door.open(deadline, hold=self._hold)
        self._reached(Phase.CONNECT)
        return wire

    def _transmit(
        self, wire: Wire, sender: str, recipient: str, data: bytes, deadline: float, *, was_kept: bool
    ) -> str:
        """One message on `wire`, which is kept only when it is in a known state afterwards."""
        is_reusable = False
        phase = Phase.MAIL
        wire.patience, wire.deadline = self._timeout, deadline
        try:
            size = f" SIZE={len(data)}" if wire.has_extn("size") else ""
            code, text = wire.docmd("MAIL", f"FROM:<{sender}>{size}")
            if code == 421 and was_kept:
                raise _WentStale
            if 200 <= code < 300:
                self._reached(phase)
                phase = Phase.RCPT
                code, text = wire.docmd("RCPT", f"TO:<{recipient}>")
                if 200 <= code < 300:
                    self._reached(phase)
                    phase = Phase.DATA
                    code, text = wire.docmd("DATA")
            if phase is not Phase.DATA or code != 354:
                is_reusable = code != 421 and code >= 400 and _is_reset(wire)
                refuse(phase, code, text)
            self._reached(phase)
            phase = Phase.CONTENT
            wire.send(_AT_LINE_START.sub(b"..", data))
            early = wire.early_reply()
            if early is not None:  # it gave up in the middle; without the dot there is no message
                refuse(phase, *early)
            self._reached(phase)
            phase = Phase.DOT
            wire.patience = self._dot_timeout
            wire.deadline = time.monotonic() + self._dot_timeout
            wire.send(b".\r\n")
            self._reached(phase)
            code, text = wire.getreply()
            if code == 421 or not (200 <= code < 300 or code >= 400):
                raise Unknown(f"The mail server answered the message with {code}.", code=str(code))
            is_reusable = True
            wire.messages += 1
            if code >= 400:
                refuse(phase, code, text)
            self._reached(Phase.ANSWER)
            return kept_answer(code, text)
        except Lost as lost:
            if phase is Phase.DOT:
                raise Unknown(told("the message", lost)[0], code=lost.kind) from None
            if phase is Phase.MAIL and was_kept:
                raise _WentStale from None
            raise Unavailable(told(phase, lost)[0], code=lost.kind) from None
        finally:
            if is_reusable:
                self._give_back(wire)
            else:
                wire.close()

    def _reached(self, phase: Phase) -> None:
        if self._on_phase is not None:
            self._on_phase(phase)


def _is_reset(wire: Wire) -> bool:
    try:
        return wire.rset()[0] == 250
    except Lost:
        return False
