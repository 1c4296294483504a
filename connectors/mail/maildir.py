"""Mail out into a Maildir: for trying things out, for machines without a relay, and for tests that count.

One file per message, written in `tmp`, on the disk before it is renamed into `new`, so that a reader sees a whole
message or none. The name carries the Message-ID; a message sent twice is two files.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import socket
import threading
import time
from hashlib import sha256
from itertools import count
from pathlib import Path

from connectors.mail.compose import compose
from connectors.mail.signing import DkimSigner
from domain.errors import Unavailable, Unknown
from domain.mail import Mail

_UNSAFE = re.compile(r"[^A-Za-z0-9._@+=-]")
_LONGEST_ID = 120
_CODES = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EFBIG: "disk-full",
    errno.EACCES: "permission",
    errno.EPERM: "permission",
    errno.EROFS: "read-only",
    errno.ENOTDIR: "not-a-folder",
    errno.EEXIST: "not-a-folder",
}


def name_part(message_id: str) -> str:
    """How the Message-ID stands in a file name: itself when it can, else cleaned and with a digest of the whole."""
    safe = _UNSAFE.sub("_", message_id)[:_LONGEST_ID]
    return safe if safe == message_id else f"{safe}-{sha256(message_id.encode()).hexdigest()[:12]}"


class MaildirMailer:
    """A `Mailer` into the folder `path`, which is made when it is first needed. Safe for threads and processes.

    Files are readable by their owner only: they hold addresses and pay links.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        idempotency_header: str | None = None,
        lang: str = "en",
        signer: DkimSigner | None = None,
    ) -> None:
        self._path = Path(path)
        self._idempotency_header = idempotency_header
        self._lang = lang
        self._signer = signer
        self._count = count()
        # "/" and ":" mean something in a Maildir; a dot would pass for the end of our part.
        self._host = re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname()) or "localhost"

    def __repr__(self) -> str:
        return f"MaildirMailer({str(self._path)!r})"

    def send(self, mail: Mail) -> str:
        """Returns the file's name in `new`. Raises Rejected (cannot be composed), Unavailable (disk) or Unknown."""
        extra = [(self._idempotency_header, mail.message_id)] if self._idempotency_header else []
        data = compose(mail, extra_headers=extra, lang=self._lang)
        if self._signer is not None:
            data = self._signer.sign(data, mail)
        name = self._unique_name(mail.message_id)
        waiting, final = self._path / "tmp" / name, self._path / "new" / name
        try:
            self._make_folders()
            self._write(waiting, data)
            waiting.rename(final)
        except OSError as error:
            with contextlib.suppress(OSError):
                waiting.unlink(missing_ok=True)
            raise _unavailable(error) from None
        try:
            self._sync_folder("new")
        except OSError as error:
            # A reader may have it already, and a power cut may still take it back.
            raise Unknown("The message was filed, but not made safe on the disk.", code=_code(error)) from None
        return name

    def check(self) -> None:
        """Write and remove one small file. Raises Unavailable."""
        probe = self._path / "tmp" / self._unique_name("check")
        try:
            self._make_folders()
            self._write(probe, b"check\r\n")
        except OSError as error:
            raise _unavailable(error) from None
        finally:
            with contextlib.suppress(OSError):
                probe.unlink(missing_ok=True)

    def cut(self) -> None:
        """Writing a file is over in a moment."""

    def close(self) -> None:
        """Nothing is kept open."""

    def _make_folders(self) -> None:
        for folder in ("tmp", "new", "cur"):
            (self._path / folder).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _unique_name(self, message_id: str) -> str:
        """`time.delivery.host,M=message-id`: unique without a lock, readers sort by the time in front."""
        now = time.time_ns()
        delivery = (
            f"M{now // 1000 % 1_000_000}P{os.getpid()}T{threading.get_native_id()}Q{next(self._count)}"
            f"R{os.urandom(4).hex()}"
        )
        return f"{now // 1_000_000_000}.{delivery}.{self._host[:60]},M={name_part(message_id)}"

    def _write(self, path: Path, data: bytes) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def _sync_folder(self, folder: str) -> None:
        handle = os.open(self._path / folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _code(error: OSError) -> str:
    return _CODES.get(error.errno or 0, "disk")


def _unavailable(error: OSError) -> Unavailable:
    code = _code(error)
    return Unavailable(f"The mail folder cannot be written ({code}).", code=code)
