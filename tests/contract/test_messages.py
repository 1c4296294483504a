"""The queue's contract: who gets a message, when, and which steps it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import Engine, delete, select

from domain.messages import OPEN_STATES, TRANSITIONS, Message, State, may_follow
from domain.ports import Move, UnitOfWorkFactory, Waiting
from domain.reasons import Reason
from domain.timeline import Source
from storage.tables import message_events, messages
from tests.contract.conftest import Desk
from tests.factories import NOON, make_invoice, make_message, make_suppression, make_template, make_user

Queue = Callable[..., Message]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def move_of(message: Message, to: State, **more: object) -> Move:
    return Move(**{"id": message.id, "was": message.state, "to": to, "at": NOON, "token": message.token, **more})  # type: ignore[arg-type]


def put_row(database: Engine, organisation: int, message: Message, **more: datetime) -> None:
    """Any state, by the back door."""
    make_message(database, organisation, **more, **{name: getattr(message, name) for name in Message.__slots__})


def claim(uow: UnitOfWorkFactory, **more: object) -> list[Message]:
    asked = {"at": NOON, "lease_until": NOON + MINUTE, "worker": "w1", "limit": 10, **more}
    with uow() as work:
        return work.messages.claim(**asked)  # type: ignore[arg-type]


def find(uow: UnitOfWorkFactory, id: str) -> Message:
    with uow() as work:
        found = work.messages.find(id=id)
    assert found is not None
    return found


class TestAdding:
    def test_a_new_message_comes_back_as_it_was_given(self, uow: UnitOfWorkFactory, desk: Desk) -> None:
        message = desk.message(reason=Reason.QUIET_HOURS)
        with uow() as work:
            assert work.messages.add(message) == message
        assert find(uow, message.id) == message

    def test_it_begins_its_history(self, database: Engine, queue: Queue, desk: Desk) -> None:
        message = queue()
        with database.connect() as connection:
            [event] = connection.execute(select(message_events)).all()
        assert (event.message_id, event.was, event.became, event.actor_id) == (message.id, None, "queued", desk.rep.id)

    def test_an_open_nudge_for_the_same_invoice_stands_in_the_way(self, uow: UnitOfWorkFactory, desk: Desk) -> None:
        with uow() as work:
            assert work.messages.add(desk.message()) is not None
            assert work.messages.add(desk.message()) is None
        with uow() as work:
            assert work.messages.add(desk.message()) is None

    def test_final_ones_do_not(self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk) -> None:
        for state in sorted(set(State) - OPEN_STATES):
            put_row(database, organisation, desk.message(state=state))
        with uow() as work:
            assert work.messages.add(desk.message()) is not None

    def test_the_same_click_adds_nothing_even_for_another_invoice(self, uow: UnitOfWorkFactory, desk: Desk) -> None:
        with uow() as work:
            assert work.messages.add(desk.message(origin="click-1")) is not None
            again = desk.message(origin="click-1", invoice_id=desk.other_invoice.id)
            assert work.messages.add(again) is None

    def test_a_refused_addition_writes_no_history(self, database: Engine, uow: UnitOfWorkFactory, desk: Desk) -> None:
        with uow() as work:
            work.messages.add(desk.message())
            work.messages.add(desk.message())
        with database.connect() as connection:
            assert len(connection.execute(select(message_events)).all()) == 1


class TestFinding:
    def test_by_id_by_click_and_by_what_it_is_about(self, uow: UnitOfWorkFactory, queue: Queue, desk: Desk) -> None:
        message = queue(origin="click-7")
        about = (desk.account.id, desk.contact.id, desk.invoice.id)
        with uow() as work:
            assert work.messages.find(id=message.id) == message
            assert work.messages.find(origin="click-7") == message
            assert work.messages.find(open_for=about) == message

    def test_nothing_is_none(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            assert work.messages.find(id="0" * 32) is None
            assert work.messages.find(origin="no") is None
            assert work.messages.find(open_for=(1, 2, 3)) is None

    def test_a_finished_one_is_not_open(self, uow: UnitOfWorkFactory, queue: Queue, desk: Desk) -> None:
        message = queue()
        with uow() as work:
            work.messages.move([move_of(message, State.CANCELLED)])
            assert work.messages.find(open_for=(desk.account.id, desk.contact.id, desk.invoice.id)) is None

    def test_two_questions_at_once_are_a_mistake(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work, pytest.raises(ValueError):
            work.messages.find(id="a", origin="b")
        with uow() as work, pytest.raises(ValueError):
            work.messages.find()


class TestClaiming:
    def test_due_messages_oldest_first_up_to_the_limit(self, uow: UnitOfWorkFactory, queue: Queue, desk: Desk) -> None:
        later = queue(leaves_at=NOON - MINUTE)
        sooner = queue(leaves_at=NOON - 2 * MINUTE, invoice_id=desk.other_invoice.id)
        assert [m.id for m in claim(uow, limit=1)] == [sooner.id]
        assert [m.id for m in claim(uow, limit=5)] == [later.id]
        assert claim(uow) == []

    def test_due_means_at_this_very_instant_and_not_a_moment_before(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        message = queue(leaves_at=NOON)
        assert claim(uow, at=NOON - timedelta(microseconds=1)) == []
        assert [m.id for m in claim(uow, at=NOON)] == [message.id]

    def test_a_claimed_message_says_so_and_has_a_token(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        queue()
        [claimed] = claim(uow)
        assert claimed.state is State.CLAIMED
        assert claimed.token
        assert claimed.changed_at == NOON
        assert find(uow, claimed.id) == claimed

    def test_every_claim_has_its_own_token(self, uow: UnitOfWorkFactory, queue: Queue, desk: Desk) -> None:
        queue()
        queue(invoice_id=desk.other_invoice.id)
        [one], [other] = claim(uow, limit=1), claim(uow, limit=1)
        assert one.token != other.token

    def test_only_what_is_queued_is_claimed(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        for state in sorted(set(State) - {State.QUEUED}):
            invoice = make_invoice(database, organisation, desk.account.id)
            put_row(database, organisation, desk.message(state=state, invoice_id=invoice.id))
        assert claim(uow) == []

    def test_another_organisation_claims_nothing_of_ours(
        self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, queue: Queue
    ) -> None:
        queue()
        assert claim(other_uow) == []
        assert len(claim(uow)) == 1

    def test_a_rolled_back_claim_was_none(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        queue()
        with pytest.raises(RuntimeError), uow() as work:
            work.messages.claim(at=NOON, lease_until=NOON + MINUTE, worker="w1", limit=1)
            raise RuntimeError
        assert len(claim(uow)) == 1


class TestMoving:
    def test_only_steps_of_the_table(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        for number, (was, to) in enumerate(product(State, State)):
            given = desk.message(state=was, id=f"{number:032}", origin=f"click-{number}")
            put_row(database, organisation, given, claimed_until=NOON + MINUTE)
            with uow() as work:
                if may_follow(was, to):
                    assert work.messages.move([Move(id=given.id, was=was, to=to, at=NOON)]) == {given.id}
                else:
                    with pytest.raises(ValueError, match="does not go"):
                        work.messages.move([Move(id=given.id, was=was, to=to, at=NOON)])
            assert find(uow, given.id).state is (to if may_follow(was, to) else was)
            with database.begin() as connection:
                connection.execute(delete(message_events))
                connection.execute(delete(messages))

    def test_every_state_is_in_the_table(self) -> None:
        assert set(TRANSITIONS) == set(State)

    def test_nothing_moves_from_where_it_is_not(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        message = queue()
        with uow() as work:
            assert work.messages.move([Move(id=message.id, was=State.HELD, to=State.QUEUED, at=NOON)]) == set()
        assert find(uow, message.id).state is State.QUEUED

    def test_a_lost_claim_moves_nothing(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        queue()
        [claimed] = claim(uow)
        with uow() as work:
            assert work.messages.move([move_of(claimed, State.QUEUED, token="somebody else's")]) == set()
            assert work.messages.move([move_of(claimed, State.QUEUED)]) == {claimed.id}

    def test_sending_keeps_the_claim_and_takes_the_longer_lease(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        queue()
        [claimed] = claim(uow)
        lease = NOON + 15 * MINUTE
        with uow() as work:
            assert work.messages.move([move_of(claimed, State.SENDING, lease_until=lease)]) == {claimed.id}
            assert work.messages.overdue_claims(at=lease - MINUTE, limit=5) == []
            [sending] = work.messages.overdue_claims(at=lease, limit=5)
        assert (sending.state, sending.token) == (State.SENDING, claimed.token)

    def test_a_worker_paused_past_its_lease_may_not_send(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        queue()
        [claimed] = claim(uow, lease_until=NOON + MINUTE)
        late = move_of(claimed, State.SENDING, at=NOON + MINUTE)
        with uow() as work:
            assert work.messages.move([late]) == set()
        assert find(uow, claimed.id).state is State.CLAIMED

    def test_sent_is_dated_and_lets_go(self, database: Engine, uow: UnitOfWorkFactory, queue: Queue) -> None:
        queue()
        [claimed] = claim(uow)
        with uow() as work:
            work.messages.move([move_of(claimed, State.SENDING, lease_until=NOON + MINUTE)])
            sending = work.messages.find(id=claimed.id)
            assert sending
            work.messages.move([move_of(sending, State.SENT, at=NOON + MINUTE, attempted=True)])
        sent = find(uow, claimed.id)
        assert (sent.state, sent.sent_at, sent.attempts, sent.token) == (State.SENT, NOON + MINUTE, 1, None)
        with database.connect() as connection:
            row = connection.execute(select(messages)).one()
        assert (row.claimed_by, row.claimed_until) == (None, None)

    def test_a_late_worker_may_report_what_became_unconfirmed(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        queue()
        [claimed] = claim(uow)
        with uow() as work:
            work.messages.move([move_of(claimed, State.SENDING)])
            work.messages.move([Move(id=claimed.id, was=State.SENDING, to=State.UNCONFIRMED, at=NOON)])
            late = Move(id=claimed.id, was=State.UNCONFIRMED, to=State.SENT, at=NOON, token=claimed.token)
            stranger = Move(id=claimed.id, was=State.UNCONFIRMED, to=State.SENT, at=NOON, token="0" * 32)
            assert work.messages.move([stranger]) == set()
            assert work.messages.move([late]) == {claimed.id}

    def test_held_names_who_held_and_leaving_it_forgets(self, uow: UnitOfWorkFactory, queue: Queue, desk: Desk) -> None:
        message = queue()
        with uow() as work:
            held = move_of(message, State.HELD, actor_id=desk.rep.id, reason=Reason.HELD_BY_PERSON)
            work.messages.move([held])
        assert find(uow, message.id).held_by == desk.rep.id
        with uow() as work:
            resumed = Move(id=message.id, was=State.HELD, to=State.QUEUED, at=NOON, actor_id=desk.rep.id)
            work.messages.move([resumed])
        back = find(uow, message.id)
        assert (back.held_by, back.reason) == (None, None)

    def test_what_is_not_given_stays_and_the_reason_is_always_written(
        self, uow: UnitOfWorkFactory, queue: Queue
    ) -> None:
        message = queue(reason=Reason.QUIET_HOURS, segment="North")
        [claimed] = claim(uow)
        with uow() as work:
            work.messages.move([move_of(claimed, State.QUEUED)])
        back = find(uow, message.id)
        assert (back.leaves_at, back.expires_at, back.segment) == (NOON, message.expires_at, "North")
        assert (back.reason, back.attempts, back.token) == (None, 0, None)

    def test_an_empty_segment_takes_the_name_away(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        message = queue(segment="North")
        [claimed] = claim(uow)
        with uow() as work:
            work.messages.move([move_of(claimed, State.QUEUED, segment="")])
        assert find(uow, message.id).segment is None

    def test_what_is_given_is_written(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        queue()
        [claimed] = claim(uow)
        later, end = NOON + timedelta(microseconds=123_456), NOON + timedelta(days=4)
        changed = {"leaves_at": later, "expires_at": end, "reason": Reason.DAILY_CAP, "segment": "South"}
        with uow() as work:
            work.messages.move([move_of(claimed, State.QUEUED, **changed)])
        back = find(uow, claimed.id)
        assert {name: getattr(back, name) for name in changed} == changed
        assert claim(uow, at=NOON) == []
        assert len(claim(uow, at=later)) == 1

    def test_many_at_once_and_only_those_that_could(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, queue: Queue, desk: Desk
    ) -> None:
        there = [
            queue(invoice_id=make_invoice(database, organisation, desk.account.id).id, leaves_at=NOON)
            for _ in range(12)
        ]
        moves = [move_of(m, State.CANCELLED, reason=Reason.SUPERSEDED) for m in there]
        moves.append(Move(id="f" * 32, was=State.QUEUED, to=State.CANCELLED, at=NOON))
        with uow() as work:
            assert work.messages.move(moves) == {m.id for m in there}
            assert work.messages.move(moves) == set()
            assert work.messages.move([]) == set()

    def test_each_step_is_one_row_of_history(
        self, database: Engine, uow: UnitOfWorkFactory, queue: Queue, desk: Desk
    ) -> None:
        message = queue()
        with uow() as work:
            work.messages.move([move_of(message, State.HELD, actor_id=desk.rep.id, reason=Reason.HELD_BY_PERSON)])
            work.messages.move([move_of(message, State.HELD)])  # was not queued any more: no row
        with database.connect() as connection:
            rows = connection.execute(select(message_events).order_by(message_events.c.id)).all()
        assert [(row.was, row.became, row.reason, row.actor_id) for row in rows[1:]] == [
            ("queued", "held", "held_by_person", desk.rep.id)
        ]

    def test_two_steps_of_one_message_at_once_are_a_mistake(self, uow: UnitOfWorkFactory, queue: Queue) -> None:
        message = queue()
        with uow() as work, pytest.raises(ValueError, match="Two steps"):
            work.messages.move([move_of(message, State.HELD), move_of(message, State.CANCELLED)])

    def test_another_organisation_moves_nothing_of_ours(
        self, other_uow: UnitOfWorkFactory, uow: UnitOfWorkFactory, queue: Queue
    ) -> None:
        message = queue()
        with other_uow() as work:
            assert work.messages.move([move_of(message, State.CANCELLED)]) == set()
            assert work.messages.find(id=message.id) is None
        assert find(uow, message.id).state is State.QUEUED


class TestLookingAfter:
    def test_ended_leases_are_found_oldest_first(self, uow: UnitOfWorkFactory, queue: Queue, desk: Desk) -> None:
        queue(leaves_at=NOON - MINUTE)
        queue(invoice_id=desk.other_invoice.id)
        [one] = claim(uow, limit=1, lease_until=NOON + 2 * MINUTE)
        [two] = claim(uow, limit=1, lease_until=NOON + MINUTE)
        with uow() as work:
            assert work.messages.overdue_claims(at=NOON, limit=5) == []
            overdue = work.messages.overdue_claims(at=NOON + 2 * MINUTE, limit=5)
            assert [m.id for m in overdue] == [two.id, one.id]
            assert len(work.messages.overdue_claims(at=NOON + 2 * MINUTE, limit=1)) == 1

    def test_only_what_waits_can_be_past_its_expiry(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        for state in sorted(State):
            invoice = make_invoice(database, organisation, desk.account.id)
            put_row(database, organisation, desk.message(state=state, invoice_id=invoice.id, expires_at=NOON))
        with uow() as work:
            assert work.messages.past_expiry(at=NOON - MINUTE, limit=50) == []
            found = work.messages.past_expiry(at=NOON, limit=50)
        assert {m.state for m in found} == {State.QUEUED, State.HELD}

    def test_what_waits_is_counted_by_source_and_segment_and_by_the_days_on_which_it_may_leave(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, desk: Desk
    ) -> None:
        tonight, day = NOON + 12 * HOUR, 24 * HOUR
        for segment, ready, last, more in (
            ("North", NOON, NOON + 3 * day, {}),
            ("North", NOON - 9 * day, NOON + 3 * day, {"state": State.CLAIMED}),
            ("North", tonight, NOON + 3 * day, {}),
            (None, tonight - MINUTE, tonight, {}),
            (None, NOON + 30 * day, NOON + 33 * day, {"source": Source.AUTOPILOT}),
        ):
            invoice = make_invoice(database, organisation, desk.account.id)
            given = {"segment": segment, "leaves_at": ready, "expires_at": last, "invoice_id": invoice.id, **more}
            put_row(database, organisation, desk.message(**given))
        for state in sorted(set(State) - {State.QUEUED, State.CLAIMED}):
            invoice = make_invoice(database, organisation, desk.account.id)
            put_row(database, organisation, desk.message(state=state, invoice_id=invoice.id))
        with uow() as work:
            found = work.oversight.waiting([tonight, tonight + day])
        assert sorted(found, key=str) == sorted(
            [
                Waiting(Source.NUDGE, ready=0, last=2, count=2, segment="North"),
                Waiting(Source.NUDGE, ready=1, last=2, count=1, segment="North"),
                Waiting(Source.NUDGE, ready=0, last=0, count=1),
                Waiting(Source.AUTOPILOT, ready=2, last=2, count=1),
            ],
            key=str,
        )


class TestStories:
    def test_a_story_has_every_name_and_no_secret(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, queue: Queue, desk: Desk
    ) -> None:
        make_suppression(database, organisation, email=desk.contact.email.upper())
        operator = make_user(database, organisation, name="Olga Operator")
        message = queue()
        with uow() as work:
            work.messages.move([move_of(message, State.HELD, actor_id=operator.id)])
            [story] = work.messages.stories([message.id])
        assert (story.account, story.requested_by.name) == (desk.account, desk.rep.name)
        assert story.held_by is not None and story.held_by.name == "Olga Operator"
        assert story.contact.suppression is not None
        assert (story.template.name, story.template.body) == ("Friendly reminder", "")
        assert (story.invoice.number, story.invoice.pay_link) == (desk.invoice.number, None)
        assert story.message.state is State.HELD

    def test_in_the_order_asked_for(self, uow: UnitOfWorkFactory, queue: Queue, desk: Desk) -> None:
        one, two = queue(), queue(invoice_id=desk.other_invoice.id)
        with uow() as work:
            for ids in ([one.id, two.id], [two.id, one.id]):
                assert [story.message.id for story in work.messages.stories(ids)] == ids
            assert work.messages.stories([]) == []
            assert work.messages.stories(["0" * 32]) == []

    def test_newest_first_of_one_person(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, queue: Queue, desk: Desk
    ) -> None:
        other = make_user(database, organisation)
        old = queue(requested_at=NOON - MINUTE)
        new = queue(requested_at=NOON, invoice_id=desk.other_invoice.id)
        with uow() as work:
            assert [s.message.id for s in work.messages.stories(of_person=desk.rep.id)] == [new.id, old.id]
            assert [s.message.id for s in work.messages.stories(of_person=desk.rep.id, limit=1)] == [new.id]
            assert [s.message.id for s in work.messages.stories()] == [new.id, old.id]
            assert work.messages.stories(of_person=other.id) == []

    def test_the_version_that_was_sent_is_named(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, queue: Queue
    ) -> None:
        make_template(database, organisation, version=2, name="Friendlier reminder")
        message = queue(template_version=1)
        with uow() as work:
            [story] = work.messages.stories([message.id])
        assert story.template.name == "Friendly reminder"

    def test_not_for_another_organisation(self, other_uow: UnitOfWorkFactory, queue: Queue) -> None:
        message = queue()
        with other_uow() as work:
            assert work.messages.stories([message.id]) == []
            assert work.messages.stories() == []
