"""What each listener does when the house is under maintenance: the one table by which it is let through or refused.

A listener that is not here writes. Forms count as what they are filled in for: nobody should write for minutes what is
then refused. What Slack itself tells us (somebody left, the app was taken away) is always taken: it is not told twice.
"""

from __future__ import annotations

from domain.maintenance import Effect
from handlers import ids

_READING = (
    ids.ACCOUNT_COMMAND,
    ids.FIND_SHORTCUT,
    ids.FIND_MODAL,
    ids.FIND_SELECT,
    ids.ACCOUNT_OPEN,
    ids.ACCOUNT_PICK,
    ids.ACCOUNT_REFRESH,
    ids.ACCOUNT_INVOICES,
    ids.ACCOUNT_MORE,
    ids.HOME_OPENED,
    ids.HOME_REFRESH,
    ids.HOME_MORE,
    ids.HOME_NEXT,
    ids.NOTES_OPEN,
    ids.NOTES_NEWER,
    ids.NOTES_OLDER,
    ids.NOTE_OPEN,
    ids.NOTE_NEWER,
    ids.NOTE_EARLIER,
    ids.NOTE_HISTORY,
    ids.ROLES_OPEN,
    ids.ROLES_BACK,
    ids.ROLES_NEXT,
    ids.TEXT_OPEN,
    ids.TEXT_BESIDE,
    ids.TEXT_LIST,
    ids.TEXT_VERSION,
    ids.TEXT_COMPARE,
    ids.RECORD_OPEN,
    ids.AUDIT_MODAL,
)
_WRITING = (
    ids.REPORT_SHORTCUT,
    ids.REPORT_MESSAGE_SHORTCUT,
    ids.ACCOUNT_SHARE,
    ids.ACCESS_ASK,
    ids.NUDGE_OPEN,
    ids.NUDGE_TEMPLATE,
    ids.NUDGE_CONTACT,
    ids.NUDGE_TAKE_BACK,
    ids.NUDGE_MODAL,
    ids.ALERT_HOLD,
    ids.ALERT_RESUME,
    ids.ALERT_CANCEL,
    ids.ALERT_ARRIVED,
    ids.ALERT_SEND_AGAIN,
    ids.HOME_HOLD,
    ids.HOME_RESUME,
    ids.HOME_CANCEL,
    ids.HOME_ARRIVED,
    ids.HOME_SEND_AGAIN,
    ids.HOME_MESSAGES,
    ids.MESSAGES_MODAL,
    ids.NOTES_ADD,
    ids.NOTE_REPLY,
    ids.NOTE_EDIT,
    ids.NOTE_PIN,
    ids.NOTE_UNPIN,
    ids.NOTE_MODAL,
    ids.NOTE_EDIT_MODAL,
    ids.NOTE_REPLY_MODAL,
    ids.ACCESS_APPROVE,
    ids.ACCESS_DECLINE,
    ids.APPROVE_MODAL,
    ids.DECLINE_MODAL,
    ids.ROLES_PERSON,
    ids.ROLES_ADD,
    ids.ROLES_GROUPS,
    ids.ROLE_MODAL,
    ids.ADD_MODAL,
    ids.GROUP_MODAL,
    ids.TEXT_COMMENT,
    ids.TEXT_CHANGE,
    ids.TEMPLATE_APPROVE,
    ids.TEMPLATE_SIGN_OFF,
    ids.TEMPLATE_RETIRE,
    ids.COMMENT_ANSWER,
    ids.CHANGE_APPROVE,
    ids.CHANGE_DECLINE,
    ids.COMMENT_MODAL,
    ids.ANSWER_MODAL,
    ids.CHANGE_MODAL,
    ids.CHANGE_APPROVE_MODAL,
    ids.CHANGE_DECLINE_MODAL,
    ids.REPORT_OPEN,
    ids.REPORT_ACCOUNT,
    ids.REPORT_KIND,
    ids.REPORT_INVOICES,
    ids.REPORT_MODAL,
    ids.DUTY_ACKNOWLEDGE,
    ids.DUTY_RECORD,
    ids.DUTY_CORRECT,
    ids.DUTY_REJECT,
    ids.LEGAL_LOOP_IN,
    ids.LEGAL_ANSWER,
    ids.DISPUTE_RESOLVE,
    ids.PROMISE_WITHDRAW,
    ids.HOLD_PLACE,
    ids.HOLD_LIFT,
    ids.CORRECT_MODAL,
    ids.REJECT_MODAL,
    ids.LEGAL_ANSWER_MODAL,
    ids.RESOLVE_MODAL,
    ids.WITHDRAW_MODAL,
    ids.HOLD_PLACE_MODAL,
    ids.HOLD_LIFT_MODAL,
    # It goes into the audit log, and a file into somebody's messages.
    ids.AUDIT_EXPORT,
)
# `/plixo` says by its word which it is: see `handlers.listeners.plixo.SUBCOMMANDS`.
_ALWAYS = (ids.PLIXO_COMMAND, ids.UNINSTALLED, ids.TOKENS_REVOKED, ids.USER_CHANGED, ids.GROUP_CHANGED)

EFFECTS: dict[str, Effect] = {
    **dict.fromkeys(_READING, Effect.READS),
    **dict.fromkeys(_WRITING, Effect.WRITES),
    **dict.fromkeys(_ALWAYS, Effect.ALWAYS),
}


def writes(name: str) -> bool:
    """Whether it is refused under maintenance."""
    return EFFECTS.get(name, Effect.WRITES) is Effect.WRITES
