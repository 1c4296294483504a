"""What is not recorded in time: those above hear of it, and hand it to somebody who is there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain.values import Role
from tests.scenario.office import CARL, OLGA, RITA, VIK, Office
from tests.scenario.reporting import duty, make, press, report_from_message
from tests.stage import EVENING


def test_the_managers_are_told_before_minute_fifteen(office: Office) -> None:
    report_from_message(office)
    office.slack.submit(user=RITA)
    duty(office)
    office.clock.set(EVENING + timedelta(minutes=12, seconds=30))
    office.chores()
    office.beat()
    assert "is about to miss its 15 minutes" in office.told(CARL)[-1]
    assert "Escalated 21:52" in office.told(OLGA)[-1], "her alert is kept true"
    office.clock.set(EVENING + timedelta(minutes=16))
    press(office, OLGA, "duty.acknowledge")
    office.beat()
    assert "has missed its 15 minutes. Olga Operator has it in hand" in office.told(CARL)[-1].replace("*", "")
    assert "It is late." in office.told(OLGA)[-1]


def test_whoever_it_was_escalated_to_hands_it_to_an_operator_who_is_there(office: Office) -> None:
    report_from_message(office)
    office.slack.submit(user=RITA)
    duty(office)
    office.clock.set(EVENING + timedelta(minutes=12, seconds=30))
    office.chores()
    make(office, VIK, Role.OPERATOR)
    office.beat()
    press(office, OLGA, "duty.acknowledge")
    office.beat()
    press(office, CARL, "duty.hand")
    vik = next(one["value"] for one in options_of(office, CARL) if one["text"]["text"] == "Vik Viewer")
    office.slack.select(user=CARL, action_id="duty.to", option=vik)
    office.slack.submit(user=CARL)
    assert "Vik Viewer has it now." in office.modal(CARL)
    told = duty(office, VIK).replace("*", "")
    assert "Acme Robotics GmbH" in told and "With you, handed over by Carl Controller." in told
    assert "With *Vik Viewer*, handed over by" in office.told(OLGA)[-1], "it is no longer hers"
    assert "Vik Viewer was given it and has not said" in office.told(CARL)[-1].replace("*", "")
    press(office, VIK, "duty.acknowledge")
    assert "Vik Viewer has it in hand" in office.told(VIK)[-1]
    press(office, VIK, "duty.record")
    office.beat()
    assert "On record" in office.told(CARL)[-1] and "Hand to" not in office.told(CARL)[-1]


def options_of(office: Office, user: str) -> list[Any]:
    """What the select in somebody's window offers."""
    window = office.slack.view(user=user)
    assert window is not None
    return [one for block in window.blocks for one in block.get("element", {}).get("options", ())]
