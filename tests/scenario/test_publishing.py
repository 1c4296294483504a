"""Documents come into force in Slack: by the Controller, with the difference in view, told to whom it concerns."""

from __future__ import annotations

from domain.usecases.apply_charter import apply_charter
from domain.values import Role
from storage import tables
from storage.charter import read_charter
from storage.defaults import default_documents
from tests import factories
from tests.scenario.office import CARL, OLGA, RITA, VIK, Office, words_of
from tests.scenario.test_texts import ask_for_softer, buttons, decide, person, plixo


def draft(office: Office, text: str) -> None:
    charter = read_charter(text)
    world = office.bot.world
    uow = world.uow_for(office.bot.org_id)
    weighed = apply_charter(charter, by="ops", uow=uow, clock=world.clock, rulebook=world.rulebook)  # type: ignore[arg-type]
    assert weighed.is_sound and weighed.changed, weighed


def draft_of_the_policy(office: Office, was: str, now: str) -> None:
    text = next(row["body"] for row in office.rows(tables.documents) if row["kind"] == "policy")
    assert was in text
    draft(office, "policy:\n" + "".join(f"  {line}\n" for line in text.replace(was, now).splitlines()))


def draft_of_the_cap(office: Office) -> None:
    draft_of_the_policy(office, "cap: 50", "cap: 80")


def draft_of_a_rename(office: Office) -> None:
    segments, cadences = (text.replace("Firm", "Firmer") for text in default_documents().values())
    draft(office, f"segments:\n{segments}\ncadences:\n{cadences}")


def open_draft(office: Office, word: str, *, user: str = CARL) -> None:
    plixo(office, word, user=user)
    view = office.slack.view(user=user)
    assert view is not None
    menus = [e for block in view.blocks for e in block.get("elements", []) if e.get("type") == "static_select"]
    option = next(o["value"] for o in menus[0]["options"] if "(draft)" in o["text"]["text"])
    office.slack.select(user=user, action_id="text.version", option=option)


def counting(office: Office) -> dict[str, int]:
    rows = [row for row in office.rows(tables.documents) if row["state"] == "published"]
    return {row["kind"]: row["version"] for row in rows}


def test_the_controller_publishes_what_they_see(office: Office) -> None:
    person(office, OLGA, Role.AR_MANAGER)
    draft_of_the_cap(office)
    plixo(office, "policies", user=CARL)
    assert "Version 2 is a draft that waits" in office.modal(CARL)
    open_draft(office, "policies")
    office.slack.click(user=CARL, action_id="text.publish")
    seen = office.modal(CARL)
    assert "beside version 1, which is in force" in seen and "Mails a day: 50 → 80" in seen
    sent = office.slack.submit(user=CARL)
    assert "Published: the policy, version 2" in office.modal(CARL)
    assert counting(office)["policy"] == 2
    office.slack.replay(sent, retry_num=1)
    assert office.actions().count("document.published") == 1, "the same click again changes nothing"
    office.beat()
    assert "Carl Controller published the policy, version 2" in office.told(OLGA)[-1]
    assert not any("published the policy" in said for said in office.told(CARL)), "who did it knows it"
    plixo(office, "policies", user=RITA)
    assert "At most 80 mails a day" in office.modal(RITA)


def test_each_currencys_minimum_is_published_and_read_in_words(office: Office) -> None:
    plixo(office, "policies", user=RITA)
    assert "• A balance of at least 1, in the invoice's own currency." in office.modal(RITA)
    draft_of_the_policy(office, "minimum_balance: '1'", "minimum_balance: {EUR: 25, JPY: 3000, others: 0}")
    open_draft(office, "policies")
    office.slack.click(user=CARL, action_id="text.publish")
    seen = office.modal(CARL)
    assert "Smallest balance worth a nudge in EUR: 1 (as in other currencies) → 25.00" in seen
    assert "Smallest balance worth a nudge in JPY: 1 (as in other currencies) → 3,000" in seen
    assert "Smallest balance worth a nudge in other currencies: 1 → 0" in seen
    office.slack.submit(user=CARL)
    plixo(office, "policies", user=RITA)
    assert "A balance of at least €25.00 or JP¥3,000; in any other currency any open balance" in office.modal(RITA)


def test_nobody_else_is_offered_it_and_a_role_that_was_lost_counts_at_the_click(office: Office) -> None:
    draft_of_the_cap(office)
    for user in (RITA, VIK, OLGA):
        open_draft(office, "policies", user=user)
        view = office.slack.view(user=user)
        assert view is not None and not buttons(view.blocks, "text.publish")
    open_draft(office, "policies")
    view = office.slack.view(user=CARL)
    assert view is not None
    person(office, CARL, Role.SALES)
    office.slack.click(user=CARL, action_id="text.publish")
    assert "Your role doesn't include this." in office.modal(CARL)
    assert office.actions()[-1] == "document.published.refused"
    assert counting(office)["policy"] == 1


def test_a_role_that_was_lost_counts_when_the_window_is_sent(office: Office) -> None:
    draft_of_the_cap(office)
    open_draft(office, "policies")
    office.slack.click(user=CARL, action_id="text.publish")
    person(office, CARL, Role.AR_MANAGER)
    office.slack.submit(user=CARL)
    assert "Your role doesn't include this." in office.modal(CARL)
    assert counting(office)["policy"] == 1


def test_what_fits_only_together_is_ticked_and_published_together(office: Office) -> None:
    draft_of_a_rename(office)
    open_draft(office, "segments")
    office.slack.click(user=CARL, action_id="text.publish")
    view = office.slack.view(user=CARL)
    assert view is not None and "The cadences, version 2, waits, too" in words_of(view.blocks)
    box = next(block for block in view.blocks if block.get("block_id") == "together.block")
    value = box["element"]["options"][0]["value"]
    office.slack.submit(user=CARL)
    assert "It would not fit with what is in force" in office.modal(CARL)
    assert counting(office) == {"policy": 1, "segments": 1, "cadences": 1}
    open_draft(office, "segments")
    office.slack.click(user=CARL, action_id="text.publish")
    office.slack.fill(user=CARL, block_id="together.block", action_id="written", value=[value])
    office.slack.submit(user=CARL)
    assert counting(office) == {"policy": 1, "segments": 2, "cadences": 2}
    assert "Published: the segments, version 2 and the cadences, version 2" in office.modal(CARL)


def test_a_draft_is_discarded_beside_what_is_in_force(office: Office) -> None:
    draft_of_the_cap(office)
    open_draft(office, "policies")
    office.slack.click(user=CARL, action_id="text.discard")
    assert "Discarded." in office.modal(CARL) and "Version 2 · 🗄️ set aside" in office.modal(CARL)
    view = office.slack.view(user=CARL)
    assert view is not None and not buttons(view.blocks, "text.publish") and not buttons(view.blocks, "text.discard")
    assert office.actions()[-1] == "document.discarded" and counting(office)["policy"] == 1


def test_a_text_that_was_asked_for_is_discarded_and_its_asker_hears(office: Office) -> None:
    ask_for_softer(office)
    office.beat()
    decide(office, "change.approve", "Let us see.")
    office.beat()
    office.slack.click(user=CARL, action_id="text.open")
    view = office.slack.view(user=CARL)
    assert view is not None and not buttons(view.blocks, "template.retire"), "a draft is discarded, a live text retired"
    office.slack.click(user=CARL, action_id="text.discard")
    assert "Discarded." in office.modal(CARL)
    assert office.actions()[-1] == "template.discarded"
    office.beat()
    assert "Your draft of “Overdue reminder”, version 2, was discarded." in office.told(RITA)[-1]
    office.slack.click(user=RITA, action_id="text.beside")
    assert "would you be so kind" in office.modal(RITA)


def test_a_segment_without_people_to_write_to_is_not_published(office: Office) -> None:
    engine, org_id = office.bot.world.across, office.bot.org_id
    silent = [factories.make_account(engine, org_id, name=f"Silent {number}") for number in range(3)]
    for account in silent:
        factories.make_invoice(engine, org_id, account.id)
    draft(office, "segments:\n- {name: Everybody, mode: shadow, cadence: Standard}\n")
    publish_segments(office)
    assert "Of the segment “Everybody” 1 of 4 customers (25 %) may be written to" in office.modal(CARL)
    assert counting(office)["segments"] == 1 and office.actions()[-1] == "document.published.refused"
    for account in silent:
        factories.make_contact(engine, org_id, account.id)
    publish_segments(office)
    assert "Published: the segments, version 2" in office.modal(CARL)


def publish_segments(office: Office) -> None:
    open_draft(office, "segments")
    office.slack.click(user=CARL, action_id="text.publish")
    office.slack.submit(user=CARL)


def test_from_the_form_the_text_as_written_is_a_third_window_with_nothing_to_open_from_it(office: Office) -> None:
    draft_of_the_cap(office)
    open_draft(office, "policies")
    office.slack.click(user=CARL, action_id="text.publish")
    office.slack.click(user=CARL, action_id="places.open")
    assert "daily_cap: " in office.modal(CARL).replace("*", "").replace("~", "")
    view = office.slack.view(user=CARL)
    assert view is not None and not buttons(view.blocks, "text.open"), "a fourth one Slack would not open"
    office.slack.close(user=CARL)
    office.slack.submit(user=CARL)
    assert counting(office)["policy"] == 2


def test_a_comparison_in_the_texts_own_window_leads_back_to_it_and_on_from_there(office: Office) -> None:
    draft_of_the_cap(office)
    open_draft(office, "policies")
    view = office.slack.view(user=CARL)
    assert view is not None
    menus = [e for block in view.blocks for e in block.get("elements", []) if e.get("type") == "static_select"]
    office.slack.select(user=CARL, action_id="text.compare", option=menus[1]["options"][0]["value"])
    assert "From version 1 to 2" in office.modal(CARL)
    office.slack.click(user=CARL, action_id="text.open")
    office.slack.click(user=CARL, action_id="text.publish")
    office.slack.click(user=CARL, action_id="places.open")
    assert "From version 1 to 2" in office.modal(CARL)


def test_what_was_published_is_read_and_a_change_of_it_asked_for(office: Office) -> None:
    draft_of_the_cap(office)
    open_draft(office, "policies")
    office.slack.click(user=CARL, action_id="text.publish")
    office.slack.submit(user=CARL)
    office.slack.click(user=CARL, action_id="text.open")
    assert "At most 80 mails a day" in office.modal(CARL)
    office.slack.click(user=CARL, action_id="text.change")
    assert "Why?" in office.modal(CARL)
