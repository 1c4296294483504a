"""Against aiosmtpd: somebody else's reading of the standard."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from connectors.mail import SmtpMailer
from domain.errors import Rejected
from domain.mail import Mailbox
from tests.integration.mail.making import make_mail, part


class Keeper:
    """An aiosmtpd handler that keeps what it gets, and knows nobody called `nobody`."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 queued"


@pytest.fixture
def keeper() -> Iterator[tuple[Keeper, str]]:
    handler = Keeper()
    # aiosmtpd knocks at the port it was given to see whether it is up, so it cannot be 0.
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield handler, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_letters_arrive_whole(keeper: tuple[Keeper, str]) -> None:
    handler, url = keeper
    mailer = SmtpMailer(url, timeout=5, dot_timeout=5)
    try:
        mailer.check()
        texts = [
            make_mail().text,
            make_mail().text + "\n.\n..\n.leading dots\n" + "x" * 3000 + "\nお支払いのお願い 🧾 \t trailing  \n",
            make_mail().text + "\n" + "請求書の金額をご確認ください。" * 200,
        ]
        for number, text in enumerate(texts):
            assert mailer.send(make_mail(number, text=text)).startswith("250")
    finally:
        mailer.close()
    for envelope, text in zip(handler.envelopes, texts, strict=True):
        assert envelope.rcpt_tos == ["joerg@kunde.test"]
        assert isinstance(envelope.content, bytes)
        assert part(envelope.content).rstrip("\n") == text.rstrip("\n")


def test_a_refused_recipient_leaves_the_connection_usable(keeper: tuple[Keeper, str]) -> None:
    handler, url = keeper
    mailer = SmtpMailer(url, timeout=5, dot_timeout=5)
    try:
        with pytest.raises(Rejected) as caught:
            mailer.send(make_mail(1, to=Mailbox("nobody@kunde.test")))
        assert caught.value.bad_address
        mailer.send(make_mail(2))
    finally:
        mailer.close()
    assert len(handler.envelopes) == 1
