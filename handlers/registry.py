"""The whole Slack surface on one page."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import App

from domain.usecases.identify import identify as identify_person
from handlers import ids
from handlers.answering import Listener, answering, noting
from handlers.cases import Cases
from handlers.desk import Desk
from handlers.listeners import (
    accounts,
    auditing,
    changing,
    comparing,
    deciding,
    homing,
    library,
    note_writing,
    notes,
    nudging,
    operating,
    plixo,
    publishing,
    queueing,
    recording,
    reporting,
    rostering,
    searching,
    segments,
    shadow,
    simulating,
    staffing,
)
from handlers.middleware import Identify, build_identification

COMMANDS: dict[str, Listener] = {
    ids.ACCOUNT_COMMAND: accounts.account_command,
    ids.PLIXO_COMMAND: plixo.plixo_command,
}

SHORTCUTS: dict[str, Listener] = {
    ids.FIND_SHORTCUT: searching.open_search,
    ids.REPORT_SHORTCUT: reporting.from_shortcut,
}

MESSAGE_SHORTCUTS: dict[str, Listener] = {ids.REPORT_MESSAGE_SHORTCUT: reporting.from_message}

ACTIONS: dict[str, Listener] = {
    ids.ACCOUNT_OPEN: accounts.open_beside,
    ids.ACCOUNT_PICK: accounts.open_in_place,
    ids.ACCOUNT_REFRESH: accounts.open_in_place,
    ids.ACCOUNT_INVOICES: accounts.open_in_place,
    ids.ACCOUNT_MORE: accounts.open_in_place,
    ids.ACCOUNT_SHARE: accounts.share,
    ids.ACCESS_ASK: queueing.ask_controller,
    ids.NUDGE_OPEN: nudging.open_nudge,
    ids.NUDGE_TEMPLATE: nudging.choose,
    ids.NUDGE_CONTACT: nudging.choose,
    ids.NUDGE_TAKE_BACK: nudging.take_back,
    ids.ALERT_HOLD: queueing.open_hold,
    ids.ALERT_RESUME: queueing.change_in_alert,
    ids.ALERT_CANCEL: queueing.change_in_alert,
    ids.ALERT_ARRIVED: queueing.change_in_alert,
    ids.ALERT_SEND_AGAIN: queueing.change_in_alert,
    ids.HOME_REFRESH: homing.refresh,
    ids.HOME_HOLD: queueing.open_hold,
    ids.HOME_RESUME: homing.change_nudge,
    ids.HOME_CANCEL: homing.change_nudge,
    ids.HOME_ARRIVED: homing.change_nudge,
    ids.HOME_SEND_AGAIN: homing.change_nudge,
    ids.HOME_MORE: homing.see_all,
    ids.HOME_NEXT: homing.see_next,
    ids.HOME_MESSAGES: homing.open_messages,
    ids.NOTES_OPEN: notes.open_notes,
    ids.NOTES_NEWER: notes.turn_page,
    ids.NOTES_OLDER: notes.turn_page,
    ids.NOTES_ADD: note_writing.open_writing,
    ids.NOTE_OPEN: notes.open_note,
    ids.NOTE_NEWER: notes.turn_replies,
    ids.NOTE_EARLIER: notes.turn_replies,
    ids.NOTE_REPLY: note_writing.open_replying,
    ids.NOTE_EDIT: note_writing.open_editing,
    ids.NOTE_PIN: notes.pin,
    ids.NOTE_UNPIN: notes.unpin,
    ids.NOTE_HISTORY: notes.turn_history,
    ids.NOTE_HISTORY_NEWER: notes.turn_history,
    ids.NOTE_HISTORY_OLDER: notes.turn_history,
    ids.ACCESS_APPROVE: deciding.open_approval,
    ids.ACCESS_DECLINE: deciding.open_refusal,
    ids.OPS_OPEN: operating.open_console,
    ids.DRAFTS_OPEN: shadow.open_drafts,
    ids.DRAFTS_LIST: shadow.turn_page,
    ids.DRAFTS_BACK: shadow.turn_page,
    ids.DRAFTS_NEXT: shadow.turn_page,
    ids.DRAFTS_APPROVE: shadow.approve_shown,
    ids.DRAFT_APPROVE: shadow.approve_one,
    ids.DRAFT_EDIT: shadow.open_editing,
    ids.DRAFT_SKIP: shadow.open_skipping,
    ids.ROLES_OPEN: staffing.open_people,
    ids.ROLES_BACK: staffing.turn_page,
    ids.ROLES_NEXT: staffing.turn_page,
    ids.ROLES_PERSON: staffing.open_person,
    ids.ROLES_ADD: staffing.open_adding,
    ids.ROLES_GROUPS: staffing.open_groups,
    ids.SIMULATE_BOOK: simulating.simulate_book,
    ids.SIMULATE_ACCOUNT: simulating.simulate_account,
    ids.ROSTER_OPEN: rostering.open_roster,
    ids.ROSTER_DUTY: rostering.open_duty,
    ids.ROSTER_AWAY: rostering.open_absence,
    ids.ROSTER_BACK: rostering.come_back,
    ids.TEXT_OPEN: library.open_text,
    ids.TEXT_BESIDE: library.open_beside,
    ids.TEXT_LIST: library.list_again,
    ids.TEXT_VERSION: library.choose_version,
    ids.TEXT_COMPARE: comparing.compare,
    ids.PLACES_OPEN: comparing.open_places,
    ids.PLACES_BACK: comparing.turn_places,
    ids.PLACES_NEXT: comparing.turn_places,
    ids.TEXT_COMMENT: changing.write_comment,
    ids.TEXT_CHANGE: changing.write_change,
    ids.TEXT_PUBLISH: publishing.weigh,
    ids.TEXT_DISCARD: publishing.discard,
    ids.SEGMENT_OPEN: segments.open_settings,
    ids.TEMPLATE_APPROVE: library.approve,
    ids.TEMPLATE_SIGN_OFF: library.sign_off,
    ids.TEMPLATE_RETIRE: library.retire,
    ids.COMMENT_ANSWER: changing.write_answer,
    ids.CHANGE_APPROVE: changing.weigh_approval,
    ids.CHANGE_DECLINE: changing.weigh_decline,
    ids.REPORT_OPEN: reporting.from_card,
    ids.REPORT_ACCOUNT: reporting.choose,
    ids.REPORT_KIND: reporting.choose,
    ids.REPORT_INVOICES: reporting.choose,
    ids.DUTY_ACKNOWLEDGE: recording.acknowledge,
    ids.DUTY_RECORD: recording.record_it,
    ids.DUTY_CORRECT: recording.open_correction,
    ids.DUTY_REJECT: recording.open_rejection,
    ids.DUTY_HAND: rostering.open_handing,
    ids.LEGAL_LOOP_IN: recording.loop_in,
    ids.LEGAL_ANSWER: recording.open_answer,
    ids.DISPUTE_RESOLVE: recording.open_resolution,
    ids.PROMISE_WITHDRAW: recording.open_withdrawal,
    ids.RECORD_OPEN: recording.open_record,
    ids.PROMISE_HISTORY: recording.promise_history,
    ids.DISPUTE_HISTORY: recording.dispute_history,
    ids.HOLD_PLACE: recording.open_hold,
    ids.HOLD_LIFT: recording.open_lifting,
    ids.AUDIT_EXPORT: auditing.export,
}

SUBMISSIONS: dict[str, Listener] = {
    ids.FIND_MODAL: accounts.show_found,
    ids.NUDGE_MODAL: nudging.queue,
    ids.NUDGE_HOLD_MODAL: homing.hold,
    ids.MESSAGES_MODAL: homing.save_messages,
    ids.NOTE_MODAL: note_writing.write,
    ids.NOTE_EDIT_MODAL: note_writing.edit,
    ids.NOTE_REPLY_MODAL: note_writing.reply,
    ids.APPROVE_MODAL: deciding.approve,
    ids.DECLINE_MODAL: deciding.decline,
    ids.ROLE_MODAL: staffing.change,
    ids.ADD_MODAL: staffing.add,
    ids.GROUP_MODAL: staffing.give,
    ids.ROSTER_DUTY_MODAL: rostering.set_duty,
    ids.ROSTER_AWAY_MODAL: rostering.leave,
    ids.HAND_MODAL: rostering.hand,
    ids.COMMENT_MODAL: changing.send_comment,
    ids.ANSWER_MODAL: changing.send_answer,
    ids.CHANGE_MODAL: changing.send_change,
    ids.PUBLISH_MODAL: publishing.publish,
    ids.SEGMENT_MODAL: segments.set_settings,
    ids.CHANGE_APPROVE_MODAL: changing.approve_change,
    ids.CHANGE_DECLINE_MODAL: changing.decline_change,
    ids.DRAFT_EDIT_MODAL: shadow.edit,
    ids.DRAFT_SKIP_MODAL: shadow.skip,
    ids.REPORT_MODAL: reporting.submit,
    ids.CORRECT_MODAL: recording.correct,
    ids.REJECT_MODAL: recording.reject,
    ids.LEGAL_ANSWER_MODAL: recording.answer,
    ids.RESOLVE_MODAL: recording.resolve,
    ids.WITHDRAW_MODAL: recording.withdraw,
    ids.HOLD_PLACE_MODAL: recording.place_hold,
    ids.HOLD_LIFT_MODAL: recording.lift_hold,
    ids.AUDIT_MODAL: auditing.show,
}

OPTIONS: dict[str, Listener] = {
    ids.FIND_SELECT: searching.suggest,
    ids.REPORT_ACCOUNT: searching.suggest,
    ids.ROSTER_ACCOUNT: searching.suggest,
}

EVENTS: dict[str, Listener] = {ids.HOME_OPENED: homing.home_opened}


def register(
    app: App,
    *,
    desk: Desk,
    identify: Identify = identify_person,
    cases: Callable[..., Cases] = Cases,
) -> None:
    """Hang everything into the app. `identify` and `cases` are the domain's; tests give their own."""
    known = [build_identification(desk, identify=identify)]
    for command, listener in COMMANDS.items():
        app.command(command, middleware=known)(answering(command, listener, desk, cases))
    for shortcut, listener in SHORTCUTS.items():
        app.global_shortcut(shortcut, middleware=known)(answering(shortcut, listener, desk, cases))
    for shortcut, listener in MESSAGE_SHORTCUTS.items():
        app.message_shortcut(shortcut, middleware=known)(answering(shortcut, listener, desk, cases))
    for action, listener in ACTIONS.items():
        app.block_action(action, middleware=known)(answering(action, listener, desk, cases))
    for modal, listener in SUBMISSIONS.items():
        app.view_submission(modal, middleware=known)(answering(modal, listener, desk, cases))
    for select, listener in OPTIONS.items():
        app.options(select, middleware=known)(answering(select, listener, desk, cases))
    for event, listener in EVENTS.items():
        app.event(event, middleware=known)(answering(event, listener, desk, cases))
    for event in (ids.UNINSTALLED, ids.TOKENS_REVOKED, ids.USER_CHANGED, ids.GROUP_CHANGED):
        app.event(event)(noting(event, desk))
