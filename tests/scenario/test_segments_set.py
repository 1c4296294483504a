"""An A/R Manager sets how a segment runs in Slack: a new version, told to whom it concerns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain.policies import DocumentKind, Mode, Segments, Settings
from domain.values import Role
from storage import tables
from storage.notation import read_document
from tests import factories
from tests.scenario.office import CARL, OLGA, RITA, VIK, Office, words_of
from tests.scenario.test_publishing import counting, draft
from tests.scenario.test_texts import buttons, person, plixo

OPEN = "segment.open"


def texts(office: Office) -> list[str]:
    """Of every version of the segments, in their order."""
    return [row["body"] for row in office.rows(tables.documents) if row["kind"] == "segments"]


def settings(office: Office, name: str) -> Settings:
    content = read_document(DocumentKind.SEGMENTS, texts(office)[-1])
    assert isinstance(content, Segments)
    found = content.named(name)
    assert found is not None
    return found.settings


def open_settings(office: Office, name: str = "Late", *, user: str = OLGA) -> None:
    plixo(office, "segments", user=user)
    view = office.slack.view(user=user)
    assert view is not None
    block = next(one for one in view.blocks if f". {name}*" in words_of(one) and buttons(one, OPEN))
    office.slack.click(user=user, action_id=OPEN, value=buttons(block, OPEN)[0])


def fill(office: Office, *, user: str = OLGA, **given: str) -> None:
    for field, value in ({"why": "They open late."} | given).items():
        office.slack.fill(user=user, block_id=f"{field}.block", action_id="written", value=value)


def entry(office: Office) -> dict[str, Any]:
    (found,) = [row for row in office.rows(tables.audit) if row["action"] == "segment.set"]
    return found


def test_the_manager_sets_it_and_everybody_concerned_hears(office: Office) -> None:
    person(office, OLGA, Role.AR_MANAGER)
    open_settings(office)
    view = office.slack.view(user=OLGA)
    assert view is not None and "the policy's, 18:00-08:00" in str(view.blocks)
    fill(office, mode="shadow", cap="20", quiet="20:00-07:00")
    sent = office.slack.submit(user=OLGA)
    assert "by version 2 of the segments" in office.modal(OLGA)
    assert counting(office)["segments"] == 2
    assert settings(office, "Late") == Settings(Mode.SHADOW, 20, read_quiet("20:00", "07:00"))
    before, after = texts(office)
    changed = "- name: Late\n  when: {ageing: [31-60, 61-90, 90+]}\n  mode: "
    assert after == before.replace(
        f"{changed}off\n", f"{changed}shadow\n  daily_cap: 20\n  quiet_hours: 20:00-07:00\n"
    ), "every other line stays, with its comment"
    noted = entry(office)
    shared = {"segment": "Late", "version": 1}
    assert noted["before"] == shared | {"mode": "off", "daily_cap": None, "quiet_hours": None}
    assert noted["after"] == shared | {
        "version": 2,
        "mode": "shadow",
        "daily_cap": "20",
        "quiet_hours": "20:00-07:00",
        "why": "They open late.",
    }
    office.beat()
    assert "published the segments, version 2" in office.told(CARL)[-1]
    office.slack.replay(sent, retry_num=1)
    assert counting(office)["segments"] == 2, "the same click again changes nothing"
    plixo(office, "segments", user=RITA)
    seen = office.modal(RITA)
    assert "At most 20 mails a day" in seen and "Quiet from 20:00 to 07:00" in seen


def test_a_segment_that_leaves_autopilot_is_judged_anew_before_it_returns(office: Office) -> None:
    at = office.clock.now()
    for name in ("Late", "Freshly due"):
        given = {"segment": name, "mode": "autopilot", "shortfalls": "", "since": at, "judged_at": at}
        factories.add_row(office.bot.world.across, tables.segment_standings, org_id=office.bot.org_id, **given)
    open_settings(office, user=CARL)
    fill(office, user=CARL, mode="shadow")
    office.slack.submit(user=CARL)
    assert office.rows(tables.segment_standings) == []


def read_quiet(start: str, end: str) -> Any:
    segments = read_document(DocumentKind.SEGMENTS, f"- {{name: A, mode: off, quiet_hours: {start}-{end}}}")
    assert isinstance(segments, Segments)
    return segments.each[0].quiet


def test_the_controller_may_too_and_takes_it_back(office: Office) -> None:
    open_settings(office, user=CARL)
    fill(office, user=CARL, cap="7")
    office.slack.submit(user=CARL)
    open_settings(office, user=CARL)
    fill(office, user=CARL, cap="")
    office.slack.submit(user=CARL)
    assert settings(office, "Late") == Settings(Mode.OFF)
    first, _, last = texts(office)
    assert last == first


def test_nobody_else_is_offered_it_and_a_role_that_was_lost_counts(office: Office) -> None:
    for user in (RITA, VIK, OLGA):
        plixo(office, "segments", user=user)
        view = office.slack.view(user=user)
        assert view is not None and not buttons(view.blocks, OPEN)
    person(office, OLGA, Role.AR_MANAGER)
    plixo(office, "segments", user=OLGA)
    view = office.slack.view(user=OLGA)
    assert view is not None
    value = buttons(view.blocks, OPEN)[0]
    person(office, OLGA, Role.OPERATOR)
    office.slack.click(user=OLGA, action_id=OPEN, value=value)
    assert "Your role doesn't include this." in office.modal(OLGA)
    assert "Ask the Controller" in office.modal(OLGA)
    assert office.actions()[-1] == "segment.set.refused"


def test_a_role_that_was_lost_counts_when_the_window_is_sent(office: Office) -> None:
    person(office, OLGA, Role.AR_MANAGER)
    open_settings(office)
    fill(office, cap="20")
    person(office, OLGA, Role.OPERATOR)
    office.slack.submit(user=OLGA)
    assert "Your role doesn't include this." in office.modal(OLGA)
    assert "Ask the Controller" in office.modal(OLGA)
    assert counting(office)["segments"] == 1 and len(texts(office)) == 1


def test_another_version_that_came_between_changes_nothing(office: Office) -> None:
    person(office, OLGA, Role.AR_MANAGER)
    open_settings(office)
    fill(office, cap="20")
    open_settings(office, "Freshly due", user=CARL)
    fill(office, user=CARL, cap="5")
    office.slack.submit(user=CARL)
    office.slack.submit(user=OLGA)
    seen = office.modal(OLGA)
    assert "The segments have changed since you opened this: Carl Controller published version 2" in seen
    assert "so nothing was set" in seen
    assert settings(office, "Late").daily_cap is None and settings(office, "Freshly due").daily_cap == 5
    assert office.actions()[-1] == "segment.set.refused"


def test_what_is_wrong_is_said_beside_it_and_the_window_stays(office: Office) -> None:
    person(office, OLGA, Role.AR_MANAGER)
    open_settings(office, "Everybody else")
    for given, block, words in (
        ({"cap": "0"}, "cap.block", "a whole number from 1 on"),
        ({"cap": "many"}, "cap.block", "a whole number from 1 on"),
        ({"cap": "", "quiet": "8 to 6"}, "quiet.block", "18:00-08:00"),
        ({"quiet": "08:00-08:00"}, "quiet.block", "two different times"),
        ({"quiet": "", "mode": "shadow"}, "mode.block", "There is no cadence for “Everybody else”"),
        ({"mode": "off"}, "mode.block", "It runs like this already."),
    ):
        fill(office, **given)
        refused = office.slack.submit(user=OLGA)
        assert words in refused.errors[block], given
    assert counting(office)["segments"] == 1
    fill(office, cap="3")
    office.slack.submit(user=OLGA)
    assert settings(office, "Everybody else").daily_cap == 3


def test_a_draft_that_waits_is_set_aside_and_the_window_says_so(office: Office) -> None:
    draft(office, "segments:\n" + texts(office)[0].replace("50000", "60000"))
    person(office, OLGA, Role.AR_MANAGER)
    open_settings(office)
    assert "A draft of the segments waits (version 2). It would be set aside by this." in office.modal(OLGA)
    fill(office, cap="20")
    office.slack.submit(user=OLGA)
    states = {row["version"]: row["state"] for row in office.rows(tables.documents) if row["kind"] == "segments"}
    assert states == {1: "published", 2: "retired", 3: "published"}


def test_a_segment_that_was_off_is_switched_on_only_with_people_to_write_to(office: Office) -> None:
    engine, org_id = office.bot.world.across, office.bot.org_id
    accounts = [factories.make_account(engine, org_id, name=f"Silent {number}") for number in range(3)]
    for account in accounts:
        factories.make_invoice(engine, org_id, account.id, due_on=factories.TODAY - timedelta(days=45))
    person(office, OLGA, Role.AR_MANAGER)
    open_settings(office)
    fill(office, mode="shadow")
    office.slack.submit(user=OLGA)
    assert "Of the segment “Late” 0 of 3 customers (0 %) may be written to; 70 % are needed." in office.modal(OLGA)
    assert counting(office)["segments"] == 1 and office.actions()[-1] == "segment.set.refused"
    for account in accounts:
        factories.make_contact(engine, org_id, account.id)
    open_settings(office)
    fill(office, mode="shadow")
    office.slack.submit(user=OLGA)
    assert settings(office, "Late").mode is Mode.SHADOW
