"""Why not, or not yet. Each reason has one sentence and one way forward in `handlers.texts`."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    # who asks
    UNKNOWN_TEAM = "unknown_team"
    UNKNOWN_PERSON = "unknown_person"
    DEACTIVATED = "deactivated"
    NOT_ALLOWED = "not_allowed"
    OUT_OF_SCOPE = "out_of_scope"
    # guard 1: the house
    MAINTENANCE = "maintenance"
    SENDING_PAUSED = "sending_paused"
    DEGRADED = "degraded"
    # guard 3: the account and the invoice
    LEGAL_HOLD = "legal_hold"
    INVOICE_PAID = "invoice_paid"
    INVOICE_VOID = "invoice_void"
    INVOICE_DISPUTED = "invoice_disputed"
    INVOICE_PROMISED = "invoice_promised"
    BELOW_MINIMUM = "below_minimum"
    NO_PAY_LINK = "no_pay_link"
    PAY_LINK_DEAD = "pay_link_dead"
    NO_ELIGIBLE_INVOICE = "no_eligible_invoice"
    NEWER_INVOICE = "newer_invoice"
    # guard 4: the contact
    NO_CONTACT = "no_contact"
    CONTACT_INVALID = "contact_invalid"
    CONTACT_SUPPRESSED = "contact_suppressed"
    # guard 5: the books
    STALE_DATA = "stale_data"
    UNAPPLIED_CASH = "unapplied_cash"
    # guard 6: Autopilot
    AUTOPILOT_DUE = "autopilot_due"
    PLANNED_DUE = "planned_due"
    AUTOPILOT_SENT = "autopilot_sent"
    PLANNED_SENT = "planned_sent"
    DRAFT_WAITS = "draft_waits"
    STEP_HELD = "step_held"
    STEP_UNCONFIRMED = "step_unconfirmed"
    # guard 7: touches
    CONTACT_TOUCHED = "contact_touched"
    INVOICE_NUDGED = "invoice_nudged"
    NUDGE_QUEUED = "nudge_queued"
    NUDGE_CAP = "nudge_cap"
    # guard 8: sending caps
    DAILY_CAP = "daily_cap"
    WARM_UP = "warm_up"
    SEGMENT_CAP = "segment_cap"
    HOURLY_CAP = "hourly_cap"
    KEPT_FOR_OTHERS = "kept_for_others"
    DOMAIN_STOPPED = "domain_stopped"
    # guard 9: time
    QUIET_HOURS = "quiet_hours"
    NO_OPENING = "no_opening"
    # the text
    NO_TEMPLATE = "no_template"
    UNRESOLVED_TAG = "unresolved_tag"
    # the queue
    HELD_BY_PERSON = "held_by_person"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    PROMISE_CAME = "promise_came"
    DISPUTE_CAME = "dispute_came"
    HOLD_CAME = "hold_came"
    SUPERSEDED = "superseded"
    TOO_LATE = "too_late"
    ALREADY_DONE = "already_done"
    MESSAGE_GONE = "message_gone"
    EXPIRED = "expired"
    REQUESTER_GONE = "requester_gone"
    UNREADABLE = "unreadable"
    MAIL_UNAVAILABLE = "mail_unavailable"
    MAIL_REJECTED = "mail_rejected"
    MAIL_UNKNOWN = "mail_unknown"
    MAIL_RETURNED = "mail_returned"
    MAIL_UNWANTED = "mail_unwanted"
    RESTORED = "restored"
    # the record
    REPORT_SETTLED = "report_settled"
    REPORT_ACKNOWLEDGED = "report_acknowledged"
    NOT_RECORDED_YET = "not_recorded_yet"
    NOBODY_IN_LEGAL = "nobody_in_legal"
    NOT_AN_OPERATOR = "not_an_operator"
    OPERATOR_AWAY = "operator_away"
    NO_HOLD_HERE = "no_hold_here"
    # rights
    OWN_RIGHTS = "own_rights"
    LAST_CONTROLLER = "last_controller"
    NOT_GRANTABLE = "not_grantable"
    END_PASSED = "end_passed"
    NOT_IN_SLACK = "not_in_slack"
    GROUPS_UNREAD = "groups_unread"
    # texts and documents
    UNKNOWN_TAG = "unknown_tag"
    MISSING_TAG = "missing_tag"
    NO_LETTER = "no_letter"
    UNREADABLE_DOCUMENT = "unreadable_document"
    NOTHING_CHANGED = "nothing_changed"
    OWN_DRAFT = "own_draft"
    NOT_OWNER = "not_owner"
    OVERTAKEN = "overtaken"
    DOES_NOT_FIT = "does_not_fit"
    FEW_CONTACTS = "few_contacts"
    # settings of a segment
    SEGMENTS_MOVED = "segments_moved"
    SAME_SETTINGS = "same_settings"
    NEEDS_CADENCE = "needs_cadence"
    # drafts of Autopilot
    DRAFT_DECIDED = "draft_decided"
    DRAFT_CHANGED = "draft_changed"
    DRAFT_WITHDRAWN = "draft_withdrawn"
    DRAFT_SKIPPED = "draft_skipped"
    TAGS_CHANGED = "tags_changed"
    FOREIGN_LINK = "foreign_link"
    ANOTHER_SENDER = "another_sender"
    # notes
    NOTE_GONE = "note_gone"
    NOTE_IMPORTED = "note_imported"
    NOTE_OF_ANOTHER = "note_of_another"
    # what was clicked
    ALREADY_DECIDED = "already_decided"
    STALE_BUTTON = "stale_button"
    BUSY = "busy"
