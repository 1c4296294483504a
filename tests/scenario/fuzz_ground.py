"""Grounds for the fuzz: two organisations in one database, nine roles in ours, and whatever Slack has shown them.

Everything that anybody was shown is gathered: sealed values, and windows with their fields. The fuzz sends it back as
it is, as somebody else, in another place, with other ids, or with fields that hold what they should not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.slack_app import build_seal
from domain.values import Person as User
from domain.values import Role
from handlers.seal import BrokenSeal, Kind, Seal
from sandbox.people import Person
from tests import factories
from tests.scenario.drafts import draft_step, run_in_shadow
from tests.scenario.fuzz_watch import Watch, watching
from tests.scenario.office import CARL, OLGA, RITA, SALES, VIK, Office, open_office
from tests.stage import EVENING

CAST = {
    Role.SALES: RITA,
    Role.OPERATOR: OLGA,
    Role.CONTROLLER: CARL,
    Role.VIEWER: VIK,
    Role.ADMIN: "U11ADA",
    Role.AR_MANAGER: "U12MIA",
    Role.CSM: "U13CLEO",
    Role.LEGAL: "U14LEO",
    Role.BILLING_ADMIN: "U15BEA",
}


@dataclass(frozen=True)
class Token:
    """A sealed value, and what it speaks of."""

    text: str
    kind: Kind
    parts: tuple[int | str, ...]


@dataclass
class Ground:
    """The office, and what was gathered in it."""

    office: Office
    seal: Seal
    people: dict[Role, User]
    other_org: int
    strangers: dict[str, int]
    tokens: dict[str, Token] = field(default_factory=dict)
    windows: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def org_id(self) -> int:
        return self.people[Role.SALES].org_id

    def gather(self) -> None:
        """Sealed values and windows of everything that stands in Slack now."""
        workspace = self.office.slack.workspace
        with workspace.lock:
            messages = [one.blocks for held in workspace.messages.values() for one in held[-40:]]
            views = [view for stack in workspace.stacks.values() for view in stack] + list(workspace.homes.values())
        for text in {text for blocks in messages for text in _values(blocks)}:
            self._note(text)
        for view in views:
            for text in {view.private_metadata, *_values(view.blocks)}:
                self._note(text)
            if view.callback_id:
                self.windows[view.callback_id] = {"blocks": view.blocks, "private_metadata": view.private_metadata}

    def _note(self, text: str) -> None:
        if not text or text in self.tokens or text[:1] not in "pa" or "." not in text:
            return
        holders = [person.id for person in self.people.values()]
        for kind in Kind:
            for holder in holders:
                signet = self.seal.of(org_id=self.org_id, user_id=holder, at=self.office.clock.now())
                try:
                    parts = signet.open(kind, text)
                except BrokenSeal:
                    continue
                self.tokens[text] = Token(text, kind, tuple(parts))
                return

    def watch(self) -> Watch:
        return Watch(self.office.slack, self.office.bot.world.across)

    def sealed(self, token: Token, holder: User, chance: random.Random) -> str:
        """The same kind of value with other ids in it, sealed for `holder`: what our own button could hold."""
        ids = [1, 2, 3, 4, 5, 6, 0, 999_999, *self.strangers.values()]
        parts = [
            chance.choice(ids) if isinstance(part, int) and chance.random() < 0.7 else part for part in token.parts
        ]
        signet = self.seal.of(org_id=self.org_id, user_id=holder.id, at=self.office.clock.now())
        return chance.choice([signet.close, signet.close_for_all])(token.kind, *parts)

    def foreign(self, token: Token, chance: random.Random) -> str:
        """Sealed for somebody of another organisation, or for another colleague. Values of another kind come by
        themselves: any listener is given any of them."""
        at = self.office.clock.now()
        other = chance.choice(list(self.people.values()))
        if chance.random() < 0.5:
            return self.seal.of(org_id=self.org_id, user_id=other.id, at=at).close(token.kind, *token.parts)
        signet = self.seal.of(org_id=self.other_org, user_id=self.strangers["user"], at=at)
        return chance.choice([signet.close, signet.close_for_all])(token.kind, *token.parts)


def _values(part: Any) -> Iterator[str]:
    """Every `value` in blocks: of buttons and of options."""
    if isinstance(part, list):
        for one in part:
            yield from _values(one)
    elif isinstance(part, Mapping):
        if isinstance(part.get("value"), str):
            yield part["value"]
        for one in part.values():
            yield from _values(one)


@contextmanager
def open_ground(folder: Path, *, database_url: str) -> Iterator[Ground]:
    """Everybody is at work, a nudge is queued and one is in doubt; Contoso next door has the same."""
    with open_office(folder, database_url=database_url) as office:
        world, org_id = office.bot.world, office.staff[RITA].org_id
        people = {role: office.staff[id] for role, id in CAST.items() if id in office.staff}
        for role, id in CAST.items():
            if role not in people:
                email = f"{role.value}@northwind.example"
                office.slack.add_person(Person(id=id, name=f"{role.value} person", email=email))
                with world.uow_for(org_id)() as work:
                    people[role] = work.people.save(
                        User(org_id=org_id, id=0, email=email, name=f"{role.value} person", role=role, is_active=True)
                    )
        factories.make_account(
            world.across, org_id, name="Cosmos Care", owner_email=people[Role.CSM].email, synced_at=EVENING
        )
        factories.make_promise(world.across, org_id, office.acme.id)
        factories.make_dispute(world.across, org_id, office.acme.id)
        other = world.directory.create_organisation("Contoso", "America/New_York", "US", EVENING)
        account, contact, (invoice,) = factories.make_customer(world.across, other, name="Acme of Contoso")
        stranger = factories.make_user(world.across, other, name="Stan Stranger", role=Role.CONTROLLER)
        factories.make_template(world.across, other)
        factories.make_message(
            world.across,
            other,
            account_id=account.id,
            contact_id=contact.id,
            invoice_id=invoice.id,
            requested_by=stranger.id,
        )
        strangers = {"account": account.id, "contact": contact.id, "invoice": invoice.id, "user": stranger.id}
        factories.make_template(world.across, other, key="friendly_check_in")
        run_in_shadow(world, other, at=EVENING)
        strangers["step"] = draft_step(world, other, account.id, contact.id, at=EVENING)
        run_in_shadow(world, org_id, at=EVENING)
        for name in ("Drafted GmbH", "Drawn Ltd"):
            theirs, reached, _ = factories.make_customer(world.across, org_id, name=name, synced_at=EVENING)
            draft_step(world, org_id, theirs.id, reached.id, at=EVENING)
        strangers["promise"] = factories.make_promise(world.across, other, account.id, [invoice.id])
        strangers["dispute"] = factories.make_dispute(world.across, other, account.id, [invoice.id])
        seal = build_seal(world)
        ground = Ground(office, seal, people, other, strangers)
        _work_a_little(ground)
        # What the beat does by itself (it seals the audit log, say) is nobody's deed.
        office.bot.loop.stop()
        with watching(world.across):
            yield ground


def _work_a_little(ground: Ground) -> None:
    """So that there is something to click."""
    office = ground.office
    for id in CAST.values():
        office.account("acme", user=id)
        office.slack.open_home(user=id)
        ground.gather()
    for action in ("draft.edit", "draft.skip"):
        office.slack.command(user=OLGA, command="/plixo", text="drafts", channel=SALES)
        elements = [one for block in office.last(user=OLGA).blocks for one in block.get("elements", [])]
        value = next(one["value"] for one in elements if one.get("action_id") == action)
        office.slack.click(user=OLGA, action_id=action, value=value)
        ground.gather()
        office.slack.close(user=OLGA, everything=True)
    office.open_acme()
    office.nudge()
    office.beat()
    for id in CAST.values():
        office.open_named("Acme Robotics GmbH", user=id)
        office.slack.open_home(user=id)
        office.slack.shortcut(user=id, callback_id="find_account")
        ground.gather()
