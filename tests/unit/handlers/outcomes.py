"""Outcomes by hand: one customer with everything on it, and whatever a test wants changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.accounts import Account, Contact, Invoice, PayLink, dues_of
from domain.audit import AuditPage, Filter, Line
from domain.commitments import Dispute, DisputeState, Heard, Promise, PromiseState, Verdict
from domain.duties import Absence, DutyHolder, DutyRoster
from domain.facts import AccountFacts, CardFacts, Health
from domain.homing import (
    Abilities,
    ChangeLine,
    Cut,
    DisputeLine,
    DraftLine,
    DutyLine,
    HoldLine,
    Home,
    Part,
    PromiseLine,
    ReportLine,
    Staff,
)
from domain.keeping import Kept, KeptRate, Share
from domain.library import Edition
from domain.mail import Mail, Mailbox
from domain.messages import State
from domain.notes import NoteDone, NoteForm, NoteOpened, NoteReply, NoteSaved, NoteThread, NoteVersion, NoteWindow
from domain.notices import AccessRequest
from domain.outcomes import (
    AccountCard,
    AccountSummary,
    AlreadyQueued,
    Candidate,
    CardNudge,
    ChooseAccount,
    Departure,
    MyAccounts,
    NothingFound,
    NudgePreview,
    NudgeStory,
    PassedOver,
    Queued,
    Refused,
    SharedCard,
)
from domain.reasons import Reason
from domain.roles import GroupRole, Groups, RequestToDecide, RoleHolder, UserGroup
from domain.roles import Staff as StaffPage
from domain.rules.access import MATRIX, may
from domain.rules.granting import gifts
from domain.rules.home import SHOWN, parts_for
from domain.rules.quiet_hours import Opening, Skipped, Wait, ZoneChoice, ZoneRule
from domain.shadow import Draft
from domain.timeline import AutopilotStep, Communication, Department, Note, Source, StepState
from domain.values import Capability, Money, Person, Role
from handlers.presenters.reader import Reader
from handlers.seal import Seal, Signet
from tests.builders import (
    make_account,
    make_contact,
    make_invoice,
    make_message,
    make_person,
    make_template,
    make_volume,
    make_workspace,
)

NOW = datetime(2026, 11, 23, 16, 40, tzinfo=UTC)  # Monday, 17:40 in Berlin, 16:40 in London
LEAVES = datetime(2026, 11, 24, 7, 4, tzinfo=UTC)  # Tuesday, 08:04 in Berlin
BERLIN = ZoneChoice(ZoneRule.CONTACT, ("Europe/Berlin",))
SEAL = Seal(b"s" * 32)
PAY_LINK = "https://pay.plixo.example/i/9f31c0ffee"

MIA = make_person(id=7, name="Mia Keller", email="mia@northwind.example", zone="Europe/London", locale="en-GB")
OMAR = make_person(id=8, name="Omar Haddad", email="omar@northwind.example", role=Role.OPERATOR, zone="Europe/Berlin")


def make_reader(**changes: Any) -> Reader:
    return Reader.of(replace(MIA, **changes), zone="Europe/Berlin")


def make_signet(person: Person = MIA) -> Signet:
    return SEAL.of(org_id=1, user_id=person.id, at=NOW)


def eur(major: str) -> Money:
    return Money.of(major, "EUR")


def make_departure(**changes: Any) -> Departure:
    given: dict[str, Any] = {
        "at": LEAVES,
        "opening": Opening(LEAVES, LEAVES + timedelta(hours=9), (Skipped(Wait.QUIET_HOURS, date(2026, 11, 23)),)),
        "zone": BERLIN,
        "waits_for": Reason.QUIET_HOURS,
    }
    return Departure(**given | changes)


def at_once() -> Departure:
    return Departure(at=NOW, opening=Opening(NOW, NOW + timedelta(hours=1)), zone=BERLIN)


def full_account(name: str = "Acme Robotics GmbH") -> Account:
    return make_account(
        id=31,
        external_id="C-1042",
        name=name,
        owner_email=MIA.email,
        domain="acme.example",
        renewal_on=date(2027, 1, 15),
        synced_at=NOW - timedelta(hours=2),
    )


def full_invoices() -> tuple[Invoice, ...]:
    def one(id: int, number: str, issued: date, due: date, balance: str, **changes: Any) -> Invoice:
        return make_invoice(
            id=id,
            account_id=31,
            number=number,
            issued_on=issued,
            due_on=due,
            amount=eur(balance),
            balance=eur(balance),
            pay_link=PayLink(PAY_LINK),
            **changes,
        )

    return (
        one(1, "INV-1042", date(2026, 10, 28), date(2026, 11, 27), "6200"),
        one(2, "INV-1039", date(2026, 9, 29), date(2026, 10, 29), "12400"),
        one(3, "INV-1021", date(2026, 8, 20), date(2026, 9, 19), "3150.50"),
        one(4, "INV-1007", date(2026, 7, 1), date(2026, 7, 31), "880"),
        one(5, "INV-1050", date(2026, 11, 16), date(2026, 12, 16), "9000"),
        one(6, "INV-1051", date(2026, 11, 17), date(2026, 12, 17), "450"),
        one(7, "CN-77", date(2026, 11, 2), date(2026, 11, 2), "-300"),
    )


def full_facts(**changes: Any) -> AccountFacts:
    given: dict[str, Any] = {
        "account": full_account(),
        "contacts": (
            make_contact(id=4, account_id=31, name="Anna Schmidt", email="anna.schmidt@acme.example"),
            make_contact(id=5, account_id=31, name="Ben Vogel", email="ap@acme.example", is_primary=False),
        ),
        "invoices": full_invoices(),
        "promises": (
            Promise(
                1,
                frozenset({3}),
                eur("3150.50"),
                date(2026, 11, 27),
                PromiseState.REPORTED,
                NOW - timedelta(hours=20),
                NOW + timedelta(days=2),
            ),
        ),
        "disputes": (
            Dispute(
                1,
                frozenset({1}),
                "Two of five pallets arrived damaged",
                eur("2480"),
                DisputeState.IN_REVIEW,
                NOW - timedelta(days=11),
                "Lena Brandt (Legal)",
                NOW + timedelta(days=1),
            ),
        ),
        "nudges": (make_message(id="b" * 32, account_id=31, invoice_id=4, requested_by=7, leaves_at=LEAVES),),
        "steps": (AutopilotStep(1, "Second reminder", "Confident", StepState.SCHEDULED, NOW + timedelta(days=4)),),
    }
    return AccountFacts(**given | changes)


def full_card(**changes: Any) -> CardFacts:
    given: dict[str, Any] = {
        "facts": full_facts(),
        "notes": (
            Note(
                1, Department.AR, "Omar Haddad", "Pays on the 15th and the 30th only.", NOW - timedelta(days=40), True
            ),
            Note(2, Department.CSM, "Jo Lindt", "Rollout of phase two is on track.", NOW - timedelta(days=3)),
            Note(3, Department.SALES, "Mia Keller", "Asked for the order number again.", NOW - timedelta(days=9)),
        ),
        "communications": (
            Communication(Source.CUSTOMER, 4, "Re: Invoice INV-1042", NOW - timedelta(days=2)),
            Communication(Source.AUTOPILOT, 4, "Reminder: invoice INV-1039", NOW - timedelta(days=6)),
            Communication(Source.NUDGE, 4, "Invoice INV-1007", NOW - timedelta(days=20)),
            Communication(Source.OPERATOR, None, "Call about INV-1021", NOW - timedelta(days=25)),
        ),
        "past_nudges": (
            make_message(
                id="c" * 32,
                account_id=31,
                invoice_id=4,
                requested_by=7,
                state=State.SENT,
                sent_at=NOW - timedelta(days=20),
            ),
        ),
        "health": Health(paid_invoices=22, paid_on_time=14, average_days_late=12.4),
        "heard_promises": {1: Heard("Mia Keller", NOW - timedelta(hours=20))},
        "heard_disputes": {
            1: Heard(
                "Mia Keller",
                NOW - timedelta(days=12),
                Verdict.CORRECTED,
                "Omar Haddad",
                NOW - timedelta(days=11),
            )
        },
        "kept": (
            Kept(PromiseState.KEPT, "EUR", 5, 500_000, 500_000),
            Kept(PromiseState.BROKEN, "EUR", 1, 50_000, 0),
        ),
    }
    given |= changes
    return CardFacts(
        **{"volume": make_volume(), "workspace": make_workspace(), "dues": dues_of(given["facts"].invoices), **given}
    )


def make_card(**changes: Any) -> AccountCard:
    given: dict[str, Any] = {
        "card": full_card(),
        "nudge": CardNudge(None, full_invoices()[1], make_departure()),
        "people": {7: MIA},
        "reader": MIA,
        "zone": BERLIN,
        "at": NOW,
    }
    return AccountCard(**given | changes)


def refused_card() -> AccountCard:
    refusal = Refused(Reason.LEGAL_HOLD, ask=Role.LEGAL)
    facts = full_facts(account=replace(full_account(), legal_hold="Insolvency filed on 2 Nov, case 7 IN 44/26"))
    return make_card(card=full_card(facts=facts), nudge=CardNudge(refusal, None, None))


def empty_card() -> AccountCard:
    facts = AccountFacts(account=replace(full_account(), synced_at=None, owner_email=None, renewal_on=None))
    return make_card(
        card=CardFacts(workspace=make_workspace(), facts=facts, volume=make_volume()),
        nudge=None,
        people={},
        reader=OMAR,
    )


def make_mail(**changes: Any) -> Mail:
    given: dict[str, Any] = {
        "message_id": "preview",
        "sender": Mailbox("receivables@northwind.example", "Mia Keller (Northwind Receivables)"),
        "to": Mailbox("anna.schmidt@acme.example", "Anna Schmidt"),
        "reply_to": Mailbox("ar@northwind.example", "Northwind Receivables"),
        "subject": "Invoice INV-1039 over EUR 12,400.00",
        "text": (
            "Dear Acme Robotics GmbH,\n\ninvoice INV-1039 over EUR 12,400.00 was due on 29 October 2026, 26 days ago.\n"
            f"If it is on its way already, thank you. If not, you can pay it here:\n\n{PAY_LINK}\n\n"
            "Kind regards\nMia Keller\n"
        ),
        "pay_link": PAY_LINK,
        "pay_label": "Pay invoice INV-1039",
        "date": NOW,
    }
    return Mail(**given | changes)


def make_step_draft(**changed: Any) -> Draft:
    given: dict[str, Any] = {
        "step_id": 5,
        "account_id": 31,
        "contact_id": 4,
        "invoice_id": 2,
        "segment": "Late",
        "cadence": "Standard",
        "day": 14,
        "template": "friendly",
        "template_version": 3,
        "due_at": NOW - timedelta(hours=2),
        "made_at": NOW - timedelta(hours=2),
        "expires_at": NOW + timedelta(hours=70),
        "state": StepState.DRAFTED,
    }
    return Draft(**given | changed)


def make_preview(**changes: Any) -> NudgePreview:
    facts = full_facts()
    templates = (
        make_template(key="friendly", version=3, name="Friendly check-in", subject="Invoice {invoice_number}"),
        make_template(
            key="firm", version=1, name="Firm reminder", tone="Confident", subject="{invoice_number} is late"
        ),
    )
    given: dict[str, Any] = {
        "facts": facts,
        "contact": facts.contacts[0],
        "invoice": facts.invoices[1],
        "passed_over": (
            PassedOver(
                facts.invoices[0],
                Refused(Reason.INVOICE_DISPUTED, subject="INV-1042", ask=Role.OPERATOR, at=NOW - timedelta(days=11)),
            ),
        ),
        "template": templates[0],
        "templates": templates,
        "contacts": facts.contacts,
        "mail": make_mail(),
        "departure": make_departure(),
        "person": MIA,
    }
    return NudgePreview(**given | changes)


def make_queued(**changes: Any) -> Queued:
    facts = full_facts()
    given: dict[str, Any] = {
        "message": make_message(account_id=31, contact_id=4, invoice_id=2, requested_by=7, leaves_at=LEAVES),
        "account": facts.account,
        "contact": facts.contacts[0],
        "invoice": facts.invoices[1],
        "departure": make_departure(),
    }
    return Queued(**given | changes)


def make_already(*, is_mine: bool, state: State = State.QUEUED) -> AlreadyQueued:
    queued = make_queued()
    message = replace(queued.message, state=state, requested_at=NOW - timedelta(minutes=8))
    by = MIA if is_mine else replace(MIA, id=9, name="Ben Ito")
    return AlreadyQueued(message, queued.account, queued.contact, queued.invoice, by=by, is_mine=is_mine)


def make_story(state: State = State.QUEUED, **changes: Any) -> NudgeStory:
    queued = make_queued()
    reasons = {
        State.HELD: Reason.HELD_BY_PERSON,
        State.CANCELLED: Reason.CANCELLED_BY_PERSON,
        State.REFUSED: Reason.INVOICE_DISPUTED,
        State.EXPIRED: Reason.EXPIRED,
        State.FAILED: Reason.MAIL_REJECTED,
        State.UNCONFIRMED: Reason.MAIL_UNKNOWN,
    }
    message = replace(
        queued.message,
        requested_at=NOW - timedelta(hours=1),
        state=state,
        reason=reasons.get(state),
        changed_at=NOW - timedelta(minutes=20) if state is not State.QUEUED else None,
        sent_at=LEAVES if state is State.SENT else None,
    )
    given: dict[str, Any] = {
        "message": message,
        "account": queued.account,
        "contact": queued.contact,
        "invoice": queued.invoice,
        "template": make_template(version=3),
        "requested_by": MIA,
        "org_id": MIA.org_id,
        "held_by": OMAR if state is State.HELD else None,
        "zone": BERLIN,
    }
    return NudgeStory(**given | changes)


def make_summary(number: int = 1, **changes: Any) -> AccountSummary:
    given: dict[str, Any] = {
        "account": replace(full_account(f"Customer {number}"), id=number, external_id=f"C-{number}"),
        "open_invoices": 6,
        "past_due_invoices": 3,
        "oldest_days_past_due": 115,
        "past_due_minor": 1_643_050,
        "currency": "EUR",
    }
    return AccountSummary(**given | changes)


def make_mine(count: int = 3, **changes: Any) -> MyAccounts:
    summaries = (
        make_summary(1, has_dispute=True),
        make_summary(2, has_promise=True, past_due_invoices=1, oldest_days_past_due=1),
        make_summary(3, past_due_invoices=0, oldest_days_past_due=0, past_due_minor=0, open_invoices=1),
    )[:count]
    given: dict[str, Any] = {"summaries": summaries, "total": 14, "reader": MIA, "at": NOW}
    return MyAccounts(**given | changes)


def make_candidates() -> tuple[Candidate, ...]:
    return (
        Candidate(full_account(), 0.9),
        Candidate(replace(full_account("Acme Retail Ltd"), id=32, external_id="C-88"), 0.7, "Acme Shops"),
    )


def make_choice() -> ChooseAccount:
    return ChooseAccount("acme", make_candidates())


def make_nothing(*, is_limited: bool = False) -> NothingFound:
    return NothingFound("acmee", () if is_limited else make_candidates(), is_limited)


def make_report(number: int = 1, **changes: Any) -> ReportLine:
    given: dict[str, Any] = {
        "id": number,
        "is_promise": True,
        "state": PromiseState.REPORTED,
        "account_id": 31,
        "account_name": "Acme Robotics GmbH",
        "invoices": ("INV-1039", "INV-1021"),
        "amount": eur("4000"),
        "due_on": date(2026, 11, 27),
        "reason": "",
        "said_at": NOW - timedelta(minutes=11),
        "reported_at": NOW - timedelta(minutes=9),
        "reporter": "Mia Keller",
        "operator": "Omar Haddad",
    }
    return ReportLine(**given | changes)


def make_promise_line(number: int = 1, **changes: Any) -> PromiseLine:
    given: dict[str, Any] = {
        "id": number,
        "account_id": 31,
        "account_name": "Acme Robotics GmbH",
        "invoices": ("INV-1039",),
        "amount": eur("4000"),
        "due_on": NOW.date(),
        "state": PromiseState.OPEN,
    }
    return PromiseLine(**given | changes)


def make_contents(person: Person, *, times: int = 1, total: int | None = None, **changes: Any) -> dict[Part, Any]:
    """What each part of the person's Home holds; lists are `times` as long."""

    def cut(*items: Any) -> Cut[Any]:
        return Cut(items * times, len(items) * times if total is None else total)

    missed = {"due_on": NOW.date() - timedelta(days=5), "decided_at": NOW - timedelta(days=1)}
    dispute = full_facts().disputes[0]
    settled = {"settled_at": NOW, "settled_by": "Omar Haddad", "acknowledged_by": "Omar Haddad"}
    draft = DraftLine(
        Edition.of("template:friendly:4"), "Friendly check-in", "Neutral", "Carl Weber", NOW, needs_legal=True
    )
    request = AccessRequest(1, 9, "Ben Ito", "U9", Capability.NUDGE, 31, "Acme Robotics GmbH", Reason.NOT_ALLOWED, NOW)
    given: dict[Part, Any] = {
        Part.ESCALATED: cut(make_report(escalated_at=NOW, said_at=NOW - timedelta(minutes=21))),
        Part.REPORT_QUEUE: cut(
            make_report(acknowledged_by="Omar Haddad"),
            make_report(2, is_promise=False, state=DisputeState.REPORTED, reason="Two pallets damaged", due_on=None),
        ),
        Part.UNCONFIRMED: cut(make_story(State.UNCONFIRMED)),
        Part.HELD: cut(make_story(State.HELD)),
        Part.ON_THEIR_WAY: cut(make_story(), make_story(State.SENDING)),
        Part.MY_NUDGES: cut(make_story(), make_story(State.HELD)),
        Part.MY_LATEST: cut(make_story(State.SENT), make_story(State.REFUSED)),
        Part.ACCOUNTS: make_mine(reader=person),
        Part.MY_REPORTS: cut(
            make_report(),
            make_report(2, acknowledged_by="Omar Haddad"),
            make_report(3, state=PromiseState.OPEN, verdict=Verdict.CORRECTED, **settled),
            make_report(4, state=PromiseState.WITHDRAWN, verdict=Verdict.NOT_VALID, why="Asked Paula: no.", **settled),
            make_report(5, is_promise=False, state=DisputeState.IN_REVIEW, verdict=Verdict.RECORDED, **settled),
        ),
        Part.PROMISES_DUE: cut(make_promise_line(), make_promise_line(2, due_on=NOW.date() - timedelta(days=1))),
        Part.PROMISES_MISSED: cut(
            make_promise_line(3, state=PromiseState.BROKEN, **missed),
            make_promise_line(4, state=PromiseState.PARTIALLY_KEPT, paid=eur("1500"), **missed),
        ),
        Part.KEPT_RATE: KeptRate(Share(17, 19, 17 / 19), (("EUR", Share(913_000, 1_000_000, 0.913)),)),
        Part.DUTY: cut(
            DutyLine("Omar Haddad", 12, keeps_the_rest=True),
            DutyLine("Olga Ott", 1, keeps_the_rest=False, away_until=NOW + timedelta(days=3), stand_in="Omar Haddad"),
        ),
        Part.ACCESS_REQUESTS: cut(request),
        Part.CHANGE_REQUESTS: cut(
            ChangeLine(1, Edition.of("template:friendly:3"), "Friendly check-in", "It is too stiff.", "Mia Keller", NOW)
        ),
        Part.DRAFTS: cut(draft),
        Part.STEP_DRAFTS: cut(make_step_draft()),
        Part.SIGN_OFFS: cut(draft),
        Part.PEOPLE: Staff({Role.SALES: 12, Role.OPERATOR: 2, Role.CONTROLLER: 1}),
        Part.DISPUTES: cut(
            DisputeLine(31, "Acme Robotics GmbH", ("INV-1042",), dispute),
            DisputeLine(31, "Acme Robotics GmbH", (), replace(dispute, state=DisputeState.OPEN, owner=None)),
        ),
        Part.LEGAL_HOLDS: cut(HoldLine(31, "Acme Robotics GmbH", "Insolvency filed", "Lena Brandt", NOW)),
        Part.ABLE: Abilities(person.role, tuple(one for one in MATRIX if may(person, one))),
        Part.HELP: Abilities(person.role, tuple(one for one in MATRIX if may(person, one))),
    }
    contents = {part: (given | changes)[part] for part in parts_for(person)}
    for part, content in contents.items():
        if isinstance(content, Cut):
            contents[part] = replace(content, items=content.items[: SHOWN[part]])
    return contents


def make_home(person: Person = MIA, **changes: Any) -> Home:
    return Home(reader=person, at=NOW, contents=make_contents(person, **changes))


VIK = make_person(id=11, name="Vik Viewer", email="vik@northwind.example", role=Role.VIEWER)
CARL = make_person(id=12, name="Carl Controller", email="carl@northwind.example", role=Role.CONTROLLER)


def make_request(**changes: Any) -> AccessRequest:
    given: dict[str, Any] = {
        "id": 5,
        "asked_by": VIK.id,
        "asked_by_name": VIK.name,
        "asked_by_slack": "U11",
        "capability": Capability.NUDGE,
        "account_id": 31,
        "account_name": "Acme Robotics GmbH",
        "reason": Reason.NOT_ALLOWED,
        "asked_at": NOW - timedelta(minutes=9),
    }
    return AccessRequest(**given | changes)


def make_decided(*, approved: bool = True, given: str = "capability", **changes: Any) -> AccessRequest:
    answer: dict[str, Any] = {
        "state": "approved" if approved else "declined",
        "decided_by": CARL.email,
        "decided_by_name": CARL.name,
        "decided_at": NOW,
        "decision": "Covers for Rita this week.",
        "given": given if approved else None,
        "granted_until": datetime(2026, 11, 25, tzinfo=UTC) if approved else None,
    }
    return make_request(**answer | changes)


def make_to_decide(request: AccessRequest | None = None, asker: Person = VIK) -> RequestToDecide:
    asked = request or make_request()
    accounts = (full_account(),)
    return RequestToDecide(asked, asker, accounts, gifts(asked, asker, [one.id for one in accounts]))


def make_staff(count: int = 3, **changes: Any) -> StaffPage:
    group = GroupRole("S01SALES", "@sales", Role.SALES, CARL.email, NOW)
    given: dict[str, Any] = {
        "holders": (
            RoleHolder(CARL, Role.CONTROLLER),
            RoleHolder(MIA, Role.VIEWER, until=NOW + timedelta(days=2)),
            RoleHolder(
                replace(VIK, is_active=False, capabilities=frozenset({Capability.NUDGE})), Role.VIEWER, None, "S01SALES"
            ),
        )[:count],
        "offset": 20,
        "total": 41,
        "groups": (group,),
        "reader": CARL,
    }
    return StaffPage(**given | changes)


def make_roster(**changes: Any) -> DutyRoster:
    """One with many accounts who is away, one who keeps the rest, and one who may not keep anything by now."""
    absence = Absence(OMAR.id, NOW, NOW + timedelta(days=3), CARL.id)
    names = tuple(f"Customer {number}" for number in range(8))
    holders = (
        DutyHolder(OMAR, names, keeps_the_rest=True, absence=absence, stand_in="Carl Controller"),
        DutyHolder(replace(OMAR, id=77, name="Otto Operator"), (), keeps_the_rest=True),
        DutyHolder(replace(VIK, is_active=False), names[:1], keeps_the_rest=False),
    )
    return DutyRoster(**{"reader": CARL, "holders": holders, "may_set": True} | changes)


def make_groups() -> Groups:
    there = (UserGroup("S01SALES", "Sales of the North", "sales"), UserGroup("S02LEGAL", "Legal", "legal"))
    return Groups(there, (GroupRole("S01SALES", "@sales", Role.SALES, CARL.email, NOW),))


def make_shared() -> SharedCard:
    summary = make_summary(1, account=full_account(), has_dispute=True, has_promise=True)
    return SharedCard(summary, MIA, NOW)


def make_thread(number: int = 1, **changes: Any) -> NoteThread:
    """A pinned note by Omar, edited once, with eight replies."""
    said = "Pays on the 15th and the 30th only. " * 30
    given: dict[str, Any] = {
        "note": Note(number, Department.AR, OMAR.name, said, NOW - timedelta(days=4), number % 2 == 1, replies=8),
        "account_id": 31,
        "replies": tuple(NoteReply(at, 7, MIA.name, "Thank you.", NOW - timedelta(hours=9 - at)) for at in range(1, 9)),
        "versions": (
            NoteVersion(2, OMAR.id, OMAR.name, said, NOW - timedelta(days=3)),
            NoteVersion(1, OMAR.id, OMAR.name, "Pays late.", NOW - timedelta(days=4)),
        ),
    }
    return NoteThread(**given | changes)


def make_opened(reader: Person = OMAR, **changes: Any) -> NoteOpened:
    return NoteOpened(make_thread(**changes), full_account(), reader, NOW)


def make_saved(act: NoteDone) -> NoteSaved:
    return NoteSaved(act, make_opened(), told=(MIA, OMAR))


def make_note_form() -> NoteForm:
    return NoteForm(full_account(), Department.AR)


def make_window(page: int = 0, **changes: Any) -> NoteWindow:
    given: dict[str, Any] = {
        "account": full_account(),
        "threads": tuple(make_thread(number) for number in range(1, 6)),
        "page": page,
        "total": 12,
        "reader": OMAR,
        "at": NOW,
    }
    return NoteWindow(**given | changes)


def make_contact_named(name: str, email: str) -> Contact:
    return make_contact(id=4, account_id=31, name=name, email=email)


def make_audit_page(count: int = 20, **changes: Any) -> AuditPage:
    line = Line(
        id=7,
        at=NOW - timedelta(hours=2),
        actor_id=7,
        actor_name="Mia Keller",
        actor_email=MIA.email,
        action="nudge.held",
        subject="nudge:4f2a",
        account_id=31,
        account_external_id="C-1042",
        account_name="Acme Robotics GmbH",
        reason=Reason.HELD_BY_PERSON.value,
        before={"state": "queued"},
        after={"state": "held"},
    )
    given: dict[str, Any] = {"lines": (line,) * count, "more": True, "filter": Filter(), "at": NOW}
    return AuditPage(**given | changes)
