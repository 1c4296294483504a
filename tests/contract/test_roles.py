"""Requests decided once; who holds which role, user groups and their members."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine

from domain.errors import NotFound
from domain.notices import NoticeKind, Telling
from domain.ports import UnitOfWorkFactory
from domain.reasons import Reason
from domain.roles import GroupRole, RoleHolder
from domain.values import Capability, Role
from tests.contract.conftest import Desk
from tests.factories import NOON, make_grant, make_user

HOUR = timedelta(hours=1)


def group(id: str = "S01", role: Role = Role.SALES, hours: int = 0) -> GroupRole:
    return GroupRole(id, f"@{id.lower()}", role, "carl@northwind.example", NOON + hours * HOUR)


class TestDeciding:
    @pytest.fixture
    def request_id(self, uow: UnitOfWorkFactory, desk: Desk) -> int:
        with uow() as work:
            id, _ = work.requests.file(
                asked_by=desk.rep.id,
                reason=Reason.NOT_ALLOWED,
                capability=Capability.NUDGE,
                account_id=desk.account.id,
                at=NOON,
            )
        return id

    def decide(self, uow: UnitOfWorkFactory, request_id: int, by: str, *, approved: bool = True) -> bool:
        with uow() as work:
            return work.requests.decide(
                request_id, approved=approved, why="Because.", given="capability", until=NOON + HOUR, by=by, at=NOON
            )

    def test_the_first_decision_stays(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, request_id: int
    ) -> None:
        carl = make_user(database, organisation, name="Carl", role=Role.CONTROLLER)
        assert self.decide(uow, request_id, carl.email)
        assert not self.decide(uow, request_id, "cora@northwind.example", approved=False)
        with uow() as work:
            found = work.requests.get(request_id)
        assert found is not None
        assert (found.state, found.decided_by_name, found.decision) == ("approved", "Carl", "Because.")
        assert (found.given, found.granted_until, found.decided_at) == ("capability", NOON + HOUR, NOON)

    def test_of_two_at_once_one_decides(self, uow: UnitOfWorkFactory, request_id: int) -> None:
        start, won = Barrier(2), []

        def one(by: str) -> None:
            start.wait()
            if self.decide(uow, request_id, by):
                won.append(by)

        threads = [Thread(target=one, args=(by,)) for by in ("a@northwind.example", "b@northwind.example")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        with uow() as work:
            found = work.requests.get(request_id)
        assert found is not None and found.decided_by == won[0]

    def test_another_organisation_decides_nothing(self, other_uow: UnitOfWorkFactory, request_id: int) -> None:
        assert not self.decide(other_uow, request_id, "x@contoso.example")

    def test_who_was_told(self, uow: UnitOfWorkFactory, desk: Desk, request_id: int) -> None:
        def tell(key: str) -> None:
            with uow() as work:
                work.notices.raise_all(
                    [
                        Telling(
                            key=key,
                            kind=NoticeKind.ACCESS_REQUEST,
                            subject=str(request_id),
                            recipient=desk.rep.id,
                            at=NOON,
                        )
                    ]
                )

        tell(f"request:{request_id}:decision")
        tell(f"request:{request_id}0:{desk.rep.id}")
        with uow() as work:
            assert work.requests.told(request_id) == []
        tell(f"request:{request_id}:{desk.rep.id}")
        with uow() as work:
            assert work.requests.told(request_id) == [desk.rep.id]

    def test_an_account_is_handed_over(self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory, desk: Desk) -> None:
        with uow() as work:
            work.requests.hand_over(desk.account.id, owner_email="Sam@northwind.example")
            account = work.accounts.get(desk.account.id)
        assert account is not None and account.owner_email == "sam@northwind.example"
        with pytest.raises(NotFound), other_uow() as work:
            work.requests.hand_over(desk.account.id, owner_email="x@contoso.example")


class TestStandings:
    def test_what_lasts_behind_what_is_for_a_time(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory
    ) -> None:
        sam = make_user(database, organisation, role=Role.VIEWER)
        make_grant(database, organisation, sam.id, role=Role.OPERATOR, until=NOON + HOUR)
        make_grant(database, organisation, sam.id, capability=Capability.NUDGE)
        with uow() as work:
            now = work.roles.of([sam.id], NOON)[sam.id]
            later = work.roles.of([sam.id], NOON + HOUR)[sam.id]
        assert (now.person.role, now.lasting, now.until) == (Role.OPERATOR, Role.VIEWER, NOON + HOUR)
        assert now.person.capabilities == {Capability.NUDGE}
        assert (later.person.role, later.lasting, later.until) == (Role.VIEWER, Role.VIEWER, None)

    def test_pages_hold_active_people_first_and_everybody_once(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory
    ) -> None:
        gone = make_user(database, organisation, name="Ada", is_active=False)
        zoe = make_user(database, organisation, name="zoe")
        bob = make_user(database, organisation, name="Bob")
        for capability in (Capability.NUDGE, Capability.EXPORT):
            make_grant(database, organisation, bob.id, capability=capability)
        with uow() as work:
            assert work.roles.count() == 3
            first = work.roles.page(NOON, offset=0, limit=2)
            rest = work.roles.page(NOON, offset=2, limit=2)
        assert [one.person.id for one in [*first, *rest]] == [bob.id, zoe.id, gone.id]
        with other_uow() as work:
            assert work.roles.count() == 0 and work.roles.page(NOON, offset=0, limit=9) == []

    def test_lasting_controllers(self, database: Engine, organisation: int, uow: UnitOfWorkFactory) -> None:
        carl = make_user(database, organisation, role=Role.CONTROLLER)
        make_user(database, organisation, role=Role.CONTROLLER, is_active=False)
        for_a_time = make_user(database, organisation, role=Role.SALES)
        make_grant(database, organisation, for_a_time.id, role=Role.CONTROLLER, until=NOON + HOUR)
        away = make_user(database, organisation, role=Role.CONTROLLER)
        make_grant(database, organisation, away.id, role=Role.VIEWER, until=NOON + HOUR)
        with uow() as work:
            assert work.roles.lasting_controllers(NOON) == {carl.id}
            assert work.roles.lasting_controllers(NOON + HOUR) == {carl.id, away.id}

    def test_following_a_group_and_named_again(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory
    ) -> None:
        sam = make_user(database, organisation, role=Role.SALES)
        with uow() as work:
            work.roles.follow(sam.id, role=Role.CSM, group="S01", is_active=False)
            (found,) = work.roles.of_slack([sam.slack_user_id or "", "U0NOBODY"], NOON)
        assert (found.lasting, found.group, found.person.is_active) == (Role.CSM, "S01", False)
        with uow() as work:
            work.people.grant(sam.id, role=Role.LEGAL, capability=None, until=None, by="carl@northwind.example")
            named = work.roles.of([sam.id], NOON)[sam.id]
        assert (named.lasting, named.group) == (Role.LEGAL, None)
        with pytest.raises(NotFound), other_uow() as work:
            work.roles.follow(sam.id, role=Role.ADMIN, group=None, is_active=True)

    def test_a_role_for_good_ends_grants_on_top(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory
    ) -> None:
        vik = make_user(database, organisation, role=Role.VIEWER)
        with uow() as work:
            work.people.grant(vik.id, role=None, capability=Capability.NUDGE, until=None, by="c@northwind.example")
            work.people.grant(vik.id, role=Role.VIEWER, capability=None, until=None, by="c@northwind.example")
            assert work.roles.of([vik.id], NOON)[vik.id] == RoleHolder(vik, Role.VIEWER)

    def test_changes_of_roles_wait_for_each_other(self, uow: UnitOfWorkFactory) -> None:
        """Without the lock both would read 0."""
        start, seen = Barrier(2), []

        def one() -> None:
            start.wait()
            with uow() as work:
                work.roles.lock()
                seen.append(len(work.group_roles.all()))
                work.group_roles.give(group(f"S{len(work.group_roles.all())}"))

        threads = [Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(seen) == [0, 1]


class TestGroups:
    def test_given_changed_and_taken(self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            work.group_roles.give(group("S01"))
            work.group_roles.give(group("S02", Role.CSM, hours=1))
            work.group_roles.set_members("S01", ["U1"], at=NOON)
            assert [one.usergroup_id for one in work.group_roles.all()] == ["S02", "S01"]
            assert work.group_roles.all()[1].read_at == NOON
            work.group_roles.give(group("S01", Role.LEGAL, hours=2))
        with uow() as work:
            assert work.group_roles.all()[0] == group("S01", Role.LEGAL, hours=2), "its members are to be read again"
            work.group_roles.take("S01")
            assert [one.usergroup_id for one in work.group_roles.all()] == ["S02"]
            assert work.group_roles.members("S01") == []
        with other_uow() as work:
            assert work.group_roles.all() == []

    def test_members_come_and_go(self, uow: UnitOfWorkFactory, other_uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            work.group_roles.give(group())
            work.group_roles.set_members("S01", ["U2", "U1"], at=NOON)
            work.group_roles.set_members("S01", ["U2", "U3"], at=NOON)
            assert work.group_roles.members("S01") == ["U2", "U3"]
            work.group_roles.change_members("S01", came=["U3", "U4"], went=["U2", "U9"])
            assert work.group_roles.members("S01") == ["U3", "U4"]
        with other_uow() as work:
            work.group_roles.set_members("S01", [], at=NOON)
            assert work.group_roles.of(["U3"]) == {}
        with uow() as work:
            work.group_roles.set_members("S01", [], at=NOON)
            assert work.group_roles.members("S01") == []

    def test_of_several_groups_the_one_given_last_counts(self, uow: UnitOfWorkFactory) -> None:
        with uow() as work:
            for given in (group("S02", Role.CSM, hours=1), group("S01")):
                work.group_roles.give(given)
                work.group_roles.set_members(given.usergroup_id, ["U1", f"U{given.usergroup_id}"], at=NOON)
            found = work.group_roles.of(["U1", "US01", "U9"])
            assert work.group_roles.of([]) == {}
        assert {one: given.role for one, given in found.items()} == {"U1": Role.CSM, "US01": Role.SALES}
