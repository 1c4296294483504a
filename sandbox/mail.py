"""Reads the mail that left, from a Maildir, for people to look at."""

from __future__ import annotations

import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

HEADERS = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "List-Unsubscribe")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One message. `at` is its Date header, or the file's time when that is missing or broken; UTC."""

    key: str
    headers: dict[str, str]
    text: str
    html: str | None
    at: datetime

    def summary(self) -> dict[str, object]:
        """What a list shows."""
        return {
            "key": self.key,
            "from": self.headers.get("From", ""),
            "to": self.headers.get("To", ""),
            "subject": self.headers.get("Subject", ""),
            "at": self.at.timestamp(),
            "preview": " ".join(self.text.split())[:140],
        }

    def full(self) -> dict[str, object]:
        return {**self.summary(), "headers": self.headers, "text": self.text, "html": self.html}


class Maildir:
    """`new/` and `cur/` under `path`; both may be missing, then nothing has left yet."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._read: dict[str, Mail] = {}

    def keys(self) -> list[str]:
        if self.path is None:
            return []
        return sorted(
            file.name for part in ("new", "cur") if (self.path / part).is_dir() for file in (self.path / part).iterdir()
        )

    def all(self) -> list[Mail]:
        """Latest first."""
        found = [mail for key in self.keys() if (mail := self.get(key)) is not None]
        return sorted(found, key=lambda mail: (mail.at, mail.key), reverse=True)

    def get(self, key: str) -> Mail | None:
        """One message by the name of its file; None when there is none."""
        if self.path is None or Path(key).name != key:
            return None
        if key not in self._read:
            for part in ("new", "cur"):
                file = self.path / part / key
                if file.is_file():
                    self._read[key] = _parse(file)
                    break
        return self._read.get(key)


def _parse(file: Path) -> Mail:
    with file.open("rb") as source:
        message = BytesParser(_class=EmailMessage, policy=email.policy.default).parse(source)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        key=file.name,
        headers={name: str(message[name]) for name in HEADERS if message[name] is not None},
        text=_content(plain) or "",
        html=_content(html),
        at=_date(message, file=file),
    )


def _content(part: object) -> str | None:
    if not isinstance(part, EmailMessage):
        return None
    content = part.get_content()
    return content if isinstance(content, str) else None


def _date(message: EmailMessage, *, file: Path) -> datetime:
    try:
        at = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
