"""`plixo policy`: everything that is decided about chasing, in one text that stands beside the code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from getpass import getuser
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.markup import escape

from bot.console import FAILED, err, out
from bot.desk import Desk, open_desk
from domain.charter import TEMPLATES, Charter, Finding, Part, Uncounted, Verdict, Waiting
from domain.errors import InvalidValue
from domain.library import Shelf
from domain.outcomes import Refused
from domain.policies import Unreadable
from domain.policy import Rulebook
from domain.rules.charter import trees_of
from domain.rules.differences import Hunk, Side
from domain.usecases.apply_charter import apply_charter, see_waiting, texts_to_export, weigh_charter
from domain.usecases.count_customers import count_customers
from domain.usecases.discard_draft import discard_draft
from domain.usecases.publish_texts import publish_counted, publish_texts
from domain.values import Actor
from handlers.presenters.reader import Reader
from handlers.presenters.refusals import told
from storage.charter import LONGEST, read_charter, write_charter

SECTIONS = ("policy", "segments", "cadences", TEMPLATES)
FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


@click.group()
def policy() -> None:
    """Policy, segments, cadences and templates as one YAML document: check it, apply it, publish it.

    Applying makes drafts, which count for nothing. A Controller publishes them, here or in Slack.
    """


@policy.command()
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Read the document and see whether everything fits together. Exit code 1 when something does not.

    FILE may be - for what comes through a pipe. Nothing is changed.
    """
    charter = read_file(file)
    with open_desk() as desk:
        weighed = weigh_charter(charter, uow=desk.uow, rulebook=desk.world.rulebook)
    say_findings(weighed.findings, file)
    if not weighed.is_sound:
        sys.exit(FAILED)
    out.print("The document is sound.")


@policy.command()
@click.argument("file", type=FILE)
def diff(file: Path) -> None:
    """What the document would change, line by line, beside what is in force. Nothing is changed."""
    charter = read_file(file)
    with open_desk() as desk:
        weighed = weigh_charter(charter, uow=desk.uow, rulebook=desk.world.rulebook)
    for part in weighed.parts:
        _say_part(part)
        _say_hunks(part.hunks)
    say_findings(weighed.findings, file)
    if not weighed.is_sound:
        sys.exit(FAILED)


@policy.command()
@click.argument("file", type=FILE)
@click.option("--by", help="E-mail of whoever wrote it; your login name when left out.")
def apply(file: Path, by: str | None) -> None:
    """Make a draft of every section and template that the document changes. Applying it again makes none."""
    charter = read_file(file)
    with open_desk() as desk:
        weighed = apply_charter(
            charter, by=by or getuser(), uow=desk.uow, clock=desk.world.clock, rulebook=desk.world.rulebook
        )
    say_findings(weighed.findings, file)
    if not weighed.is_sound:
        err.print("Nothing was applied.")
        sys.exit(FAILED)
    for part in weighed.parts:
        _say_part(part)
    if weighed.changed:
        out.print("See what it would send first: `plixo policy simulate FILE`.")
        out.print("A Controller publishes drafts: `plixo policy publish --as EMAIL`, or in Slack.", soft_wrap=True)


@policy.command()
@click.argument("sections", nargs=-1, type=click.Choice(SECTIONS))
@click.option("--as", "email", required=True, help="E-mail of the Controller who publishes.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
def publish(sections: tuple[str, ...], email: str, yes: bool) -> None:
    """Bring the newest drafts into force, together: all that wait, or those of the named sections.

    See what they would send first: `plixo policy export --drafts | plixo policy simulate -`.
    """
    with open_desk() as desk:
        waiting = _waiting(desk, sections)
        if not waiting:
            out.print("No draft waits; nothing was published.")
            return
        for one in waiting:
            _say_waiting(one)
        if not yes and not click.confirm(f"Publish {_counted(len(waiting))}?"):
            sys.exit(FAILED)
        asking, editions = _asking(desk, email), [one.draft.edition for one in waiting]
        outcome = publish_texts(editions, **asking)
        if isinstance(outcome, Uncounted):
            counted = count_customers(outcome, uow=desk.uow, clock=desk.world.clock, rulebook=asking["rulebook"])
            outcome = publish_counted(editions, counted, **asking)
        if isinstance(outcome, Refused):
            _end_refused(outcome, desk)
    for version in outcome.versions:
        out.print(f"In force: {version.edition}.", markup=False)
    for version in outcome.for_legal:
        out.print(f"Approved, and waiting for Legal's sign-off: {version.edition}.", markup=False)


@policy.command()
@click.argument("sections", nargs=-1, required=True, type=click.Choice(SECTIONS))
@click.option("--as", "email", required=True, help="E-mail of the Controller who discards them.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
def discard(sections: tuple[str, ...], email: str, yes: bool) -> None:
    """Set the newest drafts of the named sections aside: they do not come into force, and can still be read."""
    with open_desk() as desk:
        waiting = _waiting(desk, sections)
        if not waiting:
            out.print("No draft waits; nothing was discarded.")
            return
        for one in waiting:
            _say_waiting(one)
        if not yes and not click.confirm(f"Discard {_counted(len(waiting))}?"):
            sys.exit(FAILED)
        asking = _asking(desk, email)
        for one in waiting:
            outcome = discard_draft(one.draft.edition, **asking)
            if isinstance(outcome, Refused):
                _end_refused(outcome, desk)
            out.print(f"Discarded: {one.draft.edition}.", markup=False)


@policy.command()
@click.option("--drafts", is_flag=True, help="As it would be if everything that waits were published.")
def export(drafts: bool) -> None:
    """Print what is in force as one document. Applying it changes nothing."""
    with open_desk() as desk:
        texts, templates = texts_to_export(with_drafts=drafts, uow=desk.uow)
    click.echo(write_charter(texts, trees_of(templates)), nl=False)


def _waiting(desk: Desk, sections: Sequence[str]) -> list[Waiting]:
    """The newest drafts of these sections, or of all."""
    drafts = see_waiting(uow=desk.uow)
    return [one for one in drafts if not sections or _section(one.draft.edition.shelf) in sections]


def _asking(desk: Desk, email: str) -> dict[str, Any]:
    """In whose name it is done; exit code 1 when there is nobody with that address."""
    with desk.uow() as work:
        person = work.people.by_email(email, desk.at)
    if person is None:
        err.print(f"There is nobody with the address {email}; `plixo roles list` shows everybody.", markup=False)
        sys.exit(FAILED)
    return {
        "by": getuser(),
        "actor": Actor(org_id=desk.org_id, user_id=person.id, zone=desk.settings.zone),
        "uow": desk.uow,
        "clock": desk.world.clock,
        "rulebook": _rulebook(desk),
    }


def _rulebook(desk: Desk) -> Rulebook:
    """That in force, as in Slack. The installation's where it cannot be read: publishing is how it is mended."""
    try:
        return desk.rulebook
    except InvalidValue:
        return desk.world.rulebook


def _end_refused(refusal: Refused, desk: Desk) -> NoReturn:
    said = told(refusal, reader=Reader.of(None, zone=desk.settings.zone), at=desk.at)
    err.print(said.both, markup=False, soft_wrap=True)
    sys.exit(FAILED)


def read_file(file: Path) -> Charter:
    """The document, or what is wrong with it and exit code 1."""
    name = "standard input" if str(file) == "-" else str(file)
    try:
        source = sys.stdin.buffer if str(file) == "-" else None
        # A character has four bytes at most.
        raw = source.read(LONGEST * 4 + 1) if source else _bytes_of(file)
        charter = read_charter(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        charter = Unreadable("This is not UTF-8; save the file as UTF-8.", line)
    except OSError as error:
        err.print(f"{name} cannot be read: {error.strerror}.", markup=False, soft_wrap=True)
        sys.exit(FAILED)
    if isinstance(charter, Unreadable):
        place = f"{name}:{charter.line}" if charter.line else name
        err.print(f"{place}: {charter.sentence}", markup=False, soft_wrap=True)
        sys.exit(FAILED)
    return charter


def _bytes_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LONGEST * 4 + 1)


def say_findings(findings: Sequence[Finding], file: Path) -> None:
    for one in findings:
        place = f"{file}:{one.line}" if one.line else f"{one.shelf.value}, as it is kept"
        what = "note: " if one.is_warning else ""
        err.print(f"{place}: {what}{one.sentence}", markup=False, soft_wrap=True)


def _say_part(part: Part) -> None:
    name = f"template {part.key}" if part.shelf is Shelf.TEMPLATE else part.shelf.value
    number = part.edition.number if part.edition else None
    match part.verdict:
        case Verdict.SAME:
            what = f"as version {number}, which is in force"
        case Verdict.DRAFTED:
            what = f"as version {number}, a draft that waits"
        case Verdict.CHANGED:
            what = f"version {number} is a draft now" if number else "changed"
    more = ", ".join(str(one.number) for one in part.waiting)
    beside = f" (drafts that wait beside it: {more})" if more else ""
    out.print(f"{name}: {what}{beside}", markup=False, soft_wrap=True)


def _say_waiting(waiting: Waiting) -> None:
    before = f"instead of version {waiting.present.edition.number}" if waiting.present else "the first one"
    out.print(f"{waiting.draft.edition}, {before}", markup=False)
    _say_hunks(waiting.hunks)


def _say_hunks(hunks: Sequence[Hunk]) -> None:
    for hunk in hunks:
        out.print(f"  line {hunk.line}")
        for side, sign, colour in ((hunk.before, "-", "red"), (hunk.after, "+", "green")):
            for line in _lines(side):
                out.print(f"  [{colour}]{sign} {escape(line)}[/]", soft_wrap=True)


def _lines(side: Side) -> list[str]:
    return ["".join(run.text for run in line) for line in side]


def _section(shelf: Shelf) -> str:
    return TEMPLATES if shelf is Shelf.TEMPLATE else shelf.value


def _counted(count: int) -> str:
    return "this draft" if count == 1 else f"these {count} drafts"
