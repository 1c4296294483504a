"""The composition root: adapters are constructed here and nowhere else."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from prometheus_client import disable_created_metrics
from sqlalchemy import Engine

from bot.gauges import Gauges
from bot.looks import LastHeard, LastLook
from bot.metering import MeteredMailer
from bot.metrics import Metrics
from bot.rulebooks import Rulebooks
from bot.settings import Settings
from bot.signs import Signs
from bot.witness import build_witnessed
from connectors.calendars import PublicHolidays, TzdataZones
from connectors.mail import build_mailer
from connectors.mail.names import DnsNames
from connectors.mail.signing import DkimSigner, read_signer
from domain.errors import Unavailable
from domain.mail import Mail
from domain.policies import DocumentKind
from domain.policy import Rulebook
from domain.ports import Clock, Mailer, Names, UnitOfWork, UnitOfWorkFactory
from domain.rules.terms import terms_of, tree_of
from domain.usecases.begin_documents import begin_documents
from storage.clock import FOR_PEOPLE, DatabaseClock
from storage.defaults import default_documents, default_templates
from storage.directory import Directory
from storage.engine import build_engine
from storage.notation import write_document
from storage.rounds import Rounds
from storage.unit_of_work import build_unit_of_work

THREADS_OF_THE_LOOP = 5
"""Three jobs, the thread that stops them, and whoever looks at the queue's depth."""

HASTE = 1.8
"""Seconds a statement may take where somebody waits: Slack's three, less what the answer itself needs."""


@dataclass(frozen=True)
class World:
    """Everything the bot and the loop are made of.

    `engine`, `directory` and `clock` are the loop's and the command line's; listeners work in `for_people()`. Only
    `across` sees rows of more than one organisation. `rulebook` is the installation's; what an organisation decided by
    is `rulebook_for` it.
    """

    settings: Settings
    engine: Engine
    hurried: Engine
    across: Engine
    directory: Directory
    rounds: Rounds
    clock: Clock
    rulebook: Rulebook
    rulebooks: Rulebooks
    mailer: Mailer
    names: Names
    worker: str
    metrics: Metrics
    signs: Signs
    last_look: LastLook
    last_heard: LastHeard

    def uow_for(self, org_id: int) -> UnitOfWorkFactory:
        """Units of work of one organisation."""
        unit_of_work = build_unit_of_work(self.engine, org_id=org_id)
        return build_witnessed(unit_of_work, org_id=org_id, metrics=self.metrics)

    def rulebook_for(self, org_id: int) -> Rulebook:
        """With the numbers of the organisation's published policy. Raises Busy, InvalidValue."""
        return self.rulebooks.of(org_id, uow=self.uow_for(org_id), installation=self.rulebook)

    def for_people(self) -> World:
        """The same world for those who answer somebody: connections of their own, and patience within Slack's."""
        clock = DatabaseClock(self.hurried, keep=FOR_PEOPLE) if isinstance(self.clock, DatabaseClock) else self.clock
        return replace(self, engine=self.hurried, directory=Directory(self.hurried, across=self.across), clock=clock)


@contextmanager
def build_world(
    settings: Settings,
    *,
    clock: Clock | None = None,
    names: Names | None = None,
    patience: float = 15,
    haste: float = HASTE,
) -> Iterator[World]:
    """Build the world and take it down again. Opens no connection by itself. Tests and the demo give
    a `clock` and `names`.

    `patience`: seconds one statement of a job may take; an import's is longer. `haste`: the same for somebody who
    waits for Slack's three seconds; a lock is waited for a little less, a transaction a little more. Each kind of work
    has its own pool, as large as the threads that use it, so that none waits for another's connections: a replica has
    at most `http_threads` + 10 of them.
    """
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    worker = f"{socket.gethostname()}:{os.getpid()}"
    url, name = settings.database_url, f"plixo {worker}"
    engine = build_engine(url, application_name=name, statement_timeout=patience, pool_size=THREADS_OF_THE_LOOP)
    across = build_engine(
        url, application_name=name, statement_timeout=patience, pool_size=THREADS_OF_THE_LOOP, across=True
    )
    hurried = build_engine(
        url,
        application_name=name,
        pool_size=settings.http_threads,
        statement_timeout=haste,
        lock_timeout=haste - 0.3,
        deadline=haste + 0.2,
    )
    clock = clock or DatabaseClock(engine)
    disable_created_metrics()  # type: ignore[no-untyped-call]  # nobody reads them; the switch is the library's
    metrics = Metrics()
    mailer = MeteredMailer(_mailer(settings), metrics)
    directory = Directory(engine, across=across)
    metrics.collect_from(Gauges(across=across, directory=directory, clock=clock))
    try:
        yield World(
            settings=settings,
            engine=engine,
            hurried=hurried,
            across=across,
            directory=directory,
            rounds=Rounds(across),
            clock=clock,
            rulebook=Rulebook(policy=settings.policy(), zones=TzdataZones(), holidays=PublicHolidays()),
            rulebooks=Rulebooks(),
            mailer=mailer,
            names=names or DnsNames(),
            worker=worker,
            metrics=metrics,
            signs=Signs(),
            last_look=LastLook(),
            last_heard=LastHeard(),
        )
    finally:
        mailer.close()
        for each in (engine, hurried, across):
            each.dispose()


def signer_of(settings: Settings) -> DkimSigner | None:
    """None: the relay signs, or nobody. Raises InvalidValue for a key that cannot be used."""
    if settings.dkim_key_file is None:
        return None
    return read_signer(settings.dkim_key_file, selector=settings.dkim_selector)


def _mailer(settings: Settings) -> Mailer:
    if not (settings.smtp_url or settings.maildir):
        return NoMailer()
    return build_mailer(
        smtp_url=settings.smtp_url or None,
        maildir=settings.maildir,
        timeout=settings.smtp_seconds,
        dot_timeout=settings.smtp_dot_seconds,
        idempotency_header=settings.smtp_idempotency_header or None,
        signer=signer_of(settings),
    )


class NoMailer:
    """For commands that send nothing: no transport is set."""

    def send(self, mail: Mail) -> str:
        self.check()
        return ""

    def check(self) -> None:
        raise Unavailable("No mail transport is set; set PLIXO_SMTP_URL or PLIXO_MAILDIR.", code="no_transport")

    def cut(self) -> None: ...

    def close(self) -> None: ...


def ensure_organisation(world: World) -> int:
    """The organisation of this installation, made at the first start with its default templates and documents.

    Its first policy is what the settings say; from then on the published policy counts, and only its name follows them.

    One installation serves one organisation for now; the tables already hold many.
    """
    settings, at = world.settings, world.clock.now()
    with world.directory.alone():
        org_id = world.directory.first_organisation(
            name=settings.organisation, zone=settings.zone, country=settings.country or None, at=at
        )
        with world.uow_for(org_id)() as work:
            _keep_name(work, settings.organisation, at)
            for template in default_templates():
                if work.templates.get(template.key, template.version) is None:
                    work.templates.add(template)
            terms = terms_of(settings.policy(), zone=settings.zone, country=settings.country or None)
            policy = {DocumentKind.POLICY: write_document(tree_of(terms))}
            begin_documents(work, policy | default_documents(), at=at)
    return org_id


def _keep_name(work: UnitOfWork, name: str, at: datetime) -> None:
    """The organisation's name follows the settings; a change is audited."""
    before = work.organisation.get()
    if before.name != name:
        work.organisation.save(replace(before, name=name))
        work.audit.record(
            "organisation.changed",
            at=at,
            actor_id=None,
            subject="organisation",
            before={"name": before.name},
            after={"name": name},
        )


def ensure_team(world: World, org_id: int, who: Callable[[], tuple[str, str | None]]) -> str:
    """Link the Slack team of the bot's token to the organisation. `who` answers (team id, enterprise id)."""
    team_id, enterprise_id = who()
    if world.directory.org_of(team_id, enterprise_id) is None:
        world.directory.link_team(team_id, enterprise_id, org_id, world.clock.now())
    return team_id
