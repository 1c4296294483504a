"""Deeds about accounts, nudges, notes, App Home and the audit log."""

from __future__ import annotations

from domain.homing import Part
from domain.messages import State
from domain.reasons import Reason
from domain.rules.home import parts_for
from domain.rules.noting import DEPARTMENTS
from domain.values import Capability, Role
from handlers import ids
from handlers.seal import Kind
from tests.builders import make_person
from tests.scenario.deeds import Deed, Held, Scene, deed, those_who
from tests.scenario.fields import Sealed, chosen, day, several, somebody, ticked, typed
from tests.scenario.office import OLGA

NUDGERS = those_who(Capability.NUDGE)
HOLDERS = those_who(Capability.HOLD_NUDGE)
RESOLVERS = those_who(Capability.RESOLVE_UNCONFIRMED)
COMMENTERS = those_who(Capability.COMMENT) & frozenset(DEPARTMENTS)
WRITERS = those_who(Capability.WRITE_NOTES)
OPERATORS = those_who(Capability.OPERATE)
EXPORTERS = those_who(Capability.EXPORT)
LOOKERS = those_who(Capability.VIEW_OPERATIONS)


def _command(text: str) -> Held:
    return Held(text=text)


def _of_account(where: str = "own") -> object:
    return lambda scene: Held(scene.of_account(), where=where)


def _draft(scene: Scene) -> Sealed:
    account, contact, invoice = scene.customer()
    return Sealed(Kind.DRAFT, (account.id, contact.id, invoice.id, scene.text_to_send(), 1))


def _choosing(scene: Scene) -> Held:
    draft = _draft(scene)
    menu = {("nudge.template.block", ids.NUDGE_TEMPLATE): chosen(Sealed(Kind.TEMPLATE, (draft.parts[3],)))}
    person = {("nudge.contact.block", ids.NUDGE_CONTACT): chosen(Sealed(Kind.CONTACT, (draft.parts[1],)))}
    return Held(draft, fields=menu | person, picked=Sealed(Kind.TEMPLATE, (draft.parts[3],)))


def _in_state(state: State, where: str, *, by: Role | None = None) -> object:
    return lambda scene: Held(scene.nudge(state, by=scene.ground.people[by] if by else None), where=where)


def _changing(prefix: str, where: str) -> list[Deed]:
    """A nudge's buttons, for somebody else's nudge: that of a Viewer who was granted it once."""
    of_state = {
        "hold": (State.QUEUED, HOLDERS),
        "resume": (State.HELD, HOLDERS),
        "cancel": (State.QUEUED, HOLDERS),
        "arrived": (State.UNCONFIRMED, RESOLVERS),
        "send_again": (State.UNCONFIRMED, RESOLVERS),
    }
    writes = {"arrived": "messages message_events communications", "hold": ""}
    return [
        deed(
            f"{prefix}.{word}",
            _in_state(state, where, by=Role.VIEWER),
            may=may,
            writes=writes.get(word, "messages message_events"),
            is_scoped=True,
            is_audited=word != "hold",  # it opens a window
        )
        for word, (state, may) in of_state.items()
    ]


def _holding(scene: Scene) -> Held:
    nudge = scene.nudge(State.QUEUED, by=scene.ground.people[Role.VIEWER])
    return Held(nudge, fields={("words", ids.WORDS): typed("She called.")})


def _note(scene: Scene) -> Held:
    return Held(Sealed(Kind.NOTE, scene.note()))


def _note_page(scene: Scene) -> Held:
    return Held(Sealed(Kind.NOTE_PAGE, (scene.note()[0], 0)))


def _notes_page(scene: Scene) -> Held:
    return Held(Sealed(Kind.NOTES_PAGE, (scene.account().id, 0)))


def _written(scene: Scene, value: Sealed, *, people: bool = True) -> Held:
    fields = {(ids.NOTE_BODY_BLOCK, ids.NOTE_BODY): typed("They called.")}
    if people:
        fields |= {(ids.NOTE_PEOPLE_BLOCK, ids.NOTE_PEOPLE): several(OLGA)}
    return Held(value, fields=fields)


def _audit_fields(scene: Scene) -> Held:
    return Held(
        fields={
            (ids.AUDIT_PERSON_BLOCK, ids.AUDIT_FIELD): somebody(OLGA),
            (ids.AUDIT_ACCOUNT_BLOCK, ids.FIND_SELECT): chosen(scene.of_account()),
            (ids.AUDIT_SINCE_BLOCK, ids.AUDIT_FIELD): day("2026-11-01"),
            (ids.AUDIT_UNTIL_BLOCK, ids.AUDIT_FIELD): day(None),
        }
    )


def _accounts_part(scene: Scene) -> Held:
    return Held(Sealed(Kind.PART, (Part.ACCOUNTS.value, 0)), where="home")


def _of_customer(scene: Scene) -> Held:
    return Held(Sealed(Kind.ACCOUNT, (scene.customer()[0].id, 0)), where="own")


def _sees_accounts(role: Role) -> bool:
    return Part.ACCOUNTS in parts_for(make_person(role=role))


SEE_ACCOUNTS = frozenset(role for role in Role if _sees_accounts(role))
READ = {"is_audited": False}
SCOPED = {"is_scoped": True, "is_audited": False}

DEEDS: list[Deed] = [
    deed(ids.ACCOUNT_COMMAND, lambda scene: _command(scene.account().external_id), is_scoped=True, **READ),
    deed(ids.ACCOUNT_COMMAND, lambda scene: _command(""), what="mine", **READ),
    deed(ids.PLIXO_COMMAND, lambda scene: _command("help"), **READ),
    deed(ids.FIND_SHORTCUT, lambda scene: Held(), **READ),
    deed(ids.FIND_SELECT, lambda scene: _command("acme"), is_typing=True, **READ),
    deed(
        ids.FIND_MODAL,
        lambda scene: Held(fields={(ids.FIND_BLOCK, ids.FIND_SELECT): chosen(scene.of_account())}),
        **SCOPED,
    ),
    *(
        deed(action, _of_account(), **SCOPED)
        for action in (
            ids.ACCOUNT_OPEN,
            ids.ACCOUNT_PICK,
            ids.ACCOUNT_REFRESH,
            ids.ACCOUNT_INVOICES,
            ids.ACCOUNT_MORE,
        )
    ),
    deed(ids.ACCOUNT_SHARE, _of_account(), is_scoped=True),
    deed(
        ids.ACCESS_ASK,
        lambda scene: Held(Sealed(Kind.ASK, (Reason.OUT_OF_SCOPE.value, "", scene.account().id)), where="own"),
        writes="access_requests",
    ),
    deed(
        ids.NUDGE_OPEN,
        _of_customer,
        may=NUDGERS,
        **SCOPED,
    ),
    deed(ids.NUDGE_TEMPLATE, _choosing, may=NUDGERS, **SCOPED),
    deed(ids.NUDGE_CONTACT, _choosing, may=NUDGERS, **SCOPED),
    deed(
        ids.NUDGE_MODAL,
        lambda scene: Held(_draft(scene)),
        may=NUDGERS,
        writes="messages message_events",
        is_scoped=True,
    ),
    deed(
        ids.NUDGE_TAKE_BACK,
        _in_state(State.QUEUED, "modal", by=Role.VIEWER),
        may=HOLDERS,
        writes="messages message_events",
        is_scoped=True,
    ),
    deed(
        ids.NUDGE_TAKE_BACK,
        _in_state(State.QUEUED, "modal"),
        may=HOLDERS | NUDGERS,
        writes="messages message_events",
        what="of one's own",  # whose account it is by now does not matter
    ),
    *_changing("alert", "message"),
    *_changing("home", "home"),
    deed(ids.NUDGE_HOLD_MODAL, _holding, may=HOLDERS, writes="messages message_events", is_scoped=True),
    deed(ids.HOME_OPENED, lambda scene: Held(event={"type": "app_home_opened", "tab": "home"}), **READ),
    deed(ids.HOME_REFRESH, lambda scene: Held(where="home"), **READ),
    *(deed(action, _accounts_part, may=SEE_ACCOUNTS, **READ) for action in (ids.HOME_MORE, ids.HOME_NEXT)),
    deed(ids.HOME_MESSAGES, lambda scene: Held(where="home"), **READ),
    deed(
        ids.MESSAGES_MODAL,
        lambda scene: Held(fields={(ids.MESSAGES_BLOCK, ids.MESSAGES_KINDS): ticked("digest")}),
        writes="mutes",
    ),
    deed(ids.NOTES_OPEN, _notes_page, **SCOPED),
    deed(ids.NOTES_NEWER, _notes_page, **SCOPED),
    deed(ids.NOTES_OLDER, _notes_page, **SCOPED),
    deed(ids.NOTES_ADD, _of_account(), may=COMMENTERS, **SCOPED),
    deed(ids.NOTE_OPEN, _note_page, **SCOPED),
    deed(ids.NOTE_NEWER, _note_page, **SCOPED),
    deed(ids.NOTE_EARLIER, _note_page, **SCOPED),
    *(
        deed(action, _note_page, **SCOPED)
        for action in (ids.NOTE_HISTORY, ids.NOTE_HISTORY_NEWER, ids.NOTE_HISTORY_OLDER)
    ),
    deed(ids.NOTE_REPLY, _note, may=COMMENTERS, **SCOPED),
    deed(ids.NOTE_EDIT, _note, may=COMMENTERS, **SCOPED),
    deed(
        ids.NOTE_EDIT,
        lambda scene: Held(Sealed(Kind.NOTE, scene.note(by=scene.ground.people[Role.VIEWER]))),
        may=frozenset({Role.CONTROLLER}),
        what="of somebody else",
        **SCOPED,
    ),
    deed(ids.NOTE_PIN, _note, may=WRITERS, writes="notes", is_scoped=True),
    deed(
        ids.NOTE_UNPIN,
        lambda scene: Held(Sealed(Kind.NOTE, scene.note(is_pinned=True))),
        may=WRITERS,
        writes="notes",
        is_scoped=True,
    ),
    deed(
        ids.NOTE_MODAL,
        lambda scene: _written(scene, scene.of_account()),
        may=COMMENTERS,
        writes="notes note_versions note_mentions",
        is_scoped=True,
    ),
    deed(
        ids.NOTE_EDIT_MODAL,
        lambda scene: _written(scene, Sealed(Kind.NOTE, scene.note())),
        may=COMMENTERS,
        writes="notes note_versions note_mentions",
        is_scoped=True,
    ),
    deed(
        ids.NOTE_EDIT_MODAL,
        lambda scene: _written(scene, Sealed(Kind.NOTE, scene.note(by=scene.ground.people[Role.VIEWER]))),
        may=frozenset({Role.CONTROLLER}),
        writes="notes note_versions note_mentions",
        what="of somebody else",
        is_scoped=True,
    ),
    deed(
        ids.NOTE_REPLY_MODAL,
        lambda scene: _written(scene, Sealed(Kind.NOTE, scene.note()), people=False),
        may=COMMENTERS,
        writes="note_replies",
        is_scoped=True,
    ),
    deed(ids.PLIXO_COMMAND, lambda scene: _command("audit"), may=EXPORTERS, what="audit", **READ),
    deed(ids.PLIXO_COMMAND, lambda scene: _command("summary"), may=EXPORTERS, what="summary"),
    *(
        deed(ids.PLIXO_COMMAND, lambda scene, word=word: _command(word), may=LOOKERS, what=word, **READ)  # type: ignore[misc]
        for word in ("maintenance", "cron", "ops")
    ),
    deed(ids.OPS_OPEN, lambda scene: Held(where="home"), may=LOOKERS, **READ),
    deed(ids.PLIXO_COMMAND, lambda scene: _command("maintenance off"), may=OPERATORS, what="maintenance off", **READ),
    deed(
        ids.PLIXO_COMMAND,
        lambda scene: _command(f'cron pause release {30 + scene.number() % 300}m "Later"'),
        may=OPERATORS,
        writes="jobs",
        what="cron pause",
    ),
    deed(
        ids.PLIXO_COMMAND,
        lambda scene: _command("deliverability"),
        may=those_who(Capability.VIEW_OPERATIONS),
        what="deliverability",
        **READ,
    ),
    deed(
        ids.PLIXO_COMMAND,
        lambda scene: _command(f'suppress add nobody-{scene.number()}@acme.example "opted out"'),
        may=those_who(Capability.SUPPRESS_CONTACTS),
        writes="suppressions",
        what="suppress",
    ),
    deed(ids.AUDIT_MODAL, _audit_fields, may=EXPORTERS, **READ),
    deed(ids.AUDIT_EXPORT, _audit_fields, may=EXPORTERS),
]
