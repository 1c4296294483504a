"""One SMTP connection that never waits longer than it was told and never mistakes one answer for another.

`smtplib` gives the verbs; reading and writing are ours, because smtplib's timeout starts again with every octet (a
server that sends one a minute holds it for ever), and because it takes whatever lies in the socket as the answer
to the command it sends next. Nothing raised here holds what the server said.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from functools import partial

Hold = Callable[[Callable[[], None]], None]
"""Takes the way to cut what a thread is waiting on."""

_REPLY_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_LONGEST_LINE = 8192
_LONGEST_REPLY = 65536
_CHUNK = 65536


class Lost(Exception):
    """The connection is of no more use. `kind`: timeout, disconnected, protocol, or the code of an unasked reply."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Wire(smtplib.SMTP):
    """A connected server. `patience` bounds one reply, `deadline` (monotonic seconds) everything."""

    def __init__(self, sock: socket.socket, host: str, *, local_hostname: str, patience: float) -> None:
        super().__init__(local_hostname=local_hostname)
        self.sock = sock
        self.host = host
        self.patience = patience
        self.deadline = time.monotonic() + patience
        self.messages = 0
        self.used_at = time.monotonic()
        self._received = b""

    # What smtplib calls underneath its verbs
    def send(self, s: object) -> None:
        """Hand octets to the kernel, all of them or Lost."""
        octets = memoryview(s.encode("ascii") if isinstance(s, str) else bytes(s))  # type: ignore[call-overload]
        try:
            for start in range(0, len(octets), _CHUNK):
                self._open_socket().sendall(octets[start : start + _CHUNK])
        except TimeoutError:
            raise self._lost("timeout") from None
        except OSError:
            raise self._lost("disconnected") from None

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command, after making sure that nothing is waiting that would pass for its answer."""
        early = self.early_reply()
        if early is not None:
            raise self._lost(str(early[0]) if early[0] == 421 else "protocol")
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        """The next whole reply. A line that is none loses the connection instead of giving code -1."""
        texts: list[bytes] = []
        size = 0
        while True:
            line = self._read_line()
            size += len(line)
            match = _REPLY_LINE.fullmatch(line)
            if match is None or size > _LONGEST_REPLY:
                raise self._lost("protocol")
            texts.append((match[3] or b"").strip())
            if match[2] != b"-":
                return int(match[1]), b"\n".join(texts)

    # What the mailer calls besides the verbs
    def early_reply(self) -> tuple[int, bytes] | None:
        """A reply nobody asked for (421 before closing, 552 in the middle of a body), None when all is quiet.

        Raises Lost when the server has closed: known before the next octet leaves, and not after it.
        """
        if not self._received and not self._poll():
            return None
        return self.getreply()

    def start_tls(self, context: ssl.SSLContext, *, by_command: bool) -> int:
        """Encrypt from here on. Returns 220, or the code with which the server refused STARTTLS."""
        if by_command:
            code = self.docmd("STARTTLS")[0]
            if code != 220:
                return code
            if self._received or self._poll():
                # Said in clear text and waiting to be taken for an encrypted answer.
                raise self._lost("protocol")
        try:
            self.sock = context.wrap_socket(self._open_socket(), server_hostname=self.host)
        except TimeoutError:
            raise self._lost("timeout") from None
        # What was said in clear text counts for nothing (RFC 3207).
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False
        return 220

    def part(self, patience: float) -> None:
        """QUIT, in `patience` seconds at the most, and whatever the server thinks of it."""
        self.patience = patience
        self.deadline = time.monotonic() + patience
        with contextlib.suppress(Lost):
            self.docmd("QUIT")
        self.close()

    def cut(self) -> None:
        """From another thread: whoever waits on this line finds it closed."""
        if self.sock is not None:
            cut(self.sock)

    def close(self) -> None:
        sock, self.sock = self.sock, None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.close()

    def _open_socket(self) -> socket.socket:
        """The socket, with the time left for the next operation set on it."""
        if self.sock is None:
            raise Lost("disconnected")
        left = min(self.patience, self.deadline - time.monotonic())
        if left <= 0:
            raise self._lost("timeout")
        self.sock.settimeout(left)
        return self.sock

    def _read_line(self) -> bytes:
        until = min(self.deadline, time.monotonic() + self.patience)
        while b"\n" not in self._received:
            if len(self._received) > _LONGEST_LINE:
                raise self._lost("protocol")
            left = until - time.monotonic()
            if left <= 0:
                raise self._lost("timeout")
            if self.sock is None:
                raise Lost("disconnected")
            self.sock.settimeout(left)
            try:
                octets = self.sock.recv(_CHUNK)
            except TimeoutError:
                raise self._lost("timeout") from None
            except OSError:
                raise self._lost("disconnected") from None
            if not octets:
                raise self._lost("disconnected")
            self._received += octets
        line, _, self._received = self._received.partition(b"\n")
        return line.removesuffix(b"\r")

    def _poll(self) -> bool:
        """Take in what has already arrived, without waiting. False when nothing has."""
        if self.sock is None:
            raise Lost("disconnected")
        self.sock.setblocking(False)
        try:
            octets = self.sock.recv(_CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            raise self._lost("disconnected") from None
        if not octets:
            raise self._lost("disconnected")
        self._received += octets
        return True

    def _lost(self, kind: str) -> Lost:
        self.close()
        return Lost(kind)


def cut(sock: socket.socket) -> None:
    """From another thread: whoever connects, waits or writes on this socket finds it closed."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def dial(host: str, port: int, *, until: float, hold: Hold) -> socket.socket:
    """Connect to the first address of `host` that answers before `until` (monotonic). Raises OSError.

    `hold` is told how to cut each socket that is tried.

    Looking the name up is the resolver's own time (resolv.conf: 5 s a try by default); Python cannot bound it.
    """
    last: OSError | None = None
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        left = until - time.monotonic()
        if left <= 0:
            break
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(left)
            hold(partial(cut, sock))
            sock.connect(address)
            # The final dot is a small packet after a large one: with Nagle's algorithm it waits some 40 ms.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            return sock
        except OSError as error:
            sock.close()
            last = error
    raise last or TimeoutError("no address answered in time")
