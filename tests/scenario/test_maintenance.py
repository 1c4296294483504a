"""Maintenance in Slack: reading works, whatever writes or sends is refused with the banner, and the queue stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.maintenance import Effect, Maintenance
from domain.values import Role
from handlers import ids, registry
from handlers.effects import EFFECTS
from sandbox.delivery.records import Delivery
from storage import tables
from tests.scenario.fuzz_ground import CAST, Ground, Rows, open_ground
from tests.scenario.fuzz_rights import changes
from tests.scenario.office import CARL, OLGA, RITA, SALES, VIK, Office, words_of
from tests.scenario.test_fuzz import Fuzz
from tests.scenario.test_reports import make
from tests.stage import AFTER, EVENING

BANNER = "Plixo is under maintenance until"


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    with open_ground(tmp_path, database_url=request.getfixturevalue(request.param)) as opened:
        yield opened


def plixo(office: Office, words: str, *, user: str = CARL) -> str:
    assert office.slack.command(user=user, command="/plixo", text=words, channel=SALES).ok
    return words_of(office.last(user=user).blocks)


# -- switching it --


def test_the_controller_closes_the_house_and_everybody_reads_who_why_and_until_when(office: Office) -> None:
    office.open_acme()
    told = plixo(office, "maintenance on “New disks” 2h")
    assert "until 23:40 (Berlin time)" in told and "Carl Controller: New disks" in told
    office.slack.click(user=RITA, action_id="nudge.open")
    refused = words_of(office.last().blocks)
    assert BANNER in refused and "23:40 (Berlin time)" in refused and "Carl Controller: New disks" in refused
    office.open_named("Acme Robotics GmbH")
    assert "INV-1042" in words_of(office.last().blocks)
    office.slack.open_home(user=OLGA)
    home = words_of(office.slack.workspace.homes[OLGA].blocks)
    assert BANNER in home and "22:40 (London time)" in home
    assert "maintenance.begun" in office.actions()


def test_what_waits_stays_and_leaves_when_the_house_is_open_again(office: Office) -> None:
    office.open_acme()
    office.nudge()
    plixo(office, 'maintenance on "New disks" 12h')
    office.beat(AFTER)
    assert (office.states(), office.mail()) == (["queued"], [])
    plixo(office, "maintenance off")
    office.beat()
    assert office.states() == ["sent"] and len(office.mail()) == 1
    assert office.actions().count("maintenance.ended") == 1


def test_it_ends_by_itself(office: Office) -> None:
    plixo(office, "maintenance on briefly 30m")
    office.clock.advance(timedelta(minutes=30))
    office.open_acme()
    assert office.nudge().ok
    assert office.states() == ["queued"]
    assert "No maintenance is on." in plixo(office, "maintenance")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.CONTROLLER)])
def test_nobody_else_may(office: Office, role: Role) -> None:
    make(office, VIK, role)
    assert "Your role doesn't include this." in plixo(office, "maintenance on mine 2h", user=VIK)
    assert office.rows(tables.organisations)[0]["maintenance_until"] is None
    assert "maintenance.set.refused" in office.actions()


@pytest.mark.parametrize("words", ["on", 'on ""', "on why 25h", "of", "on 2h"])
def test_an_order_that_cannot_be_read_changes_nothing_and_says_how_to_write_it(office: Office, words: str) -> None:
    assert 'on "why" 2h' in plixo(office, f"maintenance {words}")
    assert office.rows(tables.organisations)[0]["maintenance_until"] is None


# -- every listener --


def test_each_writing_listener_is_refused_whatever_it_is_given(ground: Ground) -> None:
    """The very same payload is sent twice: under maintenance, and then with the house open, where many succeed."""
    fuzz, counts = Fuzz(ground, seed=3), set()
    for name, role, payload in _attempts(fuzz, ground):
        _maintain(ground, on=True)
        before = ground.rows()
        said = _send(ground, payload)
        assert (name, role, list(changes(before, ground.rows()))) == (name, role, [])
        assert BANNER in said, (name, role)
        _maintain(ground, on=False)
        _renew(ground, role, payload)
        _send(ground, payload)
        if _beyond_the_log(before, ground.rows()):
            counts.add(name)
            ground.gather()
    # The proof has teeth: with the house open these changed something.
    assert {ids.NUDGE_TAKE_BACK, ids.MESSAGES_MODAL} <= counts, counts


def test_what_people_do_all_day_changes_nothing_and_works_again_afterwards(ground: Ground) -> None:
    """Forms were opened while the house was open: what is sent then is refused as well."""
    slack, office = ground.office.slack, ground.office

    deeds: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        ("hold", nothing, lambda: slack.click(user=OLGA, action_id=ids.ALERT_HOLD)),
        ("resume", nothing, lambda: slack.click(user=OLGA, action_id=ids.ALERT_RESUME)),
        ("hold at home", lambda: slack.open_home(user=OLGA), lambda: slack.click(user=OLGA, action_id=ids.HOME_HOLD)),
        ("resume at home", nothing, lambda: slack.click(user=OLGA, action_id=ids.HOME_RESUME)),
        ("share", office.open_acme, lambda: slack.click(user=RITA, action_id=ids.ACCOUNT_SHARE)),
        ("cancel", nothing, lambda: slack.click(user=OLGA, action_id=ids.ALERT_CANCEL)),
        ("nudge", lambda: fill_nudge(office), lambda: slack.submit(user=RITA)),
    ]
    for what, prepare, do in deeds:
        prepare()
        _maintain(ground, on=True)
        before = ground.rows()
        do()
        assert (what, list(changes(before, ground.rows()))) == (what, [])
        _maintain(ground, on=False)
        prepare()
        do()
        assert _beyond_the_log(before, ground.rows()) or what == "share", what
        ground.office.beat()


def nothing() -> None: ...


def fill_nudge(office: Office) -> None:
    office.open_acme()
    office.slack.click(user=RITA, action_id=ids.NUDGE_OPEN)


def test_what_reads_writes_nothing_but_refusals(ground: Ground) -> None:
    fuzz = Fuzz(ground, seed=4)
    _maintain(ground, on=True)
    for role in (Role.SALES, Role.CONTROLLER, Role.VIEWER):
        for name, payload in fuzz._requests(role):
            if EFFECTS[name] is not Effect.WRITES or name in registry.OPTIONS:
                before = ground.rows()
                _send(ground, payload)
                assert not _beyond_the_log(before, ground.rows()), (name, role)


def _attempts(fuzz: Fuzz, ground: Ground) -> Iterator[tuple[str, Role, dict[str, Any]]]:
    """Each writing listener as everybody: with what its own buttons held, and with what fits nothing."""
    names = [name for name, effect in EFFECTS.items() if effect is Effect.WRITES]
    for name in names:
        for role in (Role.SALES, Role.OPERATOR, Role.CONTROLLER):
            shown = [*_shown(ground, name)][:2] if name in registry.ACTIONS else []
            for value in [*shown, None]:
                if name in registry.ACTIONS:
                    payload = fuzz._click(role, name)
                    if value is not None:
                        payload["actions"] = [{"type": "button", "action_id": name, "block_id": "b", "value": value}]
                elif name in registry.SUBMISSIONS:
                    payload = fuzz._submission(role, name)
                elif name in registry.MESSAGE_SHORTCUTS:
                    payload = fuzz._message_shortcut(CAST[role], name)
                else:
                    payload = {**fuzz._common(CAST[role]), "type": "shortcut", "callback_id": name}
                yield name, role, payload
            if name not in registry.ACTIONS and role is Role.OPERATOR:
                break


def _shown(ground: Ground, action: str) -> Iterator[str]:
    """What buttons of that name hold, wherever one stands."""
    workspace = ground.office.slack.workspace
    with workspace.lock:
        blocks: list[Any] = [one.blocks for held in workspace.messages.values() for one in held]
        blocks += [view.blocks for view in workspace.homes.values()]
    return iter(dict.fromkeys(_held(blocks, action)))


def _held(part: Any, action: str) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _held(one, action)
    elif isinstance(part, Mapping):
        if part.get("action_id") == action and isinstance(part.get("value"), str):
            yield part["value"]
        for one in part.values():
            yield from _held(one, action)


def _send(ground: Ground, payload: dict[str, Any]) -> str:
    """All that was said in answer."""
    slack = ground.office.slack
    calls, workspace = len(slack.desk.calls), slack.workspace
    delivery: Delivery = (
        slack.stage.carrier.command(payload) if "command" in payload else slack.stage.carrier.interaction(payload)
    )
    slack.stage.carrier.carry(delivery)
    assert delivery.status == 200
    with workspace.lock:
        newest = [held[-1].text for held in workspace.messages.values() if held]
    return f"{delivery.text}{[one.arguments for one in slack.desk.calls[calls:]]}{newest}"


def _renew(ground: Ground, role: Role, payload: dict[str, Any]) -> None:
    payload["trigger_id"] = ground.office.slack.stage.triggers.issue(user=CAST[role])


def _maintain(ground: Ground, *, on: bool) -> None:
    end = EVENING + timedelta(hours=2)
    with ground.office.bot.world.uow_for(ground.org_id)() as work:
        work.organisation.maintain(Maintenance(EVENING, end, "New disks", "Carl Controller") if on else None)


def _beyond_the_log(before: Rows, after: Rows) -> list[Any]:
    return [change for change in changes(before, after) if change[0] != "audit"]
