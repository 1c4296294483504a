"""The acknowledgement leaves first: it never waits for Slack's own API, which may be slow or refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.charter import Uncounted
from domain.maintenance import Maintenance
from domain.outcomes import Refused
from domain.policies import Segments
from domain.reasons import Reason
from handlers import ids
from handlers.seal import Kind, Signet
from tests.unit.handlers.conftest import Bench, said
from tests.unit.handlers.outcomes import NOW, make_card, make_home, make_preview, make_shared
from tests.unit.handlers.reading import as_text
from tests.unit.handlers.summaries import make_summary

Body = dict[str, Any]


def a_button(action: str, where: str) -> Callable[[Bench, Signet], Body]:
    return lambda bench, signet: bench.clicked(action, signet.close(Kind.ACCOUNT, 31, 0), where=where)


def home_opened(bench: Bench, signet: Signet) -> Body:
    event = {"type": "app_home_opened", "user": "U7", "tab": "home", "event_ts": "1.0"}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}


def a_shortcut(bench: Bench, signet: Signet) -> Body:
    body = {"type": "shortcut", "callback_id": ids.FIND_SHORTCUT, "trigger_id": "3.3"}
    return body | {"team": {"id": "T1"}, "user": {"id": "U7", "team_id": "T1"}}


@pytest.fixture
def ready(bench: Bench) -> Bench:
    bench.prepared.outcomes |= {
        "open_account": make_card(),
        "share_account": make_shared(),
        "preview_nudge": make_preview(),
        "open_home": make_home(),
    }
    return bench


@pytest.mark.parametrize(
    ("request_of", "calls"),
    [
        pytest.param(a_button(ids.ACCOUNT_REFRESH, "ephemeral"), [], id="response URL"),
        pytest.param(a_button(ids.ACCOUNT_SHARE, "ephemeral"), [], id="share"),
        pytest.param(a_button(ids.ACCOUNT_MORE, "modal"), ["views.update"], id="a view anew"),
        pytest.param(a_button(ids.ACCOUNT_OPEN, "home"), ["views.open"], id="a view"),
        pytest.param(a_button(ids.NUDGE_OPEN, "ephemeral"), ["views.open", "views.update"], id="nudge"),
        pytest.param(home_opened, ["views.publish"], id="home"),
        pytest.param(a_shortcut, ["views.open"], id="shortcut"),
    ],
)
def test_slack_is_called_after_the_acknowledgement(
    ready: Bench, signet: Signet, request_of: Callable[[Bench, Signet], Body], calls: list[str]
) -> None:
    assert said(ready.acknowledge(request_of(ready, signet))) == {}
    assert (ready.slack.calls, ready.slack.spoken) == ([], [])
    (rest,) = ready.aside
    rest()
    assert [method for method, _ in ready.slack.calls] == calls
    assert len(ready.slack.spoken) == (0 if calls else 1)


def test_a_window_that_opens_does_not_wait_for_the_books_before_the_acknowledgement(
    ready: Bench, signet: Signet
) -> None:
    ready.acknowledge(a_button(ids.NUDGE_OPEN, "ephemeral")(ready, signet))
    assert ready.prepared.asked == []


def test_the_answer_to_a_command_is_its_acknowledgement(ready: Bench) -> None:
    ready.prepared.outcomes["find_account"] = make_card()
    assert "INV-" in as_text(ready.command("acme")["blocks"])
    assert (ready.slack.calls, ready.slack.spoken) == ([], [])


def test_whoever_is_refused_is_told_after_it_as_well(bench: Bench, signet: Signet) -> None:
    bench.prepared.person = Refused(Reason.UNKNOWN_PERSON)
    body = bench.clicked(ids.ACCOUNT_REFRESH, signet.close(Kind.ACCOUNT, 31, 0))
    assert said(bench.acknowledge(body)) == {}
    assert bench.slack.spoken == []
    bench.aside.pop()()
    assert len(bench.slack.spoken) == 1


def test_a_failure_after_it_is_told_where_no_trigger_is_needed(ready: Bench, signet: Signet) -> None:
    ready.slack.errors["views.open"] = "expired_trigger_id"
    assert said(ready.send(a_button(ids.ACCOUNT_OPEN, "home")(ready, signet))) == {}
    (written,) = ready.slack.made("chat.postMessage")
    assert "click again" in written["text"]


def test_a_file_that_fails_after_a_command_is_told_where_it_was_typed(ready: Bench) -> None:
    ready.prepared.outcomes["export_summary"] = make_summary()
    ready.slack.errors["chat.postMessage"] = "channel_not_found"
    told = ready.command("summary", command="/plixo")
    assert "The receivables summary" in told["text"]
    (spoken,) = ready.slack.spoken
    assert "Something went wrong" in spoken["text"] and spoken["response_type"] == "ephemeral"


def test_a_failure_before_it_is_told_after_it(ready: Bench, signet: Signet) -> None:
    ready.prepared.outcomes["open_account"] = ValueError("boom")
    assert said(ready.acknowledge(a_button(ids.ACCOUNT_REFRESH, "ephemeral")(ready, signet))) == {}
    assert ready.slack.spoken == []
    ready.aside.pop()()
    assert "Something went wrong" in ready.slack.spoken[0]["text"]


@pytest.mark.parametrize(("status", "tries", "level"), [(429, 1, "WARNING"), (503, 1, "WARNING"), (400, 2, "ERROR")])
def test_a_slack_that_takes_nothing_is_not_told_again(
    ready: Bench, signet: Signet, caplog: pytest.LogCaptureFixture, status: int, tries: int, level: str
) -> None:
    """What Slack refuses for its content is our mistake: then a plain sentence may pass."""
    ready.slack.response_status = status
    assert said(ready.send(a_button(ids.ACCOUNT_REFRESH, "ephemeral")(ready, signet))) == {}
    assert len(ready.slack.spoken) == tries
    assert {record.levelname for record in caplog.records if record.name == "plixo.handlers"} == {level}


def test_nor_is_one_that_takes_no_more_calls(ready: Bench, signet: Signet, caplog: pytest.LogCaptureFixture) -> None:
    ready.slack.errors["views.open"] = "ratelimited"
    assert said(ready.send(a_button(ids.ACCOUNT_OPEN, "home")(ready, signet))) == {}
    assert [method for method, _ in ready.slack.calls] == ["views.open"]
    assert "incident" not in caplog.text


FEW = Refused(Reason.FEW_CONTACTS, subject="Late", share=(9, 1_900))
PUBLISHING = (ids.PUBLISH_MODAL, Kind.EDITION, ("segments:2",), "publish_texts", "publish_counted")
SETTING = (ids.SEGMENT_MODAL, Kind.SEGMENT, (1, 0), "set_segment", "set_counted_segment")


def sent_to_be_counted(bench: Bench, signet: Signet, window: Any, outcome: Any) -> None:
    callback, kind, shown, first, then = window
    bench.prepared.outcomes |= {first: Uncounted(Segments()), "count_customers": {}, then: outcome}
    values = {ids.WHY_BLOCK: {ids.WRITTEN: {"value": "We begin."}}}
    values[ids.MODE_BLOCK] = {ids.WRITTEN: {"selected_option": {"value": "shadow"}}}  # type: ignore[dict-item]
    answer = said(bench.acknowledge(bench.submitted(callback, metadata=signet.close(kind, *shown), values=values)))
    assert answer["response_action"] == "update" and "being counted" in as_text(answer["view"]["blocks"])


@pytest.mark.parametrize("window", [PUBLISHING, SETTING], ids=["publishing", "setting"])
@pytest.mark.parametrize(
    ("outcome", "words"),
    [(FEW, "9 of 1,900 customers (0 %)"), (RuntimeError("lost"), "Something went wrong on our side.")],
)
def test_what_takes_longer_than_slack_waits_is_told_in_the_persons_own_messages(
    bench: Bench, signet: Signet, window: Any, outcome: Any, words: str
) -> None:
    sent_to_be_counted(bench, signet, window, outcome)
    bench.aside.pop()()
    ((method, given),) = bench.slack.calls
    assert (method, given["channel"]) == ("chat.postMessage", "U7") and words in given["text"]


@pytest.mark.parametrize("window", [PUBLISHING, SETTING], ids=["publishing", "setting"])
def test_a_maintenance_that_began_while_it_was_counted_is_kept(bench: Bench, signet: Signet, window: Any) -> None:
    sent_to_be_counted(bench, signet, window, FEW)
    bench.prepared.maintenance = Maintenance(NOW, NOW + timedelta(hours=1), "Upgrade", "Ada Admin")
    bench.aside.pop()()
    ((_, given),) = bench.slack.calls
    assert "Upgrade" in given["text"]
    assert [name for name, *_ in bench.prepared.asked] == [window[3], "count_customers"], "nothing was changed"
