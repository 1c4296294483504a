"""From a signed request to the answer, with prepared outcomes behind the listeners."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import Busy, Unavailable
from domain.messages import State
from domain.outcomes import HoldBegun, NudgeChanged, Refused, RequestFiled
from domain.reasons import Reason
from domain.reporting import Field, Problem, Unacceptable
from domain.values import Capability, Role
from handlers import ids
from handlers.seal import ON_HOME, Kind, Signet
from tests.unit.handlers.conftest import Bench, said
from tests.unit.handlers.limits import problems, view_problems
from tests.unit.handlers.outcomes import (
    MIA,
    OMAR,
    make_already,
    make_candidates,
    make_card,
    make_choice,
    make_home,
    make_mine,
    make_nothing,
    make_preview,
    make_queued,
    make_shared,
    make_signet,
    make_story,
)
from tests.unit.handlers.reading import as_text

REFUSED = Refused(Reason.OUT_OF_SCOPE, ask=Role.CONTROLLER)


def draft(signet: Signet, template: str = "friendly") -> str:
    return signet.close(Kind.DRAFT, 31, 4, 2, template, 3)


def selects(signet: Signet, *, template: str = "friendly", contact: int = 4) -> dict[str, Any]:
    def chosen(action: str, value: str) -> dict[str, Any]:
        return {action: {"type": "static_select", "selected_option": {"value": value}}}

    return {
        ids.TEMPLATE_BLOCK: chosen(ids.NUDGE_TEMPLATE, signet.close(Kind.TEMPLATE, template)),
        ids.CONTACT_BLOCK: chosen(ids.NUDGE_CONTACT, signet.close(Kind.CONTACT, contact)),
    }


class TestCommand:
    @pytest.mark.parametrize(
        ("outcome", "starts"),
        [
            (make_card(), "⚠️ *Disputed.*"),
            (make_choice(), "*2 accounts fit “acme”.*"),
            (make_nothing(), "*No account fits “acmee”.*"),
            (REFUSED, "*This account belongs to a colleague.*"),
        ],
    )
    def test_words_are_looked_up_and_answered_privately(self, bench: Bench, outcome: object, starts: str) -> None:
        bench.prepared.outcomes["find_account"] = outcome
        answer = bench.command("  acme ")
        assert bench.prepared.asked == [("find_account", ("acme",), {})]
        assert answer["response_type"] == "ephemeral"
        assert as_text(answer["blocks"]).startswith(starts)
        assert not problems(answer["blocks"], most=50)

    def test_no_words_list_my_accounts(self, bench: Bench) -> None:
        bench.prepared.outcomes["my_accounts"] = make_mine()
        assert "worst first" in as_text(bench.command()["blocks"])

    @pytest.mark.parametrize("words", ["help", "HELP", "?"])
    def test_help_needs_no_books(self, bench: Bench, words: str) -> None:
        assert "Plixo in Slack" in as_text(bench.command(words)["blocks"])
        assert bench.prepared.asked == []

    def test_a_book_of_words_is_shortened(self, bench: Bench) -> None:
        bench.prepared.outcomes["find_account"] = make_nothing()
        bench.command("x" * 5_000)
        assert len(bench.prepared.asked[0][1][0]) == 200


class TestCardButtons:
    def test_refresh_turns_the_card_in_place(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["open_account"] = make_card()
        assert said(bench.click(ids.ACCOUNT_REFRESH, signet.close(Kind.ACCOUNT, 31, 1))) == {}
        (spoken,) = bench.slack.spoken
        assert spoken["replace_original"] is True and spoken["response_type"] == "ephemeral"
        assert "Show fewer invoices" in as_text(spoken["blocks"])

    def test_open_from_a_channel_leaves_the_message_alone(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["open_account"] = make_card()
        bench.click(ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, 31, 0), where="message")
        (spoken,) = bench.slack.spoken
        assert spoken["replace_original"] is False and spoken["response_type"] == "ephemeral"

    def test_open_from_home_is_a_modal_without_share(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["open_account"] = make_card()
        bench.click(ids.ACCOUNT_OPEN, signet.close(Kind.ACCOUNT, 31, 0), where="home")
        (opened,) = bench.slack.made("views.open")
        assert not view_problems(opened["view"]) and "[Share]" not in as_text(opened["view"]["blocks"])

    def test_unfolding_in_a_modal_updates_it(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["open_account"] = make_card()
        bench.click(ids.ACCOUNT_MORE, signet.close(Kind.ACCOUNT, 31, 2), where="modal")
        (updated,) = bench.slack.made("views.update")
        assert updated["view_id"] == "V9" and updated["hash"] == "h9"

    def test_share_posts_for_everybody_once(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["share_account"] = make_shared()
        bench.click(ids.ACCOUNT_SHARE, signet.close(Kind.ACCOUNT, 31, 0))
        (spoken,) = bench.slack.spoken
        assert spoken["response_type"] == "in_channel" and spoken["replace_original"] is False
        assert bench.prepared.asked == [("share_account", (31,), {"origin": "click:U7:1795.1:account.share"})]

    def test_asking_the_controller(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["request_access"] = RequestFiled(5, again=False)
        bench.click(ids.ACCESS_ASK, signet.close(Kind.ASK, "out_of_scope", "view_accounts", 31))
        wanted = {"reason": Reason.OUT_OF_SCOPE, "capability": Capability.VIEW_ACCOUNTS, "account_id": 31, "words": ""}
        assert bench.prepared.asked == [("request_access", (), wanted)]
        assert bench.slack.spoken[0]["text"].startswith("Asked.")

    @pytest.mark.parametrize(
        "value",
        ["", "nonsense", "31", make_signet(OMAR).close(Kind.ACCOUNT, 31, 0), make_signet().close(Kind.CONTACT, 31)],
        ids=["empty", "nonsense", "a bare id", "somebody else's", "of another kind"],
    )
    def test_a_forged_button_reaches_no_use_case(self, bench: Bench, value: str) -> None:
        bench.click(ids.ACCOUNT_REFRESH, value)
        assert bench.prepared.asked == []
        assert bench.slack.spoken[0]["text"].startswith("This button is out of date. Nothing was changed.")


class TestNudge:
    def test_the_window_opens_before_the_books_are_read(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["preview_nudge"] = make_preview()
        bench.click(ids.NUDGE_OPEN, signet.close(Kind.ACCOUNT, 31, 0))
        assert [method for method, _ in bench.slack.calls] == ["views.open", "views.update"]
        opened, updated = bench.slack.calls[0][1], bench.slack.calls[1][1]
        assert opened["trigger_id"] == "2.2" and updated["view_id"] == "V1" and updated["hash"] == "hash.1"
        assert not view_problems(updated["view"])
        assert updated["view"]["callback_id"] == ids.NUDGE_MODAL

    @pytest.mark.parametrize("outcome", [make_already(is_mine=False), REFUSED])
    def test_what_cannot_be_nudged_has_nothing_to_send(self, bench: Bench, signet: Signet, outcome: object) -> None:
        bench.prepared.outcomes["preview_nudge"] = outcome
        bench.click(ids.NUDGE_OPEN, signet.close(Kind.ACCOUNT, 31, 0))
        (updated,) = bench.slack.made("views.update")
        assert "submit" not in updated["view"]

    def test_from_a_card_in_a_modal_it_is_pushed_on_top(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["preview_nudge"] = make_preview()
        bench.click(ids.NUDGE_OPEN, signet.close(Kind.ACCOUNT, 31, 0), where="modal")
        assert [method for method, _ in bench.slack.calls] == ["views.push", "views.update"]

    @pytest.mark.parametrize("error", ["expired_trigger_id", "exchanged_trigger_id"])
    def test_a_late_trigger_asks_for_another_click(self, bench: Bench, signet: Signet, error: str) -> None:
        bench.slack.errors["views.open"] = error
        bench.click(ids.NUDGE_OPEN, signet.close(Kind.ACCOUNT, 31, 0))
        assert bench.slack.spoken[0]["text"].endswith("Please click again.")
        assert bench.slack.spoken[0]["replace_original"] is False
        assert bench.prepared.asked == []

    def test_a_fourth_window_says_where_to_do_it_instead(self, bench: Bench, signet: Signet) -> None:
        bench.slack.errors["views.push"] = "push_limit_reached"
        bench.click(ids.NUDGE_OPEN, signet.close(Kind.ACCOUNT, 31, 0), where="modal")
        (updated,) = bench.slack.made("views.update")
        assert "no more than three windows" in as_text(updated["view"]["blocks"])
        assert "on our side" not in as_text(updated["view"]["blocks"])

    def test_busy_books_are_said_in_the_window_that_is_open(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["preview_nudge"] = Busy("no connection")
        bench.click(ids.NUDGE_OPEN, signet.close(Kind.ACCOUNT, 31, 0))
        (updated,) = bench.slack.made("views.update")
        assert "The books are busy. Nothing was changed." in as_text(updated["view"]["blocks"])

    def test_another_text_redraws_what_was_seen(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["preview_nudge"] = make_preview()
        body = bench.clicked(ids.NUDGE_TEMPLATE, "", where="modal")
        body["view"] |= {"private_metadata": draft(signet), "state": {"values": selects(signet, template="firm")}}
        bench.send(body)
        wanted = {"template_key": "firm", "contact_id": 4}
        assert bench.prepared.asked == [("preview_nudge", (31,), wanted)]
        assert bench.slack.made("views.update")[0]["hash"] == "h9"

    def test_a_redraw_that_comes_too_late_is_dropped(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["preview_nudge"] = make_preview()
        bench.slack.errors["views.update"] = "hash_conflict"
        body = bench.clicked(ids.NUDGE_TEMPLATE, "", where="modal")
        body["view"] |= {"private_metadata": draft(signet), "state": {"values": selects(signet)}}
        assert bench.send(body).status == 200
        assert len(bench.slack.calls) == 1

    @pytest.mark.parametrize(
        ("outcome", "starts"),
        [
            (make_queued(), "✅ *Queued.*"),
            (make_already(is_mine=True), "*You nudged Acme"),
            (Refused(Reason.INVOICE_PAID, subject="INV-1039"), "*INV-1039 is paid.*"),
        ],
    )
    def test_sending_answers_in_the_same_window(
        self, bench: Bench, signet: Signet, outcome: object, starts: str
    ) -> None:
        bench.prepared.outcomes["queue_nudge"] = outcome
        answer = bench.submit(ids.NUDGE_MODAL, metadata=draft(signet), values=selects(signet))
        assert answer["response_action"] == "update"
        assert as_text(answer["view"]["blocks"]).startswith(starts)
        assert not view_problems(answer["view"])
        wanted = {
            "contact_id": 4,
            "invoice_id": 2,
            "template_key": "friendly",
            "template_version": 3,
            "origin": "view:V42",
        }
        assert bench.prepared.asked == [("queue_nudge", (31,), wanted)]

    def test_what_was_not_seen_is_not_sent(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["preview_nudge"] = make_preview()
        answer = bench.submit(ids.NUDGE_MODAL, metadata=draft(signet), values=selects(signet, contact=5))
        assert [name for name, _, _ in bench.prepared.asked] == ["preview_nudge"]
        assert "please look once more" in as_text(answer["view"]["blocks"])
        assert answer["view"]["callback_id"] == ids.NUDGE_MODAL

    def test_metadata_of_another_person_queues_nothing(self, bench: Bench) -> None:
        foreign = draft(make_signet(OMAR))
        answer = bench.submit(ids.NUDGE_MODAL, metadata=foreign)
        assert bench.prepared.asked == []
        assert "This button is out of date." in as_text(answer["view"]["blocks"])

    def test_it_can_be_taken_back_where_it_was_queued(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["cancel_nudge"] = NudgeChanged(make_story(State.CANCELLED), State.QUEUED)
        bench.click(ids.NUDGE_TAKE_BACK, signet.close(Kind.NUDGE, "a" * 32), where="modal")
        (updated,) = bench.slack.made("views.update")
        assert "Nothing is sent." in as_text(updated["view"]["blocks"])


class TestAlerts:
    @pytest.mark.parametrize(
        ("action", "case", "kwargs", "state"),
        [
            (ids.ALERT_RESUME, "resume_nudge", {}, State.QUEUED),
            (ids.ALERT_CANCEL, "cancel_nudge", {}, State.CANCELLED),
            (ids.ALERT_ARRIVED, "resolve_unconfirmed", {"arrived": True}, State.SENT),
            (ids.ALERT_SEND_AGAIN, "resolve_unconfirmed", {"arrived": False}, State.QUEUED),
        ],
    )
    def test_a_change_is_shown_to_all_at_once(
        self, bench: Bench, signet: Signet, action: str, case: str, kwargs: dict[str, Any], state: State
    ) -> None:
        bench.prepared.outcomes[case] = NudgeChanged(make_story(state), State.QUEUED)
        bench.click(action, signet.close_for_all(Kind.NUDGE, "a" * 32), where="message")
        assert bench.prepared.asked == [(case, ("a" * 32,), kwargs)]
        (spoken,) = bench.slack.spoken
        assert spoken["replace_original"] is True and "response_type" not in spoken

    def test_a_refusal_is_told_to_the_one_who_clicked(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["cancel_nudge"] = Refused(Reason.TOO_LATE, subject="sent")
        bench.click(ids.ALERT_CANCEL, signet.close_for_all(Kind.NUDGE, "a" * 32), where="message")
        (spoken,) = bench.slack.spoken
        assert spoken["response_type"] == "ephemeral" and spoken["replace_original"] is False


class TestHold:
    """It asks why, and so it is a window."""

    def test_the_click_asks_whether_they_may_and_holds_nothing(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["begin_hold"] = HoldBegun(make_story(), needs_why=True)
        value = signet.close_for_all(Kind.NUDGE, "a" * 32)
        bench.click(ids.ALERT_HOLD, value, where="message")
        assert bench.prepared.asked == [("begin_hold", ("a" * 32,), {})]
        view = bench.slack.made("views.update")[0]["view"]
        assert view["callback_id"] == ids.NUDGE_HOLD_MODAL and view["private_metadata"] == value
        assert view["blocks"][-1]["optional"] is False

    def test_whoever_may_not_reads_why(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["begin_hold"] = Refused(Reason.TOO_LATE, subject="sent")
        bench.click(ids.HOME_HOLD, signet.close(Kind.NUDGE, "a" * 32), where="home")
        assert "can't be stopped any more" in as_text(bench.slack.made("views.update")[0]["view"]["blocks"])

    @pytest.mark.parametrize(("place", "homes"), [((), 0), ((ON_HOME,), 1)], ids=["in an alert", "on Home"])
    def test_what_was_held_on_home_is_drawn_anew_there(
        self, bench: Bench, signet: Signet, place: tuple[str, ...], homes: int
    ) -> None:
        bench.prepared.outcomes |= {
            "hold_nudge": NudgeChanged(make_story(State.HELD), State.QUEUED),
            "open_home": make_home(),
        }
        answer = bench.submit(ids.NUDGE_HOLD_MODAL, metadata=signet.close(Kind.NUDGE, "a" * 32, *place))
        assert "is on hold. It waits until" in as_text(answer["view"]["blocks"])
        assert len(bench.slack.made("views.publish")) == homes

    def test_a_hold_is_told_also_when_home_cannot_be_read_now(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes |= {
            "hold_nudge": NudgeChanged(make_story(State.HELD), State.QUEUED),
            "open_home": Busy("no connection"),
        }
        answer = bench.submit(ids.NUDGE_HOLD_MODAL, metadata=signet.close(Kind.NUDGE, "a" * 32, ON_HOME))
        assert "is on hold. It waits until" in as_text(answer["view"]["blocks"])
        assert bench.slack.made("chat.postMessage") == [], "nothing that says that nothing was changed"

    @pytest.mark.parametrize(
        ("outcome", "says"),
        [
            (NudgeChanged(make_story(State.HELD), State.QUEUED), "is on hold. It waits until somebody resumes"),
            (Refused(Reason.TOO_LATE, subject="sent"), "can't be stopped any more"),
        ],
        ids=["held", "too late"],
    )
    def test_what_is_sent_holds_it(self, bench: Bench, signet: Signet, outcome: Any, says: str) -> None:
        bench.prepared.outcomes["hold_nudge"] = outcome
        values = {"words": {ids.WORDS: {"type": "plain_text_input", "value": " She called. "}}}
        answer = bench.submit(ids.NUDGE_HOLD_MODAL, metadata=signet.close(Kind.NUDGE, "a" * 32), values=values)
        assert bench.prepared.asked == [("hold_nudge", ("a" * 32,), {"why": "She called."})]
        assert says in as_text(answer["view"]["blocks"])

    def test_nothing_said_is_to_be_mended(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["hold_nudge"] = Unacceptable((Problem(Field.WHY, "Say why."),))
        values = {"words": {ids.WORDS: {"type": "plain_text_input", "value": " "}}}
        answer = bench.submit(ids.NUDGE_HOLD_MODAL, metadata=signet.close(Kind.NUDGE, "a" * 32), values=values)
        assert answer["errors"] == {"words": "Say why."}


class TestHome:
    def test_opening_it_publishes_it(self, bench: Bench) -> None:
        bench.prepared.outcomes["open_home"] = make_home()
        bench.event({"type": "app_home_opened", "user": "U7", "tab": "home"})
        (published,) = bench.slack.made("views.publish")
        assert published["user_id"] == "U7" and not view_problems(published["view"])

    def test_the_messages_tab_is_none_of_our_business(self, bench: Bench) -> None:
        assert bench.event({"type": "app_home_opened", "user": "U7", "tab": "messages"}).status == 200
        assert bench.slack.calls == [] and bench.prepared.asked == []

    def test_a_button_there_publishes_it_anew_and_says_what_it_did(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes |= {
            "resume_nudge": NudgeChanged(make_story(State.QUEUED), State.HELD),
            "open_home": make_home(),
        }
        bench.click(ids.HOME_RESUME, signet.close(Kind.NUDGE, "a" * 32), where="home")
        (published,) = bench.slack.made("views.publish")
        assert "The nudge for INV-1039 (Acme Robotics GmbH) is queued." in as_text(published["view"]["blocks"])

    def test_a_refusal_there_opens_a_window(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["cancel_nudge"] = Refused(Reason.TOO_LATE)
        bench.click(ids.HOME_CANCEL, signet.close(Kind.NUDGE, "a" * 32), where="home")
        assert "can't be stopped any more" in json.dumps(bench.slack.made("views.open")[0])

    def test_when_even_that_window_is_late_a_message_comes(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["open_account"] = make_card()
        bench.slack.errors["views.open"] = "expired_trigger_id"
        bench.click(ids.ACCOUNT_OPEN, signet.close(Kind.ACCOUNT, 31, 0), where="home")
        (message,) = bench.slack.made("chat.postMessage")
        assert message["channel"] == "U7" and "click again" in message["text"]


class TestFind:
    def test_the_shortcut_opens_the_search(self, bench: Bench) -> None:
        body = {
            "type": "shortcut",
            "callback_id": ids.FIND_SHORTCUT,
            "trigger_id": "3.3",
            "team": {"id": "T1"},
            "user": {"id": "U7", "team_id": "T1"},
        }
        assert bench.send(body).status == 200
        (opened,) = bench.slack.made("views.open")
        assert not view_problems(opened["view"])

    def test_typing_suggests_accounts(self, bench: Bench) -> None:
        bench.prepared.outcomes["suggest_accounts"] = make_candidates()
        body = {
            "type": "block_suggestion",
            "action_id": ids.FIND_SELECT,
            "block_id": ids.FIND_BLOCK,
            "value": "acme",
            "team": {"id": "T1"},
            "user": {"id": "U7", "team_id": "T1"},
            "view": {"id": "V1", "type": "modal"},
        }
        options = said(bench.send(body))["options"]
        assert [one["text"]["text"] for one in options] == ["Acme Robotics GmbH (C-1042)", "Acme Retail Ltd (C-88)"]
        assert bench.prepared.asked == [("suggest_accounts", ("acme",), {})]

    def test_the_choice_becomes_the_card(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["open_account"] = make_card()
        chosen = {"selected_option": {"value": signet.close(Kind.ACCOUNT, 31, 0)}}
        answer = bench.submit(ids.FIND_MODAL, values={ids.FIND_BLOCK: {ids.FIND_SELECT: chosen}})
        assert answer["response_action"] == "update" and "submit" not in answer["view"]
        assert "Acme Robotics GmbH" in as_text(answer["view"]["blocks"])


class TestWhoAsks:
    @pytest.mark.parametrize("reason", [Reason.UNKNOWN_PERSON, Reason.DEACTIVATED])
    def test_unknown_people_are_told_politely_everywhere(self, bench: Bench, signet: Signet, reason: Reason) -> None:
        bench.prepared.person = Refused(reason, ask=Role.CONTROLLER)
        assert bench.command("acme")["response_type"] == "ephemeral"
        bench.click(ids.ACCOUNT_REFRESH, signet.close(Kind.ACCOUNT, 31, 0))
        assert bench.slack.spoken[0]["response_type"] == "ephemeral"
        assert bench.submit(ids.NUDGE_MODAL)["response_action"] == "update"
        bench.event({"type": "app_home_opened", "user": "U7", "tab": "home"})
        assert len(bench.slack.made("views.publish")) == 1
        assert bench.prepared.asked == []

    def test_a_workspace_without_plixo_is_told_so(self, bench: Bench) -> None:
        answer = bench.command("acme", team_id="T2")
        assert answer["text"].startswith("Plixo isn't connected to your workspace.")

    def test_a_guest_from_another_company_sees_nothing(self, bench: Bench, signet: Signet) -> None:
        """In a channel shared by Slack Connect: the host's workspace is ours, the person's is not."""
        foreign = {"user": {"id": "U7", "team_id": "T9"}}
        bench.click(ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, 31, 0), where="message", **foreign)
        assert bench.prepared.asked == []
        assert bench.slack.spoken[0]["text"].startswith("Plixo isn't connected to your workspace.")

    def test_another_workspace_of_the_same_organisation_is_at_home(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.org_ids["T5"] = 1
        bench.prepared.outcomes["open_account"] = make_card()
        same = {"user": {"id": "U7", "team_id": "T5"}}
        bench.click(ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, 31, 0), where="message", **same)
        assert bench.prepared.asked == [("open_account", (31,), {})]

    def test_somebody_without_a_zone_reads_the_workspaces(self, bench: Bench) -> None:
        bench.prepared.person = replace(MIA, zone=None)
        bench.prepared.outcomes["find_account"] = make_card()
        assert "08:04 in Berlin." in as_text(bench.command("acme")["blocks"])

    def test_a_payload_cannot_name_its_own_role(self, bench: Bench) -> None:
        bench.prepared.person = Refused(Reason.UNKNOWN_PERSON)
        answer = bench.command("acme", role="controller", actor='{"org_id": 1, "user_id": 7}', org_id="1")
        assert answer["text"].startswith("I don't know you yet")

    def test_slack_not_answering_about_somebody_is_not_their_fault(self, bench: Bench) -> None:
        bench.prepared.person = Unavailable("users.info", code="timeout")
        assert bench.command("acme")["text"].startswith("The books are busy.")


class TestTrouble:
    def test_busy_books_change_nothing_and_say_so(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes |= {"find_account": Busy("pool"), "queue_nudge": Busy("pool")}
        assert bench.command("acme")["text"] == "The books are busy. Nothing was changed. Please try again in a moment."
        answer = bench.submit(ids.NUDGE_MODAL, metadata=draft(signet), values=selects(signet))
        assert answer["response_action"] == "update" and "busy" in as_text(answer["view"]["blocks"])

    def test_an_accident_has_a_number_and_leaks_nothing(self, bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
        secret = "anna@acme.example EUR 12,400.00 https://pay.plixo.example/x xoxb-1"
        bench.prepared.outcomes["find_account"] = RuntimeError(secret)
        answer = bench.command("acme")
        incident = answer["text"].partition("“")[2].partition("”")[0]
        assert len(incident) == 8 and f"incident {incident} in /account: builtins.RuntimeError" in caplog.text
        for word in secret.split():
            assert word not in caplog.text and word not in json.dumps(answer)

    def test_an_accident_after_the_ack_keeps_the_ack(self, bench: Bench, signet: Signet) -> None:
        bench.prepared.outcomes["open_account"] = make_card()
        bench.slack.response_status = 500
        assert bench.click(ids.ACCOUNT_REFRESH, signet.close(Kind.ACCOUNT, 31, 0)).status == 200

    def test_an_accident_while_typing_suggests_nothing(self, bench: Bench) -> None:
        bench.prepared.outcomes["suggest_accounts"] = ValueError("x")
        body = {
            "type": "block_suggestion",
            "action_id": ids.FIND_SELECT,
            "value": "ac",
            "team": {"id": "T1"},
            "user": {"id": "U7"},
            "view": {"id": "V1", "type": "modal"},
        }
        assert said(bench.send(body)) == {"options": []}


class TestSlackTellsOfItself:
    def test_a_changed_person(self, bench: Bench) -> None:
        user = {
            "id": "U7",
            "team_id": "T1",
            "deleted": True,
            "tz": "Asia/Tokyo",
            "locale": "ja-JP",
            "profile": {"email": "mia@northwind.example", "real_name": "Mia Keller"},
        }
        assert bench.event({"type": "user_change", "user": user}).status == 200
        ((org_id, slack_id, profile),) = bench.prepared.changed_users
        assert (org_id, slack_id, profile.is_active, profile.zone) == (1, "U7", False, "Asia/Tokyo")

    def test_a_change_in_a_workspace_we_do_not_know_is_ignored(self, bench: Bench) -> None:
        bench.prepared.org_ids.clear()
        bench.event({"type": "user_change", "user": {"id": "U7", "deleted": True}})
        assert bench.prepared.changed_users == []

    def test_uninstalling_and_revoking_end_it(self, bench: Bench) -> None:
        bench.event({"type": "app_uninstalled"})
        bench.event({"type": "tokens_revoked", "tokens": {"oauth": ["U7"], "bot": ["UBOT"]}})
        bench.event({"type": "tokens_revoked", "tokens": {"oauth": ["U7"]}})
        assert bench.prepared.uninstalled == [("T1", None), ("T1", None)]
