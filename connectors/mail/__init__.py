"""Carriers of mail: what the world calls sending. Which one it is, the settings say."""

from __future__ import annotations

from pathlib import Path

from connectors.mail.maildir import MaildirMailer
from connectors.mail.signing import DkimSigner
from connectors.mail.smtp import SmtpMailer
from domain.errors import InvalidValue

__all__ = ["MaildirMailer", "SmtpMailer", "build_mailer"]


def build_mailer(
    *,
    smtp_url: str | None = None,
    maildir: str | Path | None = None,
    timeout: float = 30.0,
    dot_timeout: float = 120.0,
    idempotency_header: str | None = None,
    local_hostname: str | None = None,
    lang: str = "en",
    signer: DkimSigner | None = None,
) -> SmtpMailer | MaildirMailer:
    """The one carrier the settings name. Raises InvalidValue when they name none, or two."""
    if bool(smtp_url) == bool(maildir):
        raise InvalidValue(
            "Mail needs exactly one way out: an SMTP URL such as smtp://user:password@host:587, or a Maildir folder."
        )
    if smtp_url:
        return SmtpMailer(
            smtp_url,
            timeout=timeout,
            dot_timeout=dot_timeout,
            idempotency_header=idempotency_header or None,
            local_hostname=local_hostname or None,
            lang=lang,
            signer=signer,
        )
    assert maildir
    return MaildirMailer(maildir, idempotency_header=idempotency_header or None, lang=lang, signer=signer)
