"""TXT records from a name server of our own on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from socket import AF_INET, SOCK_DGRAM, socket

import pytest
from dns import flags, message, rcode, rdatatype, rrset

from connectors.mail.names import DnsNames
from domain.errors import Unavailable

ZONE = {"example.com.": ['"v=spf1 include:relay.example " "~all"', '"other=1"'], "empty.example.com.": []}


@pytest.fixture
def server() -> Iterator[int]:
    """Answers from ZONE, knows no other name, and says nothing at all about silent.example.com."""
    line = socket(AF_INET, SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))

    def run() -> None:
        while True:
            octets, asker = line.recvfrom(4096)
            if octets == b"end":
                return
            asked = message.from_wire(octets)
            name = asked.question[0].name
            if str(name).startswith("silent"):
                continue
            answer = message.make_response(asked)
            answer.flags |= flags.AA
            if str(name) not in ZONE:
                answer.set_rcode(rcode.NXDOMAIN)
            elif ZONE[str(name)]:
                answer.answer.append(rrset.from_text(name, 60, "IN", rdatatype.TXT, *ZONE[str(name)]))
            line.sendto(answer.to_wire(), asker)

    thread = threading.Thread(target=run)
    thread.start()
    yield line.getsockname()[1]
    with socket(AF_INET, SOCK_DGRAM) as last:
        last.sendto(b"end", line.getsockname())
    thread.join()
    line.close()


def names(port: int) -> DnsNames:
    return DnsNames(servers=["127.0.0.1"], port=port)


def test_a_long_record_is_one_text(server: int) -> None:
    assert sorted(names(server).texts("example.com", within=5)) == ["other=1", "v=spf1 include:relay.example ~all"]


@pytest.mark.parametrize("name", ["empty.example.com", "nowhere.example.com"])
def test_where_nothing_is_published_there_is_nothing(server: int, name: str) -> None:
    assert names(server).texts(name, within=5) == []


@pytest.mark.parametrize("name", ["silent.example.com", "a..b", "x" * 70 + ".example.com"])
def test_a_server_that_says_nothing_and_a_name_that_is_none(server: int, name: str) -> None:
    with pytest.raises(Unavailable):
        names(server).texts(name, within=0.3)


def test_who_has_no_time_left_asks_nobody(server: int) -> None:
    with pytest.raises(Unavailable):
        names(server).texts("example.com", within=0)
