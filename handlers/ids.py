"""Every name Slack and we know each other by. The registry, the views and the manifest use no other."""

from __future__ import annotations

# commands and shortcuts (the manifest repeats them)
ACCOUNT_COMMAND = "/account"
PLIXO_COMMAND = "/plixo"
FIND_SHORTCUT = "find_account"
REPORT_SHORTCUT = "report"
REPORT_MESSAGE_SHORTCUT = "report_message"

# events (the manifest repeats them)
HOME_OPENED = "app_home_opened"
UNINSTALLED = "app_uninstalled"
TOKENS_REVOKED = "tokens_revoked"
USER_CHANGED = "user_change"
GROUP_CHANGED = "subteam_members_changed"

# buttons and selects
ACCOUNT_OPEN = "account.open"  # beside what was clicked
ACCOUNT_PICK = "account.pick"  # in place of the list it stands in
ACCOUNT_REFRESH = "account.refresh"
ACCOUNT_INVOICES = "account.invoices"
ACCOUNT_MORE = "account.more"
ACCOUNT_SHARE = "account.share"
ACCESS_ASK = "access.ask"
NUDGE_OPEN = "nudge.open"
NUDGE_TEMPLATE = "nudge.template"
NUDGE_CONTACT = "nudge.contact"
NUDGE_TAKE_BACK = "nudge.take_back"
ALERT_HOLD = "alert.hold"
ALERT_RESUME = "alert.resume"
ALERT_CANCEL = "alert.cancel"
ALERT_ARRIVED = "alert.arrived"
ALERT_SEND_AGAIN = "alert.send_again"
HOME_REFRESH = "home.refresh"
HOME_HOLD = "home.hold"
HOME_RESUME = "home.resume"
HOME_CANCEL = "home.cancel"
HOME_ARRIVED = "home.arrived"
HOME_SEND_AGAIN = "home.send_again"
HOME_MORE = "home.more"  # a part by itself
HOME_NEXT = "home.next"  # ... and what comes after
HOME_MESSAGES = "home.messages"
AUDIT_EXPORT = "audit.export"
FIND_SELECT = "find.select"
NOTES_OPEN = "notes.open"
NOTES_NEWER = "notes.newer"
NOTES_OLDER = "notes.older"
NOTES_ADD = "notes.add"
NOTE_OPEN = "note.open"
NOTE_NEWER = "note.newer"  # its newer replies
NOTE_EARLIER = "note.earlier"
NOTE_REPLY = "note.reply"
NOTE_EDIT = "note.edit"
NOTE_PIN = "note.pin"
NOTE_UNPIN = "note.unpin"
NOTE_HISTORY = "note.history"
NOTE_HISTORY_NEWER = "note.history_newer"
NOTE_HISTORY_OLDER = "note.history_older"
REPORT_OPEN = "report.open"
REPORT_ACCOUNT = "report.account"  # a select that is searched and dispatches
REPORT_KIND = "report.kind"
REPORT_INVOICES = "report.invoices"
DUTY_ACKNOWLEDGE = "duty.acknowledge"
DUTY_RECORD = "duty.record"
DUTY_CORRECT = "duty.correct"
DUTY_REJECT = "duty.reject"
DUTY_HAND = "duty.hand"
LEGAL_LOOP_IN = "legal.loop_in"
LEGAL_ANSWER = "legal.answer"
DISPUTE_RESOLVE = "dispute.resolve"
PROMISE_WITHDRAW = "promise.withdraw"
RECORD_OPEN = "record.open"
PROMISE_HISTORY = "promise.history"
DISPUTE_HISTORY = "dispute.history"
HOLD_PLACE = "legal_hold.place"
HOLD_LIFT = "legal_hold.lift"
ACCESS_APPROVE = "access.approve"
ACCESS_DECLINE = "access.decline"
OPS_OPEN = "ops.open"
DRAFTS_OPEN = "drafts.open"  # in a window
DRAFTS_LIST = "drafts.list"  # in place of what it stands in
DRAFTS_BACK = "drafts.back"
DRAFTS_NEXT = "drafts.next"
DRAFTS_APPROVE = "drafts.approve"  # all that are shown
DRAFT_APPROVE = "draft.approve"
DRAFT_EDIT = "draft.edit"
DRAFT_SKIP = "draft.skip"
SIMULATE_BOOK = "simulate.book"
SIMULATE_ACCOUNT = "simulate.account"
ROSTER_OPEN = "roster.open"
ROSTER_DUTY = "roster.duty"
ROSTER_AWAY = "roster.away"
ROSTER_BACK = "roster.back"
ROSTER_ACCOUNT = "roster.account"  # a select that is searched
ROLES_OPEN = "roles.open"
ROLES_BACK = "roles.back"
ROLES_NEXT = "roles.next"
ROLES_PERSON = "roles.person"
ROLES_ADD = "roles.add"
ROLES_GROUPS = "roles.groups"

# fields that are read when their modal is sent; the block of each has the same name
DECISION_GIFT = "decision.gift"
DECISION_WHY = "decision.why"
RIGHTS_UNTIL = "rights.until"
ROLE_CHOICE = "roles.role"
ROLE_ACCESS = "roles.access"
ROLE_WHO = "roles.who"
ROLE_GROUP = "roles.group"
ROLE_WHY = "roles.why"
ROLE_GRANTS = "roles.grants"
ROSTER_KEEPS = "roster.keeps"
AWAY_FROM = "roster.from"
AWAY_UNTIL = "roster.until"
AWAY_STAND_IN = "roster.stand_in"
HAND_TO = "duty.to"
TEXT_OPEN = "text.open"  # in the window it is clicked in
TEXT_BESIDE = "text.beside"  # in a new one
TEXT_LIST = "text.list"
TEXT_VERSION = "text.version"
TEXT_COMPARE = "text.compare"
PLACES_OPEN = "places.open"  # what changed between two texts, in a new window
PLACES_BACK = "places.back"
PLACES_NEXT = "places.next"
TEXT_COMMENT = "text.comment"
TEXT_CHANGE = "text.change"
TEXT_PUBLISH = "text.publish"
TEXT_DISCARD = "text.discard"
SEGMENT_OPEN = "segment.open"
TEMPLATE_APPROVE = "template.approve"
TEMPLATE_SIGN_OFF = "template.sign_off"
TEMPLATE_RETIRE = "template.retire"
COMMENT_ANSWER = "comment.answer"
CHANGE_APPROVE = "change.approve"
CHANGE_DECLINE = "change.decline"
WRITTEN = "written"  # a field that is only read when its modal is sent

# fields that are read when their modal is sent
REPORT_AMOUNT = "report.amount"
REPORT_DUE = "report.due"
REPORT_DUE_DAY = "report.due_day"
REPORT_REASON = "report.reason"
REPORT_CONTACT = "report.contact"
REPORT_SAID = "report.said"
REPORT_EVIDENCE = "report.evidence"
WORDS = "words"
RESOLUTION = "resolution"
MESSAGES_KINDS = "messages.kinds"
NOTE_BODY = "note.body"
NOTE_PEOPLE = "note.people"
AUDIT_FIELD = "audit.field"

# modals
FIND_MODAL = "find"
NUDGE_MODAL = "nudge"
NUDGE_HOLD_MODAL = "nudge.holding"
MESSAGES_MODAL = "messages"
NOTE_MODAL = "note.writing"
NOTE_EDIT_MODAL = "note.editing"
NOTE_REPLY_MODAL = "note.replying"
APPROVE_MODAL = "access.approving"
DECLINE_MODAL = "access.declining"
ROLE_MODAL = "roles.changing"
ADD_MODAL = "roles.adding"
GROUP_MODAL = "roles.giving"
ROSTER_DUTY_MODAL = "roster.setting"
ROSTER_AWAY_MODAL = "roster.leaving"
HAND_MODAL = "duty.handing"
COMMENT_MODAL = "comment"
ANSWER_MODAL = "answer"
CHANGE_MODAL = "change"
PUBLISH_MODAL = "publish"
SEGMENT_MODAL = "segment"
CHANGE_APPROVE_MODAL = "approve"
CHANGE_DECLINE_MODAL = "decline"
DRAFT_EDIT_MODAL = "draft.editing"
DRAFT_SKIP_MODAL = "draft.skipping"
REPORT_MODAL = "report.modal"
CORRECT_MODAL = "report.correction"
REJECT_MODAL = "report.rejection"
LEGAL_ANSWER_MODAL = "legal.answering"
RESOLVE_MODAL = "dispute.resolving"
WITHDRAW_MODAL = "promise.withdrawing"
HOLD_PLACE_MODAL = "legal_hold.placing"
HOLD_LIFT_MODAL = "legal_hold.lifting"
AUDIT_MODAL = "audit"

# blocks that are asked for by name
TEMPLATE_BLOCK = "nudge.template.block"
CONTACT_BLOCK = "nudge.contact.block"
FIND_BLOCK = "find.block"
MESSAGES_BLOCK = "messages.block"
COMMENT_BLOCK = "comment.block"
ANSWER_BLOCK = "answer.block"
TONE_BLOCK = "change.tone.block"
SUBJECT_BLOCK = "change.subject.block"
TEXT_BLOCK = "change.text.block"  # and a number from 0: a long text stands in several fields
WHY_BLOCK = "why.block"
TOGETHER_BLOCK = "together.block"
MODE_BLOCK = "mode.block"
CAP_BLOCK = "cap.block"
QUIET_BLOCK = "quiet.block"
LEGAL_BLOCK = "legal.block"
NOTE_BODY_BLOCK = "note.body.block"
NOTE_PEOPLE_BLOCK = "note.people.block"
AUDIT_PERSON_BLOCK = "audit.person.block"
AUDIT_ACCOUNT_BLOCK = "audit.account.block"
AUDIT_SINCE_BLOCK = "audit.since.block"
AUDIT_UNTIL_BLOCK = "audit.until.block"

# What the registry does not listen to.
FIELDS = frozenset(
    {
        AUDIT_FIELD,
        WRITTEN,
        MESSAGES_KINDS,
        NOTE_BODY,
        NOTE_PEOPLE,
        DECISION_GIFT,
        DECISION_WHY,
        RIGHTS_UNTIL,
        ROLE_CHOICE,
        ROLE_ACCESS,
        ROLE_WHO,
        ROLE_GROUP,
        ROLE_WHY,
        ROLE_GRANTS,
        ROSTER_KEEPS,
        AWAY_FROM,
        AWAY_UNTIL,
        AWAY_STAND_IN,
        HAND_TO,
        REPORT_AMOUNT,
        REPORT_DUE,
        REPORT_DUE_DAY,
        REPORT_REASON,
        REPORT_CONTACT,
        REPORT_SAID,
        REPORT_EVIDENCE,
        WORDS,
        RESOLUTION,
    }
)
EVENTS = frozenset({HOME_OPENED, UNINSTALLED, TOKENS_REVOKED, USER_CHANGED, GROUP_CHANGED})
