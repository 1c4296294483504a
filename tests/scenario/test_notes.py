"""Notes from the card to the direct message and back, over signed requests."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import update

from storage import tables
from tests import factories
from tests.scenario.office import CARL, EVE, OLGA, RITA, SAM, VIK, Office, words_of

BODY, PEOPLE = "note.body", "note.people"


def write(office: Office, text: str, *, user: str = RITA, people: tuple[str, ...] = ()) -> dict[str, str]:
    """Open the card, press “Add note”, fill it in and send it; what is to be mended."""
    office.open_named("Acme Robotics GmbH", user=user)
    assert office.slack.click(user=user, action_id="notes.add").ok
    office.slack.fill(user=user, action_id=BODY, value=text)
    if people:
        office.slack.fill(user=user, action_id=PEOPLE, value=list(people))
    return office.slack.submit(user=user).errors


def bodies(office: Office) -> list[str]:
    return [row["body"] for row in office.rows(tables.notes)]


def test_a_note_names_somebody_who_answers_and_its_author_hears(office: Office) -> None:
    # Rita names Olga, who has never used Plixo in Slack: Slack knows her address.
    assert write(office, "Pays on the 15th only. Can you confirm?", people=(OLGA,)) == {}
    assert "Your note is there" in office.modal()
    assert "Olga Operator" in office.modal()
    (note,) = office.rows(tables.notes)
    assert note["department"] == "Sales"
    assert note["author"] == "Rita Rep"
    view = office.slack.view(user=RITA)
    assert view is not None
    assert note["external_id"] == f"slack:{view.id}"
    assert office.alerts() == [], "nothing of it in a channel"

    office.beat()
    (told,) = office.told(OLGA)
    assert "Rita Rep (Sales) named you in a note about Acme Robotics GmbH" in told
    assert "Pays on the 15th only." in told

    # She answers from the message, and Rita hears of it.
    office.clock.advance(timedelta(minutes=5))
    assert office.slack.click(user=OLGA, action_id="note.reply", channel=office.slack.dm_id(user=OLGA)).ok
    office.slack.fill(user=OLGA, action_id=BODY, value="Yes, their bank told me so.")
    assert office.slack.submit(user=OLGA).ok
    office.beat()
    assert "Olga Operator replied to your note about Acme Robotics GmbH" in office.told(RITA)[-1]
    assert "Yes, their bank told me so." in office.told(RITA)[-1]
    assert len(office.told(OLGA)) == 1, "who wrote the reply is not told of it"

    # The card counts the reply; the window shows it.
    office.slack.close(user=RITA, everything=True)
    office.open_named("Acme Robotics GmbH")
    assert "(1 reply): Pays on the 15th only." in words_of(office.last().blocks)
    office.slack.click(user=RITA, action_id="notes.open")
    assert "1 reply, the latest by Olga Operator" in office.modal()

    # The audit says who and how long, never what.
    written = [row for row in office.rows(tables.audit) if row["action"].startswith("note.")]
    assert [row["action"] for row in written] == ["note.written", "note.replied"]
    assert "15th" not in json.dumps([[row["before"], row["after"]] for row in written])
    assert written[0]["after"] == {
        "department": "Sales",
        "length": len("Pays on the 15th only. Can you confirm?"),
        "mentioned": [office.staff[OLGA].id],
    }


def test_an_edit_keeps_the_text_before_and_changes_the_message_in_place(office: Office) -> None:
    write(office, "They pay in June.", people=(OLGA,))
    office.beat()
    office.clock.advance(timedelta(minutes=9))
    office.slack.click(user=RITA, action_id="note.edit")
    office.slack.fill(user=RITA, action_id=BODY, value="They pay in July.")
    assert office.slack.submit(user=RITA).ok
    assert "Changed." in office.modal()
    assert bodies(office) == ["They pay in July."]
    assert [row["body"] for row in office.rows(tables.note_versions)] == ["They pay in June.", "They pay in July."]
    office.slack.click(user=RITA, action_id="note.history")
    shown = office.modal()
    assert shown.index("They pay in July.") < shown.index("They pay in June.")
    assert shown.count("Rita Rep") == 2
    office.beat()
    (told,) = office.told(OLGA)
    assert "They pay in July." in told


def test_two_edits_of_the_same_text_do_not_overwrite_each_other(office: Office) -> None:
    write(office, "First.")
    office.slack.click(user=RITA, action_id="note.edit")
    office.open_named("Acme Robotics GmbH", user=CARL)
    office.slack.click(user=CARL, action_id="notes.open")
    office.slack.click(user=CARL, action_id="note.edit")
    office.slack.fill(user=CARL, action_id=BODY, value="Carl's.")
    assert office.slack.submit(user=CARL).errors == {}
    office.slack.fill(user=RITA, action_id=BODY, value="Rita's.")
    (said,) = office.slack.submit(user=RITA).errors.values()
    assert said.startswith("Carl Controller changed this note at ")
    assert bodies(office) == ["Carl's."]


def test_somebody_who_may_not_see_the_account_is_named_at_the_field(office: Office) -> None:
    office.account("zenith", user=SAM)  # Slack's id of Sam is known from now on
    errors = write(office, f"For you, <@{EVE}>", people=(SAM, OLGA))
    assert errors["note.people.block"].startswith("Sam Seller may not see this account.")
    assert errors["note.body.block"].startswith("Eve Stranger can't read this")
    assert bodies(office) == []
    office.beat()
    assert office.told(SAM) == []
    assert office.told(OLGA) == []
    assert "note.write.refused" in office.actions()

    # Left out, it is written, and the names in the text are plain words.
    office.slack.fill(user=RITA, action_id=PEOPLE, value=[OLGA])
    office.slack.fill(user=RITA, action_id=BODY, value=f"For you, <@{OLGA}>: *see* <https://evil.example|this>")
    assert office.slack.submit(user=RITA).errors == {}
    assert bodies(office) == ["For you, @Olga Operator: *see* <https://evil.example|this>"]
    assert len(office.rows(tables.note_mentions)) == 1, "once, though chosen and named"


def test_access_that_was_lost_before_the_message_left(office: Office) -> None:
    with office.bot.world.across.begin() as connection:
        connection.execute(
            update(tables.accounts)
            .where(tables.accounts.c.org_id == office.bot.org_id, tables.accounts.c.id == office.acme.id)
            .values(owner_email="sam@northwind.example")
        )
    assert write(office, "Over to you.", user=OLGA, people=(SAM,)) == {}
    with office.bot.world.across.begin() as connection:
        connection.execute(
            update(tables.accounts)
            .where(tables.accounts.c.org_id == office.bot.org_id, tables.accounts.c.id == office.acme.id)
            .values(owner_email="rita@northwind.example")
        )
    office.beat()
    assert office.told(SAM) == []
    (notice,) = office.rows(tables.notices)
    assert notice["error"] == "no_access"


def test_a_viewer_reads_and_does_not_write(office: Office) -> None:
    write(office, "Internal.", people=(VIK,))
    office.beat()
    office.open_named("Acme Robotics GmbH", user=VIK)
    card = json.dumps(office.last(user=VIK).blocks)
    assert "Internal." in card
    assert "notes.add" not in card
    office.slack.click(user=VIK, action_id="notes.open")
    shown = json.dumps(office.slack.view(user=VIK).blocks)  # type: ignore[union-attr]
    assert not [act for act in ("notes.add", "note.reply", "note.edit", "note.pin") if f'"{act}"' in shown]
    assert "note.reply" not in json.dumps(office.slack.dm(user=VIK)[0].blocks)


def test_whose_role_was_taken_while_they_typed(office: Office) -> None:
    office.open_named("Acme Robotics GmbH")
    office.slack.click(user=RITA, action_id="notes.add")
    office.slack.fill(user=RITA, action_id=BODY, value="Too late.")
    with office.bot.world.across.begin() as connection:
        connection.execute(
            update(tables.users)
            .where(tables.users.c.org_id == office.bot.org_id, tables.users.c.email == "rita@northwind.example")
            .values(role="viewer")
        )
    office.slack.submit(user=RITA)
    assert "Your role doesn't include this." in office.modal()
    assert bodies(office) == []
    assert office.actions()[-1] == "note.write.refused"


def test_sent_twice_it_is_one_note_one_reply_one_message(office: Office) -> None:
    write(office, "Once.", people=(OLGA,))
    office.slack.replay(office.slack.deliveries("view_submission")[-1])
    office.slack.click(user=RITA, action_id="note.reply")
    office.slack.fill(user=RITA, action_id=BODY, value="And once more.")
    office.slack.submit(user=RITA)
    office.slack.replay(office.slack.deliveries("view_submission")[-1])
    assert bodies(office) == ["Once."]
    assert len(office.rows(tables.note_versions)) == 1
    assert [row["body"] for row in office.rows(tables.note_replies)] == ["And once more."]
    office.beat()
    assert len(office.told(OLGA)) == 1


def test_a_note_of_the_books_is_answered_and_pinned_and_not_edited(office: Office) -> None:
    factories.make_note(office.bot.world.across, office.bot.org_id, office.acme.id, body="From the ERP.")
    office.open_named("Acme Robotics GmbH", user=OLGA)
    office.slack.click(user=OLGA, action_id="notes.open")
    assert "note.edit" not in json.dumps(office.slack.view(user=OLGA).blocks)  # type: ignore[union-attr]
    office.slack.click(user=OLGA, action_id="note.pin")
    assert "Pinned" in office.modal(OLGA)
    assert [row["is_pinned"] for row in office.rows(tables.notes)] == [True]
    office.slack.click(user=OLGA, action_id="note.reply")
    office.slack.fill(user=OLGA, action_id=BODY, value="Noted.")
    assert office.slack.submit(user=OLGA).errors == {}
    assert "Noted." in office.modal(OLGA)


def test_a_long_note_is_cut_after_a_word_and_read_in_full(office: Office) -> None:
    long = "They pay late because of their new approval process. " * 40
    write(office, long)
    office.slack.close(user=RITA, everything=True)
    office.open_named("Acme Robotics GmbH")
    card = words_of(office.last().blocks)
    assert long[:100] in card
    assert long[:300] not in card
    office.slack.click(user=RITA, action_id="notes.open")
    (cut,) = [line for line in office.modal().split("\n") if line.startswith("They pay late")]
    assert cut.endswith("…")
    assert cut.removesuffix("…").split()[-1] in long.split()
    office.slack.click(user=RITA, action_id="note.open")
    assert long.strip() in office.modal()


def test_pages_of_many_notes(office: Office) -> None:
    for number in range(12):
        factories.make_note(
            office.bot.world.across,
            office.bot.org_id,
            office.acme.id,
            body=f"Note {number:02}",
            written_at=factories.NOON + timedelta(minutes=number),
        )
    office.open_named("Acme Robotics GmbH")
    office.slack.click(user=RITA, action_id="notes.open")
    assert "12 notes, page 1 of 3" in office.modal()
    office.slack.click(user=RITA, action_id="notes.older")
    office.slack.click(user=RITA, action_id="notes.older")
    assert "page 3 of 3" in office.modal()
    assert "Note 00" in office.modal()
    assert "Note 11" not in office.modal()
    office.slack.click(user=RITA, action_id="notes.newer")
    assert "page 2 of 3" in office.modal()


def test_every_version_of_a_note_can_be_read(office: Office) -> None:
    write(office, "Version 1")
    (first,) = office.rows(tables.note_versions)
    for number in range(2, 13):
        factories.add_row(
            office.bot.world.across,
            tables.note_versions,
            **{name: first[name] for name in ("org_id", "note_id", "author_id", "at")},
            version=number,
            body=f"Version {number}",
        )
    office.open_named("Acme Robotics GmbH")
    office.slack.click(user=RITA, action_id="notes.open")
    office.slack.click(user=RITA, action_id="note.open")
    office.slack.click(user=RITA, action_id="note.history")
    pages = [office.modal()]
    for _ in range(2):
        office.slack.click(user=RITA, action_id="note.history_older")
        pages.append(office.modal())
    assert [[f"Version {number}\n" in page for number in (12, 8, 7, 3, 2, 1)] for page in pages] == [
        [True, True, False, False, False, False],
        [False, False, True, True, False, False],
        [False, False, False, False, True, True],
    ]
    assert "Older versions" not in pages[-1]
    office.slack.click(user=RITA, action_id="note.history_newer")
    assert office.modal() == pages[1]
