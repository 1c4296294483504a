"""Times questions from the words to the finished blocks, in one process, through the listeners of Slack's requests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter

from sqlalchemy import Engine

from bench.account.book import NOW
from bench.account.questions import Question
from connectors.calendars import PublicHolidays, TzdataZones
from domain.policy import Policy, Rulebook
from domain.values import AccountScope, Actor, Person
from handlers import ids
from handlers.answers import Answer, Tell, Turn
from handlers.cases import Cases
from handlers.desk import NoPermalinks
from handlers.inputs import Place
from handlers.listeners.accounts import account_command, open_in_place
from handlers.presenters.reader import Reader
from handlers.request import Request
from handlers.seal import Seal
from handlers.views.blocks import Block, message_blocks
from storage.unit_of_work import build_unit_of_work


@dataclass
class Times:
    """Milliseconds by kind of question. `choices`: how often the first answer was several accounts to choose from;
    `nothing`: how often it was none. A choice is followed by a click on its first line, and both count."""

    by_kind: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    choices: int = 0
    nothing: int = 0
    slowest: list[tuple[float, Question]] = field(default_factory=list)


class NoStrangers:
    """Nobody has to be looked up in Slack."""

    def profile(self, slack_user_id: str) -> None:
        return None


class StillClock:
    """The clock of the book's morning: how late an invoice is must not depend on the day of the measurement."""

    def now(self) -> datetime:
        return NOW


class Bench:
    def __init__(self, engine: Engine, org_id: int) -> None:
        self._org_id = org_id
        self._uow = build_unit_of_work(engine, org_id=org_id)
        self._seal = Seal(b"only measured, never kept secret")
        self._rulebooks = {
            scope: Rulebook(policy=Policy(scope=scope), zones=TzdataZones(), holidays=PublicHolidays())
            for scope in AccountScope
        }
        self._people: dict[str, Person] = {}

    def run(self, asked: Iterable[Question]) -> Times:
        times = Times()
        for question in asked:
            request = self._request(question)
            began = perf_counter()
            blocks = self._blocks(account_command(request))
            chosen = _first_choice(blocks)
            if chosen is not None:
                blocks = self._blocks(open_in_place(replace(request, body={"actions": [{"value": chosen}]})))
            took = (perf_counter() - began) * 1_000
            times.by_kind[question.kind].append(took)
            times.choices += chosen is not None
            times.nothing += bool(question.words) and not _is_card(blocks)
            times.slowest.append((took, question))
        times.slowest.sort(key=lambda pair: -pair[0])
        del times.slowest[20:]
        return times

    def _request(self, question: Question) -> Request:
        person = self._person(question.by)
        actor = Actor(org_id=self._org_id, user_id=person.id, zone="Europe/Berlin")
        return Request(
            body={"command": "/account", "text": question.words},
            place=Place.COMMAND,
            actor=actor,
            person=person,
            permalinks=NoPermalinks(),
            reader=Reader.of(person, zone="Europe/Berlin"),
            signet=self._seal.of(org_id=self._org_id, user_id=person.id, at=NOW),
            cases=Cases(actor, self._uow, StillClock(), self._rulebooks[question.scope]),
            at=NOW,
            profiles=NoStrangers(),
        )

    def _person(self, email: str) -> Person:
        if email not in self._people:
            with self._uow() as work:
                found = work.people.by_email(email, NOW)
            assert found is not None
            self._people[email] = found
        return self._people[email]

    @staticmethod
    def _blocks(answer: Answer) -> list[Block]:
        assert isinstance(answer, Tell | Turn)
        return message_blocks(answer.page)


def _first_choice(blocks: list[Block]) -> str | None:
    for block in blocks:
        button = block.get("accessory", {})
        if str(button.get("action_id", "")).startswith(ids.ACCOUNT_PICK):
            return str(button["value"])
    return None


def _is_card(blocks: list[Block]) -> bool:
    return any(block["type"] == "header" for block in blocks)
