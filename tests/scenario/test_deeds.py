"""Every listener by all nine roles: whoever may does it, whoever may not does nothing, and no field can be bent.

Unlike the fuzz, each request here is one that would succeed: its subject was made for it a moment ago, and its fields
are what a careful person fills in. So a role that is refused is refused for its role, and a field that is altered is
refused for that field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.rules.access import SCOPED_ROLES
from domain.values import Person as User
from domain.values import Role
from handlers import ids
from handlers.listeners.plixo import SUBCOMMANDS
from tests.scenario import deeds_of_accounts, deeds_of_autopilot, deeds_of_rights, deeds_of_the_record
from tests.scenario.alterations import alterations
from tests.scenario.deeds import Deed, Held, Scene
from tests.scenario.fields import Sealed, typed
from tests.scenario.fuzz_ground import CAST, Ground, open_ground
from tests.scenario.fuzz_hand import Hand, Payload, listeners, option
from tests.scenario.fuzz_watch import Change, Seen
from tests.scenario.office import SAM, address

DEEDS = [
    *deeds_of_accounts.DEEDS,
    *deeds_of_autopilot.DEEDS,
    *deeds_of_the_record.DEEDS,
    *deeds_of_rights.DEEDS,
]
FOLLOWS = frozenset({"audit", "notices"})
"""What may change with anything: it is noted, and people are told."""


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    with open_ground(tmp_path, database_url=request.getfixturevalue(request.param)) as opened:
        yield opened


WORDS = {
    ids.COMMENT_MODAL: ids.COMMENT_BLOCK,
    ids.ANSWER_MODAL: ids.ANSWER_BLOCK,
    ids.CHANGE_MODAL: ids.WHY_BLOCK,
    ids.CHANGE_APPROVE_MODAL: ids.WHY_BLOCK,
    ids.CHANGE_DECLINE_MODAL: ids.WHY_BLOCK,
    ids.APPROVE_MODAL: ids.DECISION_WHY,
    ids.DECLINE_MODAL: ids.DECISION_WHY,
}
"""Where somebody has to write something: the field of the window."""


class Trial:
    """Sends deeds, and says what came of them."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.hand, self.watch = ground, Hand(ground.office.slack), ground.watch()

    def scene(self, role: Role, *, owner: str | None = None) -> Scene:
        person = self.ground.people[role]
        return Scene(self.ground, person, owner or person.email)

    def ready(self, deed: Deed, role: Role, *, owner: str | None = None) -> Held:
        held = deed.ready(self.scene(role, owner=owner))
        self.watch.look()
        return held

    def send(self, deed: Deed, role: Role, held: Held) -> Seen:
        return self.watch.send(self._payload(deed, role, held))

    def _payload(self, deed: Deed, role: Role, held: Held) -> Payload:
        user, person, hand = CAST[role], self.ground.people[role], self.hand
        match deed.kind:
            case "command":
                return hand.command(user, deed.listener, held.text)
            case "shortcut":
                return hand.shortcut(user, deed.listener)
            case "message_action":
                return hand.message_shortcut(user, deed.listener, held.text)
            case "view_submission":
                return hand.submission(user, self._window(user, person, deed.listener, held))
            case "block_suggestion":
                return hand.suggestion(user, deed.listener, held.text)
            case "event_callback":
                return hand.event(user, {**(held.event or {}), "user": user})
        if held.where == "home":
            place = hand.home(user)
        elif held.where == "modal":
            place = hand.in_window(self._window(user, person, "any", held))
        else:
            place = hand.message(user, is_own=held.where == "own")
        value = self._sealed(held.picked or held.value, person)
        return hand.click(user, deed.listener, value, where=place, is_menu=held.picked is not None)

    def _window(self, user: str, person: User, callback: str, held: Held) -> Payload:
        values: dict[str, dict[str, Payload]] = {}
        for (block, action), entry in held.fields.items():
            values.setdefault(block, {})[action] = self._filled(entry, person)
        return self.hand.window(user, callback, self._sealed(held.value, person), values)

    def _filled(self, entry: object, person: User) -> Payload:
        assert isinstance(entry, dict)
        filled = dict(entry)
        if one := filled.get("selected_option"):
            filled["selected_option"] = option(self._sealed(one["value"], person))
        if several := filled.get("selected_options"):
            filled["selected_options"] = [option(self._sealed(one["value"], person)) for one in several]
        return filled

    def _sealed(self, value: Sealed | str, person: User) -> str:
        if isinstance(value, str):
            return value
        office = self.ground.office
        signet = self.ground.seal.of(org_id=self.ground.org_id, user_id=person.id, at=office.clock.now())
        return signet.close(value.kind, *value.parts)


def test_every_listener_is_a_deed() -> None:
    done = {kind: {deed.listener for deed in DEEDS if deed.kind == kind} for kind in listeners()}
    assert done == {kind: set(names) for kind, names in listeners().items()}
    assert set(SUBCOMMANDS) <= {deed.what for deed in DEEDS if deed.listener == ids.PLIXO_COMMAND}
    assert [id for id, times in Counter(deed.id for deed in DEEDS).items() if times > 1] == []


@pytest.mark.parametrize(
    "ground",
    [
        "sqlite_url",
        pytest.param("postgres_url", marks=[pytest.mark.postgres, pytest.mark.slow]),
    ],
    indirect=True,
)
def test_whoever_may_does_it_and_nobody_else(ground: Ground) -> None:
    trial, wrong = Trial(ground), []
    for deed in DEEDS:
        for role in Role:
            seen = trial.send(deed, role, trial.ready(deed, role))
            problem = _of_one_who_may(deed, role, seen) if role in deed.may else _of_one_who_may_not(deed, seen)
            if problem:
                wrong.append(f"{deed.id} by {role}: {problem}")
    assert not wrong, "\n".join(wrong)
    assert trial.watch.sent == len(DEEDS) * len(Role)


def test_without_words_nothing_is_said_asked_or_decided(ground: Ground) -> None:
    """Blanks in the field, or no such field at all: the window stays, and says at the field what is missing."""
    trial = Trial(ground)
    for deed in (deed for deed in DEEDS if deed.listener in WORDS and deed.may):
        role, block = min(deed.may), WORDS[deed.listener]
        held = trial.ready(deed, role)
        (key,) = [one for one in held.fields if one[0] == block]
        others = {one: entry for one, entry in held.fields.items() if one != key}
        for fields in ({**others, key: typed(" \n ")}, others):
            seen = trial.send(deed, role, replace(held, fields=fields))
            assert seen.delivery.json()["response_action"] == "errors" and not seen.tables, deed.id
            ((place, sentence),) = seen.delivery.json()["errors"].items()
            assert place == block and sentence.startswith("Please "), deed.id
    assert trial.watch.sent == 2 * len(WORDS)


def test_of_accounts_of_others_nothing_is_done(ground: Ground) -> None:
    trial, wrong = Trial(ground), []
    for deed in DEEDS:
        for role in SCOPED_ROLES & deed.may if deed.is_scoped else ():
            seen = trial.send(deed, role, trial.ready(deed, role, owner=address(SAM)))
            if problem := _of_one_who_may_not(deed, seen):
                wrong.append(f"{deed.id} by {role}: {problem}")
    assert not wrong, "\n".join(wrong)


def test_under_maintenance_nothing_is_written_and_everything_read(ground: Ground) -> None:
    trial, wrong = Trial(ground), []
    closing = Deed(ids.PLIXO_COMMAND, lambda scene: Held(text='maintenance on "Moving house" 2h'))
    ready = [
        (deed, role := min(deed.may), trial.ready(deed, role))
        for deed in DEEDS
        if deed.may and deed.what != "maintenance off"
    ]
    assert "organisations" in trial.send(closing, Role.CONTROLLER, closing.ready(trial.scene(Role.CONTROLLER))).tables
    for deed, role, held in ready:
        seen = trial.send(deed, role, held)
        if seen.tables - {"audit"} or seen.is_refused or not seen.has_words:
            wrong.append(f"{deed.id} by {role} changed {sorted(seen.tables)}: {seen.said[:300]}")
    assert not wrong, "\n".join(wrong)


# PostgreSQL is the stricter one: it refuses characters and values that SQLite takes.
@pytest.mark.parametrize(
    "ground",
    [
        pytest.param("postgres_url", marks=pytest.mark.postgres),
        pytest.param("sqlite_url", marks=pytest.mark.slow),
    ],
    indirect=True,
)
def test_no_field_can_be_bent(ground: Ground) -> None:
    trial, wrong = Trial(ground), []
    for deed in (deed for deed in DEEDS if deed.may):
        role = min(deed.may, key=lambda one: (one in SCOPED_ROLES, one))
        held = trial.ready(deed, role)
        for what, alter, is_refused in list(alterations(held, ground.strangers)):
            seen = trial.send(deed, role, alter(held))
            changed = seen.tables - FOLLOWS
            beyond = changed - (frozenset() if is_refused else deed.writes | deed.or_writes | deed.along)
            theirs = [change for change in seen.changes if _org_of(change) != ground.org_id]
            if seen.delivery.status != 200 or beyond or theirs or "Something went wrong" in seen.said:
                wrong.append(f"{deed.id} by {role} with {what}: {beyond or theirs or seen.said[:200]}")
            if changed:
                held = trial.ready(deed, role)
    assert not wrong, "\n".join(wrong)
    assert trial.watch.sent > 3 * len(DEEDS)


def _org_of(change: Change) -> object:
    """None for a row of nobody's."""
    _, before, after = change
    return (after or before or {}).get("org_id")


def _of_one_who_may(deed: Deed, role: Role, seen: Seen) -> str | None:
    if seen.delivery.status != 200 or "Something went wrong" in seen.said:
        return seen.said[:300]
    if seen.is_refused:
        return f"refused, with {[(entry['action'], entry['reason']) for entry in seen.audited]}"
    if not seen.has_words:
        return "nothing was said"
    if seen.tables - FOLLOWS - deed.along != deed.writes:
        return f"changed {sorted(seen.tables - FOLLOWS)}, not {sorted(deed.writes)}: {seen.said[:300]}"
    if deed.is_audited and not seen.audited:
        return "nothing in the audit log"
    return None


def _of_one_who_may_not(deed: Deed, seen: Seen) -> str | None:
    if seen.delivery.status != 200 or "Something went wrong" in seen.said:
        return seen.said[:300]
    if not seen.is_refused:
        return f"no refusal in the audit log: {seen.said[:300]}"
    if seen.tables != {"audit"}:
        return f"changed {sorted(seen.tables)}"
    if deed.may and not deed.is_typing and ids.ACCESS_ASK not in seen.said:
        return f"nobody can be asked: {seen.said[:300]}"
    return None
