"""An SMTP server that misbehaves on command, and remembers exactly which messages it accepted.

    with RogueSmtp() as server:
        server.play(Fault("rcpt", reply="450 4.2.0 greylisted"))        # every time, until `server.heal()`
        server.play(Fault("dot", accept=True, then="drop", times=1))    # accept, then drop instead of saying 250
        mailer = SmtpMailer(server.url, clock=clock)
        ...
        assert server.count("nudge-1@x.test") == 1

`play(fault)`    adds a fault; the first one that fits the step and has `times` left is played.
`heal()`         forgets all faults.            `refuse()` / `listen()`  close and reopen the port.
`accepted`       list of `Accepted(message_id, sender, recipient, data, headers)` in order; taken as one list per read.
`undecided`      messages that are here whole, and not yet accepted or refused.
`count(id)`      how often a Message-ID was accepted. `duplicates()`  Message-IDs accepted more than once.
`commands`       verbs received, all connections together (`"EHLO"`, ..., `"BODY"`, `"DOT"`).
`connections`    how many were accepted.        `drop_all()`  closes every open connection, as an idle timeout does.
`stop_reading()` makes a hang deaf: nothing is read any more, as a blocked server does.
`latency`        seconds before every reply, for benches.
`dedupe_header`  a header; a message whose value was seen is answered 250 and not accepted again, only `repeated`.

Steps: banner, ehlo, starttls, auth, noop, rset, mail, rcpt, data, body (after the first octets of the content), dot,
quit, and after-answer (250 has been sent; the step for accept-then-421).
What a fault can do, in this order: record the message (`accept`, dot only), send `reply` (with CRLF added), then
`then`: "go on", "drop" (FIN), "reset" (RST), "hang" (until the client or the server closes) or "drip" (one octet of the
reply every `pace` seconds, instead of sending it at once). `wait` seconds pass before anything of this.
With `reply=None` and `then="go on"` the step is answered as usual, only after `wait`.

Everything is a thread of this process; the server may be used from other processes through its port.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import socket
import ssl
import struct
import threading
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from types import TracebackType
from typing import Literal, Self

Step = Literal[
    "banner",
    "ehlo",
    "starttls",
    "auth",
    "noop",
    "rset",
    "mail",
    "rcpt",
    "data",
    "body",
    "dot",
    "after-answer",
    "quit",
]
Then = Literal["go on", "drop", "reset", "hang", "drip"]


@dataclass
class Fault:
    """One misbehaviour; see the module. `times=None` is for ever, `skip` lets the first ones pass."""

    step: Step
    reply: str | bytes | None = None
    then: Then = "go on"
    accept: bool = False
    wait: float = 0.0
    pace: float = 0.05
    times: int | None = None
    skip: int = 0


@dataclass(frozen=True)
class Accepted:
    message_id: str
    sender: str
    recipient: str
    data: bytes = field(repr=False)
    headers: Message = field(repr=False)
    is_encrypted: bool = False


class _Gone(Exception):
    """This connection is over."""


class RogueSmtp:
    """See the module. `tls`: a server context; with `implicit_tls` it is used from the first octet (smtps).

    `receive_buffer`: octets of the kernel's buffer on this side, small to make a sender wait for a deaf server.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        login: tuple[str, str] | None = None,
        auth_mechanisms: str = "PLAIN LOGIN",
        latency: float = 0.0,
        dedupe_header: str | None = None,
        host: str = "127.0.0.1",
        receive_buffer: int | None = None,
    ) -> None:
        self.tls = tls
        self.implicit_tls = implicit_tls
        self.login = login
        self.auth_mechanisms = auth_mechanisms
        self.latency = latency
        self.dedupe_header = dedupe_header
        self.host = host
        self.receive_buffer = receive_buffer
        self.port = 0
        self.commands: list[str] = []
        self.connections = 0
        self.repeated = 0
        self.undecided = 0
        self._accepted: list[Accepted] = []
        self._keys: set[str] = set()
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self.hanging = threading.Event()
        self._stopping = threading.Event()
        self._deaf = False
        self._listener: socket.socket | None = None
        self._acceptor: threading.Thread | None = None
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()

    # what a test says
    @property
    def url(self) -> str:
        """For a client on this machine; with the login when there is one."""
        scheme = "smtps" if self.implicit_tls else "smtp"
        login = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        option = "" if self.implicit_tls else f"?starttls={int(self.tls is not None)}"
        return f"{scheme}://{login}{self.host}:{self.port}{option}"

    def play(self, *faults: Fault) -> None:
        with self._lock:
            self._faults.extend(faults)

    def heal(self) -> None:
        with self._lock:
            self._faults.clear()

    def refuse(self) -> None:
        """Stop listening: connections are refused. Open ones stay. `listen()` opens the same port again."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        if self._acceptor is not None:
            self._acceptor.join(5)
            self._acceptor = None

    def listen(self) -> None:
        if self._listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self.receive_buffer is not None:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        listener.bind((self.host, self.port))
        listener.listen(128)
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._acceptor = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        self._acceptor.start()

    def drop_all(self) -> None:
        """Close every open connection without a word."""
        with self._lock:
            sockets = list(self._open)
        for sock in sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def stop_reading(self) -> None:
        """From the next hang on, do not even read: the client's octets stay in its own buffers."""
        self._deaf = True

    # what a test asks
    @property
    def accepted(self) -> list[Accepted]:
        with self._lock:
            return list(self._accepted)

    def count(self, message_id: str) -> int:
        return sum(1 for message in self.accepted if message.message_id == message_id)

    def duplicates(self) -> list[str]:
        counts = Counter(message.message_id for message in self.accepted)
        return [message_id for message_id, times in counts.items() if times > 1]

    # life
    def __enter__(self) -> Self:
        self.listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self._stopping.set()
        self.refuse()
        self.drop_all()
        for thread in self._threads:
            thread.join(5)

    def _accept(self, listener: socket.socket) -> None:
        while not self._stopping.is_set():
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self._open.add(sock)
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        talk = _Talk(self, sock)
        try:
            talk.run()
        except (_Gone, OSError):
            pass
        finally:
            with self._lock:
                self._open.discard(sock)
                self._open.discard(talk.sock)
            for one in (talk.sock, sock):
                with contextlib.suppress(OSError):
                    one.close()

    # for the conversation
    def _fault(self, step: Step) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.step != step or fault.times == 0:
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    def _fault_waits(self, step: Step) -> bool:
        with self._lock:
            return any(fault.step == step and fault.times != 0 for fault in self._faults)

    def _record(self, message: Accepted) -> None:
        key = message.headers.get(self.dedupe_header) if self.dedupe_header else None
        with self._lock:
            if key is not None:
                if key in self._keys:
                    self.repeated += 1
                    return
                self._keys.add(key)
            self._accepted.append(message)


class _Talk:
    """One connection."""

    def __init__(self, server: RogueSmtp, sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self.received = bytearray()
        self.sender = ""
        self.recipient = ""
        self.is_encrypted = False

    def run(self) -> None:
        if self.server.implicit_tls:
            self._encrypt()
        self._answer("banner", "220 rogue.test ESMTP")
        while True:
            line = self._line()
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            self.server.commands.append(verb)
            if verb == "EHLO":
                self._answer("ehlo", "\r\n".join(self._greeting()))
            elif verb == "STARTTLS":
                if self._answer("starttls", "220 2.0.0 go"):
                    self._encrypt()
            elif verb == "AUTH":
                self._authenticate(rest)
            elif verb == "MAIL":
                self.sender = self._path(rest)
                self._answer("mail", "250 2.1.0 ok")
            elif verb == "RCPT":
                self.recipient = self._path(rest)
                self._answer("rcpt", "250 2.1.5 ok")
            elif verb == "DATA":
                if self._answer("data", "354 go on"):
                    self._message()
            elif verb == "NOOP":
                self._answer("noop", "250 2.0.0 ok")
            elif verb == "RSET":
                self._answer("rset", "250 2.0.0 ok")
            elif verb == "QUIT":
                self._answer("quit", "221 2.0.0 bye")
                return
            else:
                self._send(b"500 5.5.2 what?\r\n")

    def _greeting(self) -> list[str]:
        words = ["rogue.test", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES"]
        if self.server.tls is not None and not self.is_encrypted:
            words.append("STARTTLS")
        if self.server.login is not None and (self.is_encrypted or self.server.tls is None):
            words.append(f"AUTH {self.server.auth_mechanisms}")
        return [f"250-{word}" for word in words[:-1]] + [f"250 {words[-1]}"]

    def _encrypt(self) -> None:
        assert self.server.tls is not None
        raw = self.sock
        self.sock = self.server.tls.wrap_socket(raw, server_side=True)
        self.is_encrypted = True
        with self.server._lock:
            self.server._open.discard(raw)
            self.server._open.add(self.sock)

    def _authenticate(self, rest: str) -> None:
        mechanism, _, first = rest.partition(" ")
        user, password = self.server.login or ("", "")
        if mechanism == "PLAIN":
            is_right = base64.b64decode(first) == f"\0{user}\0{password}".encode()
        elif mechanism == "LOGIN":
            given = base64.b64decode(first) if first else self._ask(b"User Name\0")
            is_right = given == user.encode() and self._ask(b"Password\0") == password.encode()
        else:
            digest = hmac.new(password.encode(), b"<1@rogue.test>", "md5").hexdigest()
            is_right = self._ask(b"<1@rogue.test>") == f"{user} {digest}".encode()
        self._answer("auth", "235 2.7.0 welcome" if is_right else "535 5.7.8 wrong")

    def _ask(self, challenge: bytes) -> bytes:
        self._send(b"334 " + base64.b64encode(challenge) + b"\r\n")
        return base64.b64decode(self._line())

    def _message(self) -> None:
        if self.server._fault_waits("body"):
            while len(self.received) < 64 and b"\r\n.\r\n" not in self.received:
                self._receive()
            self.server.commands.append("BODY")
            self._answer("body", None)
        searched = 0
        while self.received.find(b"\r\n.\r\n", searched) < 0:
            searched = max(0, len(self.received) - 4)
            self._receive()
        content, _, self.received = self.received.partition(b"\r\n.\r\n")
        self.server.commands.append("DOT")
        data = (b"\r\n" + bytes(content) + b"\r\n").replace(b"\r\n..", b"\r\n.")[2:]
        headers = message_from_bytes(data, policy=policy.compat32)
        message = Accepted(
            str(headers.get("Message-ID", "")).strip().strip("<>"),
            self.sender,
            self.recipient,
            data,
            headers,
            self.is_encrypted,
        )
        with self.server._lock:
            self.server.undecided += 1
        try:
            self._answer("dot", f"250 2.0.0 queued as {len(data):X}", message)
        finally:
            with self.server._lock:
                self.server.undecided -= 1
        self._answer("after-answer", None)

    def _answer(self, step: Step, usual: str | None, message: Accepted | None = None) -> bool:
        """Play the fault for `step`, or answer as usual. True when the conversation goes on as usual.

        A fault that says the usual code (and more) goes on as usual too: “220, and 250” at STARTTLS.
        """
        fault = self.server._fault(step)
        pause = self.server.latency if usual is not None else 0.0
        if fault is not None:
            pause += fault.wait
        if pause and self.server._stopping.wait(pause):
            raise _Gone
        if fault is None or (fault.reply is None and fault.then == "go on"):
            if message is not None:
                self.server._record(message)
            if usual is not None:
                self._send(usual.encode() + b"\r\n")
            return True
        if fault.accept and message is not None:
            self.server._record(message)
        reply = fault.reply if isinstance(fault.reply, bytes) else (fault.reply or usual or "").encode()
        octets = reply + b"\r\n"
        if fault.then == "drip":
            for octet in octets:
                self._send(bytes([octet]))
                if self.server._stopping.wait(fault.pace):
                    raise _Gone
        elif fault.reply is not None:
            self._send(octets)
        if fault.then == "reset":
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.sock.close()
        if fault.then == "hang":
            self.server.hanging.set()
            while not self.server._deaf:  # until the client leaves or the server stops
                self._receive()
            self.server._stopping.wait()
            raise _Gone
        if fault.then in ("drop", "reset"):
            raise _Gone
        return usual is not None and octets[:3] == usual.encode()[:3]

    def _path(self, argument: str) -> str:
        return argument.partition("<")[2].partition(">")[0]

    def _line(self) -> str:
        while b"\r\n" not in self.received:
            self._receive()
        line, _, self.received = self.received.partition(b"\r\n")
        return line.decode("utf-8", "replace")

    def _receive(self) -> None:
        octets = self.sock.recv(65536)
        if not octets:
            raise _Gone
        self.received += octets

    def _send(self, octets: bytes) -> None:
        self.sock.sendall(octets)
