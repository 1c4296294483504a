"""What was heard of the sender's records: kept for each organisation and domain, the newest look counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.ports import UnitOfWorkFactory
from domain.rules.kept_records import KeptRecord
from domain.rules.sender_records import Kind, Verdict
from tests.factories import NOON

HOUR = timedelta(hours=1)
SPF = KeptRecord(Kind.SPF, Verdict.GOOD, "It says so.", "", NOON, NOON)
DMARC = KeptRecord(Kind.DMARC, Verdict.UNKNOWN, "Nobody answered.", "Ask again.", NOON, None)


def keep(uow: UnitOfWorkFactory, *records: KeptRecord, domain: str = "example.com") -> None:
    with uow() as work:
        work.sender_records.keep(domain, records)


def known(uow: UnitOfWorkFactory, domain: str = "example.com") -> dict[Kind, KeptRecord]:
    with uow() as work:
        return dict(work.sender_records.of(domain))


def test_they_come_back_as_they_were_kept(uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory) -> None:
    assert known(uow) == {}
    keep(uow, SPF, DMARC)
    assert known(uow) == {Kind.SPF: SPF, Kind.DMARC: DMARC}
    assert known(other_uow) == {}


def test_a_later_look_has_the_last_word_whoever_writes_last(uow: UnitOfWorkFactory) -> None:
    later = replace(SPF, verdict=Verdict.BAD, said="It is gone.", asked_at=NOON + HOUR, answered_at=NOON + HOUR)
    keep(uow, SPF)
    keep(uow, later, DMARC)
    keep(uow, SPF)
    assert known(uow) == {Kind.SPF: later, Kind.DMARC: DMARC}


def test_those_of_another_domain_are_dropped(uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory) -> None:
    keep(other_uow, SPF)
    keep(uow, SPF)
    keep(uow, DMARC, domain="example.net")
    assert known(uow) == {}
    assert known(uow, "example.net") == {Kind.DMARC: DMARC}
    assert known(other_uow) == {Kind.SPF: SPF}
