"""Deeds about roles and requests, and about policies and texts."""

from __future__ import annotations

from domain.library import ChangeAsked, Commented, Edition
from domain.outcomes import RequestFiled
from domain.policies import DocumentKind, Segments
from domain.reasons import Reason
from domain.roles import NOTHING
from domain.rules.letters import Letter
from domain.values import Capability, Role
from handlers import ids
from handlers.seal import Kind
from tests.scenario.deeds import Deed, Held, Scene, deed, those_who
from tests.scenario.fields import Fields, Sealed, chosen, day, somebody, ticked, typed
from tests.scenario.office import SAM

DECIDERS = those_who(Capability.DECIDE_REQUESTS)
ASSIGNERS = those_who(Capability.ASSIGN_ROLES)
NOBODY: frozenset[Role] = frozenset()
READERS = those_who(Capability.VIEW_POLICIES)
EDITORS = those_who(Capability.EDIT_POLICIES)
SETTERS = those_who(Capability.SET_SEGMENTS)
READ = {"is_audited": False}
PROPOSED = Letter("Formal", "About {invoice_number}", "Please: {pay_link}\n").text


# -- roles and requests -----------------------------------------------------------------------------------------------


def _asked(scene: Scene) -> Sealed:
    """For the account of somebody who is none of those who decide."""
    asker = scene.of(Role.CSM if scene.user.role is not Role.CSM else Role.SALES)
    filed = asker.cases(asker.user).request_access(
        reason=Reason.OUT_OF_SCOPE, capability=None, account_id=scene.account().id
    )
    assert isinstance(filed, RequestFiled)
    return Sealed(Kind.REQUEST, (filed.request_id,))


def _decision(scene: Scene) -> Held:
    return Held(
        _asked(scene),
        fields={
            (ids.DECISION_GIFT, ids.DECISION_GIFT): chosen(NOTHING.spelt),
            (ids.DECISION_WHY, ids.DECISION_WHY): typed("Ask Olga."),
            (ids.RIGHTS_UNTIL, ids.RIGHTS_UNTIL): day(None),
        },
    )


def _own_request(scene: Scene) -> Held:
    filed = scene.cases(scene.user).request_access(
        reason=Reason.OUT_OF_SCOPE, capability=None, account_id=scene.account().id
    )
    assert isinstance(filed, RequestFiled)
    return Held(Sealed(Kind.REQUEST, (filed.request_id,)), fields=_decision(scene).fields)


def _somebody(scene: Scene) -> Sealed:
    return Sealed(Kind.PERSON, (scene.ground.office.staff[SAM].id,))


def _rights(scene: Scene) -> Fields:
    """Another role each time, so that something changes."""
    roles = [Role.CSM, Role.SALES, Role.VIEWER]
    with scene.ground.office.bot.world.uow_for(scene.ground.org_id)() as work:
        now = work.people.by_ids([scene.ground.office.staff[SAM].id], scene.ground.office.clock.now())
    (sam,) = now.values()
    return {
        (ids.ROLE_CHOICE, ids.ROLE_CHOICE): chosen(next(role.value for role in roles if role is not sam.role)),
        (ids.RIGHTS_UNTIL, ids.RIGHTS_UNTIL): day(None),
        (ids.ROLE_WHY, ids.ROLE_WHY): typed("Covers for Olga."),
    }


def _group(scene: Scene) -> Held:
    return Held(
        fields={
            (ids.ROLE_GROUP, ids.ROLE_GROUP): chosen(Sealed(Kind.USERGROUP, (f"S{scene.number():06}", "sellers"))),
            (ids.ROLE_CHOICE, ids.ROLE_CHOICE): chosen(Role.SALES.value),
            (ids.ROLE_WHY, ids.ROLE_WHY): typed(None),
        }
    )


ROLES: list[Deed] = [
    deed(ids.ACCESS_APPROVE, lambda scene: Held(_asked(scene), where="message"), may=DECIDERS, **READ),
    deed(ids.ACCESS_DECLINE, lambda scene: Held(_asked(scene), where="message"), may=DECIDERS, **READ),
    deed(ids.APPROVE_MODAL, _decision, may=DECIDERS, writes="access_requests"),
    deed(ids.DECLINE_MODAL, _decision, may=DECIDERS, writes="access_requests"),
    deed(ids.ROLES_OPEN, lambda scene: Held(where="home"), may=ASSIGNERS, **READ),
    deed(ids.ROLES_BACK, lambda scene: Held(Sealed(Kind.PEOPLE, (0,))), may=ASSIGNERS, **READ),
    deed(ids.ROLES_NEXT, lambda scene: Held(Sealed(Kind.PEOPLE, (0,))), may=ASSIGNERS, **READ),
    deed(ids.ROLES_PERSON, lambda scene: Held(_somebody(scene)), may=ASSIGNERS, **READ),
    deed(ids.ROLES_ADD, lambda scene: Held(where="home"), may=ASSIGNERS, **READ),
    deed(ids.ROLES_GROUPS, lambda scene: Held(where="home"), may=ASSIGNERS, **READ),
    deed(
        ids.ROLE_MODAL,
        lambda scene: Held(
            _somebody(scene), fields={**_rights(scene), (ids.ROLE_ACCESS, ids.ROLE_ACCESS): chosen("on")}
        ),
        may=ASSIGNERS,
        writes="users",
    ),
    deed(
        ids.ROLE_MODAL,
        lambda scene: Held(Sealed(Kind.PERSON, (scene.user.id,)), fields=_rights(scene)),
        may=NOBODY,
        what="of oneself",
    ),
    deed(ids.APPROVE_MODAL, _own_request, may=NOBODY, what="of one's own"),
    deed(
        ids.ADD_MODAL,
        lambda scene: Held(fields={**_rights(scene), (ids.ROLE_WHO, ids.ROLE_WHO): somebody(SAM)}),
        may=ASSIGNERS,
        writes="users",
    ),
    deed(ids.GROUP_MODAL, _group, may=ASSIGNERS, writes="group_roles"),
]


# -- policies and texts -----------------------------------------------------------------------------------------------


def _comment(scene: Scene) -> Sealed:
    critic = scene.cases(scene.ground.people[Role.SALES])
    made = critic.comment_on_text(Edition.of(str(scene.live_text().parts[0])), body="Kinder.", origin=_origin(scene))
    assert isinstance(made, Commented)
    return Sealed(Kind.COMMENT, (made.comment.id,))


def _change(scene: Scene) -> Sealed:
    asker = scene.cases(scene.ground.people[Role.SALES])
    edition = Edition.of(str(scene.live_text().parts[0]))
    made = asker.request_change(edition, proposed=PROPOSED, why="Kinder.", origin=_origin(scene))
    assert isinstance(made, ChangeAsked)
    return Sealed(Kind.CHANGE, (made.change.id,))


def _origin(scene: Scene) -> str:
    return f"view:said{scene.number()}"


def _said(block: str, text: str = "Kinder.") -> Fields:
    return {(block, ids.WRITTEN): typed(text)}


def _proposal(scene: Scene) -> Held:
    return Held(
        scene.live_text(),
        fields={
            (ids.TONE_BLOCK, ids.WRITTEN): chosen("Formal"),
            **_said(ids.SUBJECT_BLOCK, "About {invoice_number}"),
            **_said(f"{ids.TEXT_BLOCK}.0", "Please: {pay_link}"),
            **_said(ids.WHY_BLOCK),
        },
    )


def _of_text(scene: Scene) -> Held:
    return Held(scene.live_text())


def _document(scene: Scene) -> Held:
    """A draft that says what is in force, so that it fits."""
    return Held(scene.draft_of_document())


def _settings(scene: Scene) -> Held:
    """Of the last segment of those in force; another cap each time, so that something changes."""
    with scene.ground.office.bot.world.uow_for(scene.ground.org_id)() as work:
        number, text = work.documents.in_force(DocumentKind.SEGMENTS)
        content = work.library.read(DocumentKind.SEGMENTS, text or "")
    assert isinstance(content, Segments)
    return Held(
        Sealed(Kind.SEGMENT, (number, len(content.each) - 1)),
        fields={
            (ids.MODE_BLOCK, ids.WRITTEN): chosen(content.each[-1].mode.value),
            **_said(ids.CAP_BLOCK, str(1_000 + scene.number())),
            **_said(ids.QUIET_BLOCK, "20:00-07:00"),
            **_said(ids.WHY_BLOCK),
        },
    )


def _with_number(scene: Scene) -> Held:
    return Held(scene.live_text(), picked=Sealed(Kind.NUMBER, (1,)))


def _beside_itself(scene: Scene) -> Held:
    return Held(Sealed(Kind.PLACES, (*scene.live_text().parts, 1, 0)))


def _asked_for(scene: Scene) -> Held:
    return Held(Sealed(Kind.PLACES, ("", *_change(scene).parts, 0)))


TEXTS: list[Deed] = [
    *(
        deed(ids.PLIXO_COMMAND, lambda scene, word=word: Held(text=word), may=READERS, what=word, **READ)  # type: ignore[misc]
        for word in ("policies", "segments", "cadences", "templates", "simulate")
    ),
    deed(ids.TEXT_OPEN, _of_text, may=READERS, **READ),
    deed(ids.TEXT_BESIDE, _of_text, may=READERS, **READ),
    deed(ids.TEXT_LIST, lambda scene: Held(Sealed(Kind.SHELF, ("template",))), may=READERS, **READ),
    deed(ids.TEXT_VERSION, _with_number, may=READERS, **READ),
    deed(ids.TEXT_COMPARE, _with_number, may=READERS, **READ),
    *(
        deed(action, _beside_itself, may=READERS, **READ)
        for action in (ids.PLACES_OPEN, ids.PLACES_BACK, ids.PLACES_NEXT)
    ),
    deed(ids.PLACES_OPEN, _asked_for, may=DECIDERS, what="of a request", **READ),
    deed(ids.TEXT_COMMENT, _of_text, may=READERS, **READ),
    deed(ids.TEXT_CHANGE, _of_text, may=READERS, **READ),
    deed(ids.SIMULATE_BOOK, _document, may=READERS, **READ),
    deed(ids.SIMULATE_ACCOUNT, lambda scene: Held(scene.of_account()), may=READERS, is_scoped=True, **READ),
    deed(ids.TEXT_PUBLISH, _document, may=EDITORS, **READ),
    deed(ids.TEXT_DISCARD, _document, may=EDITORS, writes="documents"),
    deed(
        ids.TEXT_DISCARD,
        lambda scene: Held(scene.draft_of_text()),
        may=EDITORS,
        writes="templates",
        what="of a template",
    ),
    deed(ids.PUBLISH_MODAL, _document, may=EDITORS, writes="documents"),
    deed(ids.SEGMENT_OPEN, _settings, may=SETTERS, **READ),
    deed(ids.SEGMENT_MODAL, _settings, may=SETTERS, writes="documents"),
    deed(ids.TEMPLATE_APPROVE, lambda scene: Held(scene.draft_of_text()), may=EDITORS, writes="templates"),
    deed(
        ids.TEMPLATE_SIGN_OFF,
        lambda scene: Held(scene.draft_of_text(needs_legal=True)),
        may=those_who(Capability.SIGN_OFF_POLICIES),
        writes="templates",
    ),
    deed(ids.TEMPLATE_RETIRE, _of_text, may=EDITORS, writes="templates"),
    deed(ids.COMMENT_ANSWER, lambda scene: Held(_comment(scene)), **READ),
    deed(
        ids.COMMENT_MODAL,
        lambda scene: Held(scene.live_text(), fields=_said(ids.COMMENT_BLOCK)),
        may=READERS & those_who(Capability.COMMENT),
        writes="comments",
    ),
    deed(
        ids.ANSWER_MODAL,
        lambda scene: Held(_comment(scene), fields=_said(ids.ANSWER_BLOCK)),
        may=EDITORS,
        writes="comments",
    ),
    deed(ids.CHANGE_MODAL, _proposal, may=READERS, writes="change_requests"),
    deed(ids.CHANGE_APPROVE, lambda scene: Held(_change(scene)), may=DECIDERS, **READ),
    deed(ids.CHANGE_DECLINE, lambda scene: Held(_change(scene)), may=DECIDERS, **READ),
    deed(
        ids.CHANGE_APPROVE_MODAL,
        lambda scene: Held(
            _change(scene), fields={**_said(ids.WHY_BLOCK), (ids.LEGAL_BLOCK, ids.WRITTEN): ticked("legal")}
        ),
        may=DECIDERS,
        writes="change_requests templates",
    ),
    deed(
        ids.CHANGE_DECLINE_MODAL,
        lambda scene: Held(_change(scene), fields=_said(ids.WHY_BLOCK)),
        may=DECIDERS,
        writes="change_requests",
    ),
]

DEEDS = [*ROLES, *TEXTS]
