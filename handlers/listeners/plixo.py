"""`/plixo`: a word, and what it shows. A new word gets its line in SUBCOMMANDS, where `/plixo help` would say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import assert_never

from domain.library import Shelf
from domain.outcomes import Refused
from domain.rules.access import may
from domain.values import Capability, Person
from handlers import library_inputs
from handlers.answers import Answer, Tell
from handlers.listeners import auditing, delivering, library, operating, shadow, simulating, summing
from handlers.listeners.refusing import Refusing
from handlers.presenters import guide
from handlers.request import Request


@dataclass(frozen=True, slots=True)
class Subcommand:
    """`needs`: who is offered it; what it shows checks for itself. `do` is given what stands after the word.

    `writes`: orders, by the next word, that are refused under maintenance; the others read, end it, or see to that
    themselves.
    """

    what: str
    needs: Capability
    do: Callable[[Request, str], Answer]
    usage: str = ""
    writes: frozenset[str] = frozenset()


SUBCOMMANDS: dict[str, Subcommand] = {
    # The day's work: what is about to leave, and to whom nothing does.
    "drafts": Subcommand(
        "what Autopilot has drafted in Shadow: approve, edit or skip it",
        Capability.APPROVE_DRAFTS,
        shadow.drafts_order,
    ),
    "suppress": Subcommand(
        "stop or resume mail to an address",
        Capability.SUPPRESS_CONTACTS,
        delivering.suppress_order,
        usage='add address "reason" day | lift address "why"',
        writes=frozenset({"add", "lift"}),
    ),
    # What is sent, when and to whom, from the text outward.
    "templates": Subcommand(
        "the texts that nudges are sent with, their versions and who approved them",
        Capability.VIEW_POLICIES,
        lambda request, rest: library.show_templates(request),
    ),
    "cadences": Subcommand(
        "Autopilot's steps by day, with text and tone",
        Capability.VIEW_POLICIES,
        lambda request, rest: library.show_current(request, Shelf.CADENCES),
    ),
    "segments": Subcommand(
        "which accounts are chased alike, in the order in which they are tried",
        Capability.VIEW_POLICIES,
        lambda request, rest: library.show_current(request, Shelf.SEGMENTS),
    ),
    "policies": Subcommand(
        "when mail may leave, how much of it, and who sees what",
        Capability.VIEW_POLICIES,
        lambda request, rest: library.show_current(request, Shelf.POLICY),
    ),
    "simulate": Subcommand(
        "what Autopilot would send in the next seven days, or what comes next for an account",
        Capability.VIEW_POLICIES,
        simulating.simulate_order,
        usage="[acme]",
    ),
    # What came of it.
    "summary": Subcommand(
        "what is open and how old, who owes most, promises, disputes and mail, as a PDF",
        Capability.EXPORT,
        summing.summary_order,
    ),
    "audit": Subcommand(
        "who did what and when, newest first, and all of it as a file",
        Capability.EXPORT,
        lambda request, rest: auditing.open_audit(request),
    ),
    # The house.
    "ops": Subcommand(
        "whether everything is in order, the queue, the last day and the jobs",
        Capability.VIEW_OPERATIONS,
        operating.ops,
    ),
    "maintenance": Subcommand(
        "whether Plixo is under maintenance; start or end it",
        Capability.VIEW_OPERATIONS,
        operating.maintenance,
        usage='[on "why" 2h | off]',
    ),
    "cron": Subcommand(
        "what the jobs did, and pausing, resuming or running one",
        Capability.VIEW_OPERATIONS,
        operating.cron,
        usage='list | pause JOB 30m "why" | resume JOB | run JOB',
        writes=frozenset({"pause", "resume", "run"}),
    ),
    "deliverability": Subcommand(
        "whether our mail arrives: SPF, DKIM, DMARC, warm-up, quota, what came back; with `lift` a stop ends",
        Capability.VIEW_OPERATIONS,
        delivering.deliverability_order,
        usage='[lift "why"]',
        writes=frozenset({"lift"}),
    ),
}


def plixo_command(request: Request) -> Answer:
    word, rest = library_inputs.words_of_command(request.body)
    if word in ("", "help", "?"):
        return _help(request)
    if word in SUBCOMMANDS:
        order = rest.partition(" ")[0].lower()
        closed = request.closed() if order in SUBCOMMANDS[word].writes else None
        return closed or SUBCOMMANDS[word].do(request, rest)
    return _help(request, unknown=word)


def _help(request: Request, *, unknown: str = "") -> Answer:
    """What the asker's role can do; an unknown word gets the nearest one that it can."""
    outcome = request.cases.who_asks()
    match outcome:
        case Person():
            lines = [guide.Line(w, one.usage, one.what) for w, one in SUBCOMMANDS.items() if may(outcome, one.needs)]
            near = get_close_matches(unknown, [line.word for line in lines] + ["help"], n=1, cutoff=0.5)
            return Tell(guide.guide_page(outcome, lines, unknown=unknown, near=near[0] if near else ""))
        case Refused():
            return Tell(Refusing()(request, outcome))
        case _:
            assert_never(outcome)
