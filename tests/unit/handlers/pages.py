"""Every surface there is, rendered from one set of outcomes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar

from domain.accounts import PayLink
from domain.audit import Export, TooLong
from domain.homing import MOST_COUNTED, Cut, OnePart, Part
from domain.messages import FINAL_STATES, State
from domain.morning import Morning, News
from domain.notes import NoteDone
from domain.notices import MUTABLE, AccessRequest, Digest
from domain.outcomes import NudgeChanged, Refused
from domain.reasons import Reason
from domain.roles import GroupRoleGiven, Groups, RequestDecided, RoleAssigned, RoleHolder
from domain.usecases.choose_messages import MessageChoice
from domain.values import Capability, Role
from handlers import announcements
from handlers.presenters import (
    audit,
    card,
    deciding,
    home,
    lists,
    note_messages,
    notes,
    nudge,
    refusals,
    roster,
    shared,
    staff,
    stories,
)
from handlers.presenters.card import Unfolded
from handlers.presenters.messages import messages_view, saved_page
from handlers.views import deciding as deciding_views
from handlers.views.audit import Chosen, audit_view, opening_view, words_page
from handlers.views.blocks import Option, Page, View, message_blocks, message_text, modal
from handlers.views.card import card_page
from handlers.views.find import find_view
from handlers.views.lists import listing_page
from handlers.views.nudge import preview_view, waiting_view
from handlers.views.staff import reading_view, staff_view
from tests.unit.handlers import library_pages, nudge_pages, report_pages, shadow_pages, simulation_pages
from tests.unit.handlers.outcomes import (
    CARL,
    LEAVES,
    MIA,
    NOW,
    OMAR,
    SEAL,
    VIK,
    at_once,
    empty_card,
    make_already,
    make_audit_page,
    make_card,
    make_choice,
    make_contents,
    make_decided,
    make_groups,
    make_home,
    make_mine,
    make_note_form,
    make_nothing,
    make_opened,
    make_preview,
    make_queued,
    make_reader,
    make_request,
    make_roster,
    make_saved,
    make_shared,
    make_signet,
    make_staff,
    make_story,
    make_to_decide,
    make_window,
    refused_card,
)

T = TypeVar("T")
Change = Callable[[Any], Any]

# What is ours, or an id, or a name of a zone; everything else may hold whatever a customer typed.
OURS = frozenset(
    {"zone", "names", "locale", "currency", "id", "key", "template_key", "token", "origin", "country", "url"}
)


def infected(thing: T, text: str) -> T:
    """The same with every text in it that came from data replaced."""
    if isinstance(thing, PayLink | Enum | datetime | date):
        return thing
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        changes = {
            field.name: _infected_field(field.name, getattr(thing, field.name), text)
            for field in dataclasses.fields(thing)
        }
        return dataclasses.replace(thing, **changes)
    if isinstance(thing, tuple):
        return tuple(infected(one, text) for one in thing)  # type: ignore[return-value]
    if isinstance(thing, dict):
        return {key: infected(one, text) for key, one in thing.items()}  # type: ignore[return-value]
    return thing


def _infected_field(name: str, value: Any, text: str) -> Any:
    if name in OURS:
        return value
    if isinstance(value, str) and not isinstance(value, Enum):
        return text
    return infected(value, text)


def same(thing: T) -> T:
    return thing


def messages(change: Change = same, **reader: Any) -> dict[str, Page]:
    """All pages that are shown in messages; most are shown in modals as well."""
    r, s = make_reader(**reader), make_signet()
    outsider = change(make_card())
    pages = {
        "card": card_page(card.card(outsider, reader=r, signet=s, may_share=True)),
        "card in full": card_page(card.card(outsider, reader=r, signet=s, unfolded=Unfolded(3), may_share=True)),
        "card on hold": card_page(card.card(change(refused_card()), reader=r, signet=s)),
        "empty card": card_page(card.card(change(empty_card()), reader=r, signet=s)),
        "choice": listing_page(lists.choice(change(make_choice()), signet=s)),
        "nothing": listing_page(lists.nothing(change(make_nothing()), signet=s)),
        "nothing of yours": listing_page(lists.nothing(change(make_nothing(is_limited=True)), signet=s)),
        "mine": listing_page(lists.mine(change(make_mine()), reader=r, signet=s)),
        "mine, none": listing_page(lists.mine(change(make_mine(0, total=0)), reader=r, signet=s)),
        "help": lists.help_page(),
        "shared": shared.shared_page(change(make_shared()), reader=r, signet=s),
        "queued": nudge.queued_page(change(make_queued()), reader=r, signet=s, at=NOW),
        "queued at once": nudge.queued_page(change(make_queued(departure=at_once())), reader=r, signet=s, at=NOW),
        "messages saved": saved_page(MessageChoice(MUTABLE, saved=True)),
        "messages muted": saved_page(MessageChoice(frozenset(), saved=True)),
        "taken back": stories.taken_back_page(NudgeChanged(change(make_story(State.CANCELLED)), State.QUEUED)),
        "not to be taken back": stories.taken_back_page(
            NudgeChanged(change(make_story(State.UNCONFIRMED)), State.QUEUED)
        ),
    }
    for given in ("nothing", "capability", "role:operator", "account", "gone"):
        decided = RequestDecided(change(make_decided(given=given)))
        pages[f"decided {given}"] = deciding.decided_page(decided, reader=r, at=NOW)
    declined = RequestDecided(change(make_decided(approved=False)))
    pages["declined"] = deciding.decided_page(declined, reader=r, at=NOW)
    holder = change(RoleHolder(MIA, Role.VIEWER, until=NOW))
    pages["assigned"] = staff.assigned_page(RoleAssigned(holder, None), reader=r, at=NOW)
    pages["assigned, as it was"] = staff.assigned_page(RoleAssigned(holder, holder), reader=r, at=NOW)
    holders = change(make_roster()).holders
    pages["own duty changed"] = roster.changed_page(holders[0], to=holders[0].person, reader=r, at=NOW)
    pages["stands in"] = roster.changed_page(holders[0], to=holders[1].person, reader=r, at=NOW)
    pages["will stand in"] = roster.changed_page(holders[0], to=CARL, reader=r, at=NOW - timedelta(days=2))
    pages["stands in no more"] = roster.changed_page(holders[1], to=holders[0].person, reader=r, at=NOW)
    pages["group gives"] = staff.given_page(change(GroupRoleGiven("@sales", Role.SALES, None)))
    pages["group gives none"] = staff.given_page(change(GroupRoleGiven("@sales", None, Role.SALES)))
    pages |= {
        f"notes, page {page}": notes.window_page(change(make_window(page)), reader=r, signet=s) for page in (0, 1)
    }
    pages["no notes"] = notes.window_page(change(make_window(0, threads=(), total=0)), reader=r, signet=s)
    pages |= {
        f"note, replies {page}": notes.note_page(change(make_opened()), reader=r, signet=s, page=page)
        for page in (0, 1)
    }
    pages["note of the books"] = notes.note_page(change(make_opened(versions=())), reader=r, signet=s)
    pages["history"] = notes.history_page(change(make_opened()), reader=r, signet=s)
    versions = tuple(replace(make_opened().thread.versions[0], version=12 - number) for number in range(12))
    many = change(make_opened(versions=versions))
    pages["history, page 2"] = notes.history_page(many, page=1, reader=r, signet=s)
    for done in NoteDone:
        pages[f"note {done}"] = notes.saved_page(change(make_saved(done)), reader=r, signet=s)
    pages |= report_pages.messages(change, **reader)
    for mine in (True, False):
        for state in State:
            already = change(make_already(is_mine=mine, state=state))
            pages[f"already {state} {mine}"] = nudge.already_page(already, reader=r, signet=s, at=NOW)
    for reason in Reason:
        refused = Refused(
            reason, until=LEAVES, ask=Role.CONTROLLER, subject="INV-1039", at=NOW, by="the year-end close"
        )
        pages[f"refused {reason}"] = refusals.refusal_page(
            change(refused), reader=r, signet=s, at=NOW, wanted=Capability.NUDGE, account_id=31
        )
        pages[f"refused, bare {reason}"] = refusals.refusal_page(Refused(reason), reader=r, signet=None, at=NOW)
    return (
        pages
        | library_pages.messages(change)
        | shadow_pages.messages(change)
        | simulation_pages.messages(change, **reader)
    )


def posted(change: Change = same) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """What the poster posts."""
    pages = {}
    for state in State:
        story = change(make_story(state))
        pages[f"alert {state}"] = announcements.render_alert(story, seal=SEAL, at=NOW, zone="Europe/Berlin")
        pages[f"outcome {state}"] = announcements.render_outcome(story, MIA, seal=SEAL, at=NOW, zone="Europe/Berlin")
    opened, r, s = change(make_opened()), make_reader(), make_signet()
    for name, page in (
        ("mention", note_messages.mention_page(opened, reader=r, signet=s)),
        ("reply", note_messages.reply_page(opened, opened.thread.replies[0], reader=r, signet=s)),
    ):
        pages[name] = message_text(page), message_blocks(page)
    pages |= report_pages.posted(change) | nudge_pages.posted(change)
    pages["digest"] = announcements.render_digest(Digest(dict.fromkeys(sorted(FINAL_STATES), 12)))
    for count in (1, 3, 1_200):
        pages[f"morning {count}"] = announcements.render_morning(Morning(dict.fromkeys(News, count)))
    for reason in (Reason.OUT_OF_SCOPE, Reason.NO_CONTACT):
        request = AccessRequest(1, 7, "Mia Keller", "U7", Capability.NUDGE, 31, "Acme Robotics GmbH", reason, NOW)
        pages[f"request {reason}"] = announcements.render_access_request(
            change(request), OMAR, seal=SEAL, at=NOW, zone="Europe/Berlin"
        )
    for name, answered in {
        "waiting": make_request(),
        "approved": make_decided(),
        "given a role": make_decided(given="role:operator"),
        "given the account": make_decided(given="account", reason=Reason.OUT_OF_SCOPE),
        "declined": make_decided(approved=False),
        "for words": make_request(reason=Reason.OUT_OF_SCOPE, account_id=None, account_name=None, words="lone star"),
    }.items():
        to = {"seal": SEAL, "at": NOW, "zone": "Europe/Berlin"}
        pages[f"request {name}"] = announcements.render_access_request(change(answered), CARL, **to)  # type: ignore[arg-type]
        pages[f"decision {name}"] = announcements.render_access_decision(change(answered), VIK, **to)  # type: ignore[arg-type]
    pages["role"] = announcements.render_role(change(RoleHolder(MIA, Role.VIEWER, until=NOW)), at=NOW, zone="UTC")
    return pages | library_pages.posted(change) | shadow_pages.posted()


def homes(change: Change = same) -> dict[str, Page]:
    r, s = make_reader(), make_signet()
    pages = {}
    for role in Role:
        person = dataclasses.replace(MIA, role=role)
        pages[f"home {role}"] = home.home_page(change(make_home(person)), reader=r, signet=s, notice="✅ Done.")
        long = change(make_home(person, times=40, total=MOST_COUNTED))
        pages[f"home {role}, long"] = home.home_page(long, reader=r, signet=s)
    every = Cut(tuple(make_story(state) for state in State), len(State))
    pages["home, all states"] = home.home_page(
        change(make_home(OMAR, **{Part.ON_THEIR_WAY.value: every})), reader=r, signet=s
    )
    return pages


def parts(change: Change = same) -> dict[str, Page]:
    """Each part in a window of its own, with more to come."""
    r, s = make_reader(), make_signet()
    shown = {}
    for role in Role:
        person = dataclasses.replace(MIA, role=role)
        for part, content in make_contents(person, times=8, total=100).items():
            one = OnePart(part, change(content), person, NOW)
            shown[f"part {part} {role}"] = home.part_page(one, reader=r, signet=s)
    return shown


def preview(change: Change = same) -> View:
    outcome = change(make_preview())
    return preview_view(nudge.preview(outcome, reader=make_reader(), signet=make_signet(), at=NOW, notice="Look."))


def rights(change: Change = same) -> dict[str, View]:
    """The windows about rights."""
    r, s = make_reader(), make_signet()
    shown: dict[str, View] = {"reading a request": deciding_views.waiting_view(), "reading people": reading_view()}
    for name, outcome in {
        "a grant": make_to_decide(),
        "roles": make_to_decide(make_request(capability=Capability.HOLD_NUDGE)),
        "words": make_to_decide(
            make_request(reason=Reason.OUT_OF_SCOPE, account_id=None, account_name=None, words="lone star"), MIA
        ),
        "an account": make_to_decide(make_request(reason=Reason.OUT_OF_SCOPE), MIA),
        "nothing": make_to_decide(make_request(reason=Reason.NO_CONTACT)),
    }.items():
        asked = deciding.question(change(outcome), reader=r, signet=s, at=NOW)
        shown[f"approve {name}"] = deciding_views.approval_view(asked, why_at_most=500)
        shown[f"decline {name}"] = deciding_views.refusal_view(asked, why_at_most=500)
    shown["people"] = staff_view(staff.staff_list(change(make_staff()), page=20, reader=r, signet=s, at=NOW))
    shown["change"] = staff.change_view(change(make_staff().holders[1]), reader=r, signet=s, at=NOW)
    granted = make_staff().holders[1]
    granted = replace(granted, person=replace(granted.person, capabilities=frozenset({Capability.NUDGE})))
    shown["change what was granted"] = staff.change_view(change(granted), reader=r, signet=s, at=NOW)
    shown["add"] = staff.add_view()
    on_duty = change(make_roster())
    shown["on duty"] = modal(roster.roster_page(on_duty, reader=r, signet=s, at=NOW, notice=roster.BACK))
    shown["who keeps it"] = roster.duty_window(on_duty.holders[0], signet=s)
    shown["away"] = roster.absence_window(on_duty, on_duty.holders[0], reader=r, signet=s, at=NOW)
    shown["groups"] = staff.give_view(change(make_groups()), signet=s)
    shown["no groups"] = staff.give_view(Groups((), ()), signet=s)
    return shown


def views(change: Change = same) -> dict[str, View]:
    """Modals that are more than a page."""
    return library_pages.views(change) | shadow_pages.views() | nudge_pages.views(change)


def modals() -> dict[str, View]:
    named = {"find": find_view(), "waiting": waiting_view(), "preview": preview()}
    named |= {
        "messages": messages_view(MessageChoice(MUTABLE)),
        "messages, muted": messages_view(MessageChoice(frozenset())),
    }
    return (
        named
        | views()
        | rights()
        | note_forms()
        | audit_windows()
        | report_pages.modals(same)
        | {name: modal(page) for name, page in (messages() | parts()).items()}
    )


def note_forms(change: Change = same) -> dict[str, View]:
    r, s = make_reader(), make_signet()
    return {
        "write": notes.writing_view(change(make_note_form()), signet=s),
        "edit": notes.editing_view(change(make_opened()), reader=r, signet=s),
        "reply": notes.replying_view(change(make_opened()), reader=r, signet=s),
    }


def audit_windows(change: Change = same) -> dict[str, View]:
    page, r = change(make_audit_page()), make_reader()
    chosen = Chosen("U7", Option("Acme", "token"), "2026-10-24", "2026-11-23")
    return {
        "audit": audit_view(chosen, audit.lines(page, reader=r)),
        "audit, nothing": audit_view(Chosen(), audit.lines(make_audit_page(0), reader=r)),
        "audit opening": opening_view(),
        "audit exported": modal(words_page(audit.export_words(Export(page.filter, 7, 12)))),
        "audit too long": modal(words_page(audit.too_long_words(TooLong(50_000)))),
    }
