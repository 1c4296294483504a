"""Policies and templates in Slack, end to end: a wish becomes a draft, the draft an approved text, the text a nudge."""

from __future__ import annotations

from domain.values import Role
from storage import tables
from tests import factories
from tests.scenario.office import CARL, OLGA, RITA, SALES, VIK, Office, address, words_of
from tests.stage import MORNING

BODY = "Hello {customer_name},\n\nwould you be so kind as to look at {invoice_number}?\n\n{pay_link}\n\n{sender_name}"


def plixo(office: Office, words: str, *, user: str = RITA) -> None:
    assert office.slack.command(user=user, command="/plixo", text=words, channel=SALES).ok


def buttons(part: object, action: str) -> list[str]:
    """Values of the buttons with this action, in order."""
    if isinstance(part, dict):
        own = [part["value"]] if part.get("action_id") == action and "value" in part else []
        return own + [value for inner in part.values() for value in buttons(inner, action)]
    return [value for inner in part for value in buttons(inner, action)] if isinstance(part, list) else []


def open_template(office: Office, name: str, *, user: str = RITA) -> None:
    """`/plixo templates`, and the one with this name."""
    plixo(office, "templates", user=user)
    view = office.slack.view(user=user)
    assert view is not None
    block = next(one for one in view.blocks if name in words_of(one) and buttons(one, "text.open"))
    office.slack.click(user=user, action_id="text.open", value=buttons(block, "text.open")[0])


def ask_for_softer(office: Office, *, why: str = "Too harsh for new customers.", body: str = BODY) -> None:
    open_template(office, "Overdue reminder")
    office.slack.click(user=RITA, action_id="text.change")
    office.slack.fill(user=RITA, block_id="change.tone.block", action_id="written", value="Neutral")
    office.slack.fill(user=RITA, block_id="change.text.block.0", action_id="written", value=body)
    office.slack.fill(user=RITA, block_id="why.block", action_id="written", value=why)
    office.slack.submit(user=RITA)


def decide(office: Office, action: str, reason: str, *, user: str = CARL, legal: bool = False) -> None:
    last = office.slack.dm(user=user)[-1]
    office.slack.click(user=user, action_id=action, value=buttons(last.blocks, action)[0])
    office.slack.fill(user=user, block_id="why.block", action_id="written", value=reason)
    if legal:
        office.slack.fill(user=user, block_id="legal.block", action_id="written", value=["legal"])
    office.slack.submit(user=user)


def person(office: Office, slack_id: str, role: Role) -> None:
    """Vik takes another role for a while."""
    with office.bot.world.uow_for(office.bot.org_id)() as work:
        work.people.grant(office.staff[slack_id].id, role=role, capability=None, until=None, by="test")


def test_everybody_reads_the_policy_in_words(office: Office) -> None:
    plixo(office, "policies", user=VIK)
    shown = office.modal(VIK)
    assert "Quiet from 18:00 to 08:00 on the customer's own clock, and all day on Saturday and Sunday" in shown
    assert "At most 50 mails a day" in shown
    assert "Europe/Berlin" in shown
    assert "the installation's settings" in shown
    assert "written" in shown and "Comment" not in shown, "a Viewer reads, and does not comment"
    for word, expected, how in (
        ("segments", "Large and late", "In Shadow each is a draft"),
        ("cadences", "3 days after the due date", "keeps the version with which it began"),
    ):
        plixo(office, word, user=VIK)
        assert expected in office.modal(VIK)
        assert how in office.modal(VIK)


def test_the_billing_admin_is_refused_and_may_ask(office: Office) -> None:
    person(office, VIK, Role.BILLING_ADMIN)
    plixo(office, "policies", user=VIK)
    assert "Your role doesn't include this." in office.modal(VIK)
    assert "Ask the Controller" in office.modal(VIK)
    assert office.actions()[-1] == "text.read.refused"
    plixo(office, "help", user=VIK)
    said = words_of(office.last(user=VIK).blocks)
    assert "/plixo policies" not in said and "/plixo help" in said


def test_help_goes_from_the_days_work_to_the_house(office: Office) -> None:
    plixo(office, "help", user=CARL)
    said = words_of(office.last(user=CARL).blocks)
    first = ["`/account`", "/plixo drafts", "/plixo templates", "/plixo summary", "/plixo ops", "/plixo help"]
    assert sorted(first, key=said.index) == first


def test_an_unknown_word_gets_the_nearest(office: Office) -> None:
    plixo(office, "template")
    said = words_of(office.last().blocks)
    assert "Did you mean `/plixo templates`?" in said


def test_a_softer_tone_from_the_wish_to_the_nudge(office: Office) -> None:
    ask_for_softer(office)
    assert "Asked" in office.modal()
    office.beat()
    wish = office.told(CARL)[-1]
    assert "Rita Rep would like to change “Overdue reminder”, version 1" in wish
    assert "Too harsh for new customers." in wish
    assert "*The whole mail as proposed*" in wish and BODY in wish
    block = words_of(office.slack.dm(user=CARL)[-1].blocks)
    assert "*Now*" in block and "*Proposed*" in block

    decide(office, "change.approve", "Kinder is fine.", legal=True)
    assert "version 2" in office.modal(CARL)
    person(office, VIK, Role.LEGAL)
    live = [row for row in office.rows(tables.templates) if row["key"] == "overdue_reminder"]
    assert [(row["version"], row["state"]) for row in live] == [(1, "approved"), (2, "draft")]
    assert "would you be so kind" in live[1]["body"]
    office.beat()
    assert "was approved" in office.told(RITA)[-1]
    assert "Kinder is fine." in office.told(RITA)[-1]

    # Legal first, then the Controller; before both nobody can nudge with it.
    open_template(office, "Overdue reminder", user=VIK)
    office.slack.click(user=VIK, action_id="template.sign_off")
    assert "It stays a draft" in office.modal(VIK)
    open_template(office, "Overdue reminder", user=CARL)
    office.slack.click(user=CARL, action_id="template.approve")
    assert "Nudges can be sent with this version now" in office.modal(CARL)
    assert [row["state"] for row in office.rows(tables.templates) if row["key"] == "overdue_reminder"] == [
        "approved",
        "approved",
    ]

    office.open_acme()
    office.slack.click(user=RITA, action_id="nudge.open")
    view = office.slack.view(user=RITA)
    assert view is not None
    select = next(one for one in view.blocks if one.get("block_id") == "nudge.template.block")
    value = next(o["value"] for o in select["element"]["options"] if "Overdue reminder" in o["text"]["text"])
    office.slack.select(user=RITA, action_id="nudge.template", option=value)
    assert "would you be so kind" in office.modal()
    assert "version 2" in office.modal()
    office.slack.submit(user=RITA)
    assert office.rows(tables.messages)[0]["template_version"] == 2

    # Retired before it leaves: the release refuses it.
    open_template(office, "Overdue reminder", user=CARL)
    office.slack.click(user=CARL, action_id="template.retire")
    office.beat(MORNING.replace(hour=7, minute=20))
    assert office.states() == ["refused"]
    assert office.rows(tables.messages)[0]["reason"] == "no_template"
    for action in (
        "change.requested",
        "change.approved",
        "template.signed_off",
        "template.approved",
        "template.retired",
    ):
        assert action in office.actions()
    (approved,) = [row for row in office.rows(tables.audit) if row["action"] == "change.approved"]
    assert approved["after"]["why"] == "Kinder is fine."


def test_a_declined_wish_changes_nothing(office: Office) -> None:
    before = office.rows(tables.templates)
    ask_for_softer(office)
    office.beat()
    decide(office, "change.decline", "The tone was agreed with Legal.")
    assert "Nothing was changed" in office.modal(CARL)
    office.beat()
    assert "was declined" in office.told(RITA)[-1]
    assert "The tone was agreed with Legal." in office.told(RITA)[-1]
    assert office.rows(tables.templates) == before
    (declined,) = [row for row in office.rows(tables.audit) if row["action"] == "change.declined"]
    assert declined["after"]["why"] == "The tone was agreed with Legal."


def test_of_two_controllers_the_second_hears_who_was_first(office: Office) -> None:
    person(office, OLGA, Role.CONTROLLER)
    ask_for_softer(office)
    office.beat()
    stale = office.slack.dm(user=OLGA)[-1]
    office.slack.click(user=OLGA, action_id="change.decline", value=buttons(stale.blocks, "change.decline")[0])
    office.slack.fill(user=OLGA, block_id="why.block", action_id="written", value="No.")
    decide(office, "change.approve", "Yes.")
    office.slack.submit(user=OLGA)
    assert "Carl Controller was faster: it is already approved" in office.modal(OLGA)
    office.beat()
    edited = office.slack.dm(user=OLGA)[-1]
    assert edited.edited and "Carl Controller approved it" in words_of(edited.blocks)
    assert not buttons(edited.blocks, "change.approve")
    assert len([row for row in office.rows(tables.templates) if row["key"] == "overdue_reminder"]) == 2


def test_a_wish_with_an_unknown_tag_is_told_beside_the_field(office: Office) -> None:
    ask_for_softer(office, body=BODY + "\nPay within {days}.")
    view = office.slack.view(user=RITA)
    assert view is not None and view.callback_id == "change", "the window stays, with what was typed"
    assert office.rows(tables.change_requests) == []
    refused = office.slack.deliveries("view_submission")[-1]
    assert "{days} in line 8" in next(iter(refused.errors.values()))


def test_a_comment_is_answered(office: Office) -> None:
    open_template(office, "Overdue reminder")
    office.slack.click(user=RITA, action_id="text.comment")
    office.slack.fill(user=RITA, block_id="comment.block", action_id="written", value="“This week” sounds harsh.")
    sent = office.slack.submit(user=RITA)
    office.slack.replay(sent, retry_num=1)
    assert len(office.rows(tables.comments)) == 1
    office.beat()
    assert "Rita Rep commented on “Overdue reminder”, version 1" in office.told(CARL)[-1]
    office.slack.click(user=CARL, action_id="comment.answer")
    office.slack.fill(user=CARL, block_id="answer.block", action_id="written", value="Good point, ask for a change.")
    office.slack.submit(user=CARL)
    office.beat()
    assert "Good point, ask for a change." in office.told(RITA)[-1]
    assert "answered" in words_of(office.slack.dm(user=CARL)[-1].blocks)
    open_template(office, "Overdue reminder")
    assert "“This week” sounds harsh." in office.modal()
    assert "Good point, ask for a change." in office.modal()


def test_versions_are_chosen_and_compared(office: Office) -> None:
    factories.make_template(
        office.bot.world.across,
        office.bot.org_id,
        key="overdue_reminder",
        version=2,
        name="Overdue reminder",
        body=BODY,
    )
    open_template(office, "Overdue reminder")
    assert "would you be so kind" in office.modal()
    view = office.slack.view(user=RITA)
    assert view is not None
    menus = [e for block in view.blocks for e in block.get("elements", []) if e.get("type") == "static_select"]
    older = next(o["value"] for o in menus[0]["options"] if "Version 1" in o["text"]["text"])
    office.slack.select(user=RITA, action_id="text.version", option=older)
    assert "Please arrange the payment this week" in office.modal()
    view = office.slack.view(user=RITA)
    assert view is not None
    menus = [e for block in view.blocks for e in block.get("elements", []) if e.get("type") == "static_select"]
    office.slack.select(user=RITA, action_id="text.compare", option=menus[1]["options"][0]["value"])
    shown = office.modal()
    assert "From version 1 to 2" in shown and "*Version 1*" in shown and "*Version 2*" in shown


def test_a_change_of_the_policy_makes_a_draft_document(office: Office) -> None:
    plixo(office, "policies")
    office.slack.click(user=RITA, action_id="text.change")
    field = office.slack.values(user=RITA)["change.text.block.0"]["written"]["value"]
    office.slack.fill(
        user=RITA,
        block_id="change.text.block.0",
        action_id="written",
        value=field.replace("nudges_per_week: 2", "nudges_per_week: many"),
    )
    office.slack.fill(user=RITA, block_id="why.block", action_id="written", value="Two are too few.")
    refused = office.slack.submit(user=RITA)
    assert "line 10" in next(iter(refused.errors.values()))
    office.slack.fill(
        user=RITA,
        block_id="change.text.block.0",
        action_id="written",
        value=field.replace("nudges_per_week: 2", "nudges_per_week: 3"),
    )
    office.slack.submit(user=RITA)
    office.beat()
    decide(office, "change.approve", "Let us try.")
    rows = [row for row in office.rows(tables.documents) if row["kind"] == "policy"]
    assert [(row["version"], row["state"], row["made_by"]) for row in rows] == [
        (1, "published", "installation"),
        (2, "draft", address(RITA)),
    ]
    plixo(office, "policies")
    assert "At most 2 nudges" in office.modal(), "what is live did not change"


def test_a_wish_with_many_changes_is_read_to_its_end(office: Office) -> None:
    plixo(office, "policies")
    office.slack.click(user=RITA, action_id="text.change")
    lines = office.slack.values(user=RITA)["change.text.block.0"]["written"]["value"].split("\n")
    wanted = "\n".join(f"{line}\n# Remark {number}." for number, line in enumerate(lines))
    office.slack.fill(user=RITA, block_id="change.text.block.0", action_id="written", value=wanted)
    office.slack.fill(user=RITA, block_id="why.block", action_id="written", value="Nobody knows why.")
    office.slack.submit(user=RITA)
    office.beat()
    assert "Remark 9." in office.told(CARL)[-1] and "Remark 10." not in office.told(CARL)[-1]

    decide(office, "change.decline", "Write that in the handbook.")
    office.slack.close(user=CARL, everything=True)
    office.beat()
    message = office.slack.dm(user=CARL)[-1]
    office.slack.click(user=CARL, action_id="places.open", value=buttons(message.blocks, "places.open")[0])
    assert "Remark 9." in office.modal(CARL) and "Remark 10." not in office.modal(CARL)
    while "Later changes" in office.modal(CARL):
        office.slack.click(user=CARL, action_id="places.next")
    assert f"Remark {len(lines) - 1}." in office.modal(CARL)
