"""What states, roles, capabilities and sources are called."""

from __future__ import annotations

from domain.accounts import SuppressionReason
from domain.autopilot import Misfit, Shortfall, Stop
from domain.commitments import DisputeState, PromiseState, Resolution, SlaState, Verdict
from domain.library import Shelf, VersionState
from domain.messages import State
from domain.morning import News
from domain.notices import NoticeKind
from domain.policies import Mode
from domain.rules.quiet_hours import Wait
from domain.simulation import Stay
from domain.timeline import Department, Source
from domain.values import Capability, Role

STATES: dict[State, str] = {
    State.QUEUED: "queued",
    State.CLAIMED: "leaving now",
    State.SENDING: "leaving now",
    State.SENT: "sent",
    State.HELD: "on hold",
    State.REFUSED: "not sent",
    State.CANCELLED: "cancelled",
    State.EXPIRED: "expired",
    State.FAILED: "failed",
    State.UNCONFIRMED: "not confirmed",
}
STATE_SIGNS: dict[State, str] = {
    State.QUEUED: "⏳",
    State.CLAIMED: "📤",
    State.SENDING: "📤",
    State.SENT: "✅",
    State.HELD: "✋",
    State.REFUSED: "🚫",
    State.CANCELLED: "✖️",
    State.EXPIRED: "⌛",
    State.FAILED: "⚠️",
    State.UNCONFIRMED: "❓",
}
ROLES: dict[Role, str] = {
    Role.ADMIN: "Admin",
    Role.CONTROLLER: "Controller",
    Role.AR_MANAGER: "A/R Manager",
    Role.OPERATOR: "A/R Operator",
    Role.SALES: "Sales",
    Role.CSM: "Customer Success",
    Role.LEGAL: "Legal",
    Role.BILLING_ADMIN: "Billing Admin",
    Role.VIEWER: "Viewer",
}
CAPABILITIES: dict[Capability, str] = {
    Capability.VIEW_ACCOUNTS: "look up accounts",
    Capability.NUDGE: "send nudges",
    Capability.REPORT: "report promises and disputes",
    Capability.RECORD: "record promises and disputes",
    Capability.RECORD_DISPUTE_INPUT: "add to disputes",
    Capability.HOLD_NUDGE: "hold or cancel any nudge",
    Capability.HOLD_OWN_NUDGE: "hold or cancel your own nudges",
    Capability.RESOLVE_UNCONFIRMED: "settle nudges that nobody confirmed",
    Capability.WRITE_NOTES: "write notes",
    Capability.COMMENT: "comment on notes",
    Capability.VIEW_POLICIES: "read policies and texts",
    Capability.EDIT_POLICIES: "change policies and texts",
    Capability.SIGN_OFF_POLICIES: "sign off policies",
    Capability.SET_SEGMENTS: "set segments, caps and quiet hours",
    Capability.APPROVE_DRAFTS: "approve Autopilot's drafts",
    Capability.DECIDE_REQUESTS: "decide requests",
    Capability.SUPPRESS_CONTACTS: "block and unblock contacts",
    Capability.CONFIRM_CASH: "confirm payments",
    Capability.VIEW_OPERATIONS: "see operations",
    Capability.OPERATE: "run operations",
    Capability.ASSIGN_ROLES: "assign roles",
    Capability.EXPORT: "read and export the audit log and the summary",
}
SUPPRESSIONS: dict[str, str] = {
    SuppressionReason.INVALID.value: "the address is marked as not working",
    SuppressionReason.OPTED_OUT.value: "they asked not to be written to",
    SuppressionReason.LEGAL_HOLD.value: "they are on legal hold",
}
PROMISES: dict[PromiseState, str] = {
    PromiseState.REPORTED: "reported, not yet recorded by A/R",
    PromiseState.OPEN: "on record",
    PromiseState.KEPT: "kept",
    PromiseState.PARTIALLY_KEPT: "partly kept",
    PromiseState.BROKEN: "broken",
    PromiseState.WITHDRAWN: "withdrawn",
    PromiseState.SUPERSEDED: "replaced by a newer one",
}
DISPUTES: dict[DisputeState, str] = {
    DisputeState.REPORTED: "reported",
    DisputeState.OPEN: "open",
    DisputeState.IN_REVIEW: "in review",
    DisputeState.RESOLVED: "resolved",
}
RESOLUTIONS: dict[Resolution, str] = {
    Resolution.CREDIT: "a credit was agreed",
    Resolution.INVALID: "found not valid",
    Resolution.WITHDRAWN: "the customer took it back",
}
THE_RECORD = "The record"
"""The title of what is about promises, disputes and holds; *Record* alone is the button that puts a report there."""
SEEN_ON_CARD = "the card shows what can be nudged."
NO_LONGER_HELD = f"no longer holds its invoices; {SEEN_ON_CARD}"
"""Of a report, a promise or a dispute that is over. Whether they may be chased is another matter: each may be paid or
disputed meanwhile, and the account held.
"""
HELD_BY_THE_BOOKS = "This hold comes from the books. Lift it there; the next import removes it here."
VERDICTS: dict[Verdict, str] = {
    Verdict.RECORDED: "recorded",
    Verdict.CORRECTED: "corrected and recorded",
    Verdict.NOT_VALID: "found not valid",
}
SLAS: dict[SlaState, str] = {
    SlaState.OPEN: "in time",
    SlaState.AT_RISK: "at risk",
    SlaState.LATE: "late",
}
SLA_SIGNS: dict[SlaState, str] = {
    SlaState.OPEN: "🟢",
    SlaState.AT_RISK: "🟠",
    SlaState.LATE: "🔴",
}
DEPARTMENTS: dict[Department, str] = {
    Department.AR: "A/R",
    Department.CSM: "Customer Success",
    Department.LEGAL: "Legal",
    Department.SALES: "Sales",
}
SOURCES: dict[Source, str] = {
    Source.AUTOPILOT: "Autopilot",
    Source.NUDGE: "Nudge",
    Source.OPERATOR: "A/R",
    Source.CUSTOMER: "Customer",
}
WAITS: dict[Wait, str] = {
    Wait.QUIET_HOURS: "outside their business hours",
    Wait.WEEKEND: "weekend",
    Wait.HOLIDAY: "public holiday",
    Wait.BLACKOUT: "no mail goes out that day",
}
MESSAGES: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.REP_OUTCOME: (
        "What became of my nudges",
        "Sent, on hold, not sent: one message each",
    ),
    NoticeKind.REPORT_OUTCOME: ("What became of my reports", "Recorded or not valid, in the thread you reported from"),
    NoticeKind.PROMISE_DECIDED: ("How promises ended", "Kept, partly kept or broken"),
    NoticeKind.NOTE_REPLY: ("Replies to notes", "To notes you wrote or replied to; being named always reaches you"),
    NoticeKind.SEGMENT_STANDING: ("How segments stand", "When one falls to Shadow or rises again, for A/R"),
    NoticeKind.EXHAUSTED: (
        "What Autopilot leaves to me",
        "It did its last step for an invoice of an account of yours",
    ),
    NoticeKind.PUBLISHED: ("What was published", "Policies, segments and cadences that are in force now"),
    NoticeKind.DAILY_DIGEST: ("The daily digest", "Once a working day, when there is something to say"),
}
"""Kinds that may be muted: what they are, and more about them."""
NEWS: dict[News, tuple[str, str]] = {
    News.LEFT: ("✅ 1 nudge of yours left", "✅ {count} nudges of yours left"),
    News.REFUSED: ("🚫 1 nudge of yours was not sent", "🚫 {count} nudges of yours were not sent"),
    News.STILL_WAITING: ("⏳ 1 nudge of yours has yet to leave", "⏳ {count} nudges of yours have yet to leave"),
    News.SETTLED: ("📌 1 report of yours was settled", "📌 {count} reports of yours were settled"),
    News.TO_RECORD: ("🖊️ 1 report waits for the record", "🖊️ {count} reports wait for the record"),
    News.ESCALATED: ("🔴 1 report was escalated and still waits", "🔴 {count} reports were escalated and still wait"),
    News.UNCONFIRMED: ("❓ 1 nudge: nobody knows if it arrived", "❓ {count} nudges: nobody knows if they arrived"),
    News.HELD: ("✋ 1 nudge is on hold", "✋ {count} nudges are on hold"),
    News.DUE_TODAY: ("🗓️ 1 promise is due today", "🗓️ {count} promises are due today"),
    News.MISSED: ("🔴 1 promise was broken or only partly kept", "🔴 {count} promises were broken or only partly kept"),
    News.REQUESTS: ("🙋 1 request waits for your answer", "🙋 {count} requests wait for your answer"),
    News.DRAFTS: ("📝 1 draft of a text waits for you", "📝 {count} drafts of texts wait for you"),
    News.STEP_DRAFTS: ("📝 1 Autopilot draft waits", "📝 {count} Autopilot drafts wait"),
    News.SIGN_OFFS: ("📝 1 text waits for your sign-off", "📝 {count} texts wait for your sign-off"),
    News.IN_REVIEW: ("⚖️ 1 dispute is in review", "⚖️ {count} disputes are in review"),
    News.LATE: ("🔴 1 dispute: answer late", "🔴 {count} disputes: answers late"),
    News.DUE_SOON: ("🟡 1 dispute: answer due by tomorrow", "🟡 {count} disputes: answers due by tomorrow"),
}
"""A digest's lines, for one and for several."""
SHELVES: dict[Shelf, str] = {
    Shelf.TEMPLATE: "Template",
    Shelf.POLICY: "Policy",
    Shelf.SEGMENTS: "Segments",
    Shelf.CADENCES: "Cadences",
}
VERSION_STATES: dict[VersionState, str] = {
    VersionState.DRAFT: "draft",
    VersionState.LIVE: "approved",
    VersionState.RETIRED: "retired",
}
MODES: dict[Mode, str] = {
    Mode.OFF: "Off: Autopilot writes nothing",
    Mode.SHADOW: "Shadow: Autopilot drafts, a person approves",
    Mode.AUTOPILOT: "Autopilot: steps leave by themselves",
}
STOPS: dict[Stop, str] = {
    Stop.PAID: "the invoice is paid",
    Stop.DISPUTED: "the invoice is disputed",
    Stop.PROMISED: "there is a promise to pay the invoice",
    Stop.BELOW_MINIMUM: "the invoice is below the minimum balance",
    Stop.LEGAL_HOLD: "the account is on legal hold",
    Stop.SUPPRESSED: "there is nobody to write to",
    Stop.OUT_OF_SEGMENT: "the account comes into no segment, or into one that is off",
    Stop.EXHAUSTED: "the last step is done",
}
"""Why a sequence ends."""
STAYS: dict[Stay, str] = {
    Stay.ANOTHER_SENDER: "their reminders are planned in the books",
    Stay.LEGAL_HOLD: "on legal hold",
    Stay.NOTHING_OPEN: "nothing open to chase",
    Stay.DISPUTED: "all that is open is disputed",
    Stay.PROMISED: "all that is open is promised",
    Stay.BELOW_MINIMUM: "every open invoice is below the minimum balance",
    Stay.NO_SEGMENT: "in no segment",
    Stay.OFF: "in a segment that is off",
    Stay.NOBODY: "nobody to write to",
    Stay.NO_STEP_LEFT: "no step left in the cadence",
    Stay.UNREADABLE: "something in the books about them can't be read",
}
"""Why Autopilot has nothing to do with a customer."""
MISFITS: dict[Misfit, str] = {
    Misfit.NOTHING_OPEN: "nothing is open to chase",
    Misfit.AGEING: "their oldest invoice is younger or older",
    Misfit.BALANCE_BELOW: "too small a balance",
    Misfit.BALANCE_ABOVE: "too large a balance",
    Misfit.INDUSTRY: "another industry, or none known",
    Misfit.REGION: "another region, or none known",
    Misfit.RISK: "another risk, or none known",
}
"""By what a customer is not in a segment."""
SHORTFALLS: dict[Shortfall, tuple[str, str]] = {
    Shortfall.CONTACTS: (
        "Fewer than 90 % of its customers have somebody to write to.",
        "Add or mend their contacts, or lift what stands in the way of them.",
    ),
    Shortfall.DISPUTES: ("A customer of it has an unresolved dispute.", "Settle it."),
    Shortfall.REVERSALS: (
        "More than 5 % of the payments of the last seven days were taken back.",
        "It passes with those days; see whether the payers' banks say why.",
    ),
}
"""What keeps a segment from writing by itself, and what unblocks it."""
