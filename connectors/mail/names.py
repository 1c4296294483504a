"""The domain name system, asked for TXT records."""

from __future__ import annotations

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from domain.errors import Unavailable


class DnsNames:
    """`domain.ports.Names` with the machine's own resolvers."""

    def __init__(self, *, servers: list[str] | None = None, port: int = 53) -> None:
        """`servers` and `port` instead of the machine's own."""
        self._servers = servers
        self._port = port

    def texts(self, name: str, *, within: float) -> list[str]:
        try:
            resolver = Resolver(configure=self._servers is None)
            if self._servers is not None:
                resolver.nameservers = list(self._servers)
                resolver.port = self._port
            answer = resolver.resolve(name, "TXT", lifetime=within, search=False)
        except (NXDOMAIN, NoAnswer):
            return []
        except (DNSException, OSError, ValueError) as error:
            raise Unavailable("The domain name system did not answer.", code=type(error).__name__) from None
        # A long record is several strings; they are joined without blanks (RFC 7208, 3.3).
        return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]
