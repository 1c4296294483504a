"""A reminder text as one text that people read, compare and edit, and what it must hold to be approved.

Tone: Neutral
Subject: Invoice {invoice_number}

Hello, ...
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.policies import Tone
from domain.rules.templates import TAGS

SUBJECT_AT_MOST = 300
_HEAD = re.compile(r"Tone: ([^\n]*)\nSubject: ([^\n]*)\n\n?(.*)", re.DOTALL)
_TAG = re.compile(r"\{([^{}\n]*)\}")
_STRAY = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Letter:
    """`tone` is one of `policies.Tone` in what is drafted today; older texts may say it in other words."""

    tone: str
    subject: str
    body: str

    @property
    def text(self) -> str:
        return f"Tone: {self.tone}\nSubject: {self.subject}\n\n{self.body.strip()}\n"

    @classmethod
    def of(cls, text: str) -> Letter | None:
        """What `text` wrote, or somebody edited; None when it is no letter any more."""
        match = _HEAD.fullmatch(text)
        if match is None or not match[2].strip() or not match[3].strip() or len(match[2]) > SUBJECT_AT_MOST:
            return None
        return cls(match[1].strip(), match[2].strip(), match[3].strip() + "\n")

    @classmethod
    def drafted(cls, tone: Tone, subject: str, body: str) -> Letter | None:
        """From its parts as they were typed; line breaks in a subject are blanks."""
        return cls.of(cls(tone.value, " ".join(subject.split()), body).text)


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a text from being approved. `line` counts in the body from 1; 0 is the subject, None nowhere."""

    what: str
    line: int | None = None

    @property
    def words(self) -> str:
        if self.line is None:
            return self.what
        return f"{self.what} in the subject" if self.line == 0 else f"{self.what} in line {self.line}"


def unknown_tag(letter: Letter) -> Fault | None:
    """The first thing in braces that no mail can fill."""
    for line, text in enumerate([letter.subject, *letter.body.split("\n")]):
        for tag in _TAG.findall(text):
            if tag not in TAGS:
                return Fault(f"{{{tag}}}", line)
        stray = _STRAY.search(_TAG.sub("", text))
        if stray:
            return Fault(f"a lone {stray.group()}", line)
    return None


def missing_tag(letter: Letter) -> Fault | None:
    """A nudge cites the invoice, wherever it says so, and carries its pay link in the text, whatever else it says."""
    held = _TAG.findall(letter.body)
    if "pay_link" not in held:
        return Fault("{pay_link}")
    cited = "invoice_number" in held or "invoice_number" in _TAG.findall(letter.subject)
    return None if cited else Fault("{invoice_number}")
