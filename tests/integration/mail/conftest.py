from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.mail import SmtpMailer
from tests.integration.mail.rogue_smtp import RogueSmtp

QUICK = 0.5
"""Seconds a test waits out. Longer than a loaded machine needs for a reply; `PATIENT` where nothing hangs."""
PATIENT = 5.0


@pytest.fixture
def server() -> Iterator[RogueSmtp]:
    with RogueSmtp() as rogue:
        yield rogue


@pytest.fixture
def build(server: RogueSmtp) -> Iterator[Callable[..., SmtpMailer]]:
    """Builds mailers, to `server` unless told otherwise, that are closed after the test."""
    mailers: list[SmtpMailer] = []

    def make(url: str | None = None, **options: object) -> SmtpMailer:
        settings: dict[str, object] = {"timeout": QUICK, "dot_timeout": QUICK, **options}
        mailers.append(SmtpMailer(url or server.url, **settings))  # type: ignore[arg-type]
        return mailers[-1]

    yield make
    for mailer in mailers:
        mailer.close()


@dataclass(frozen=True)
class Certificate:
    """One self-made certificate for 127.0.0.1, and both sides of TLS with it."""

    path: Path
    key: Path

    def for_server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path, self.key)
        return context

    def for_client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.path))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("TLS needs a certificate, and there is no openssl on this machine to make one.")
    folder = tmp_path_factory.mktemp("certificate")
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=rogue.test"
    files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(made.key), "-out", str(made.path)]
    subprocess.run([openssl, *options.split(), *files], check=True, capture_output=True)
    return made
