"""Every name Slack and we know each other by. The registry, the views and the manifest use no other."""

from __future__ import annotations

# commands and shortcuts (the manifest repeats them)
ACCOUNT_COMMAND = "/account"
FIND_SHORTCUT = "find_account"

# events (the manifest repeats them)
HOME_OPENED = "app_home_opened"
UNINSTALLED = "app_uninstalled"
TOKENS_REVOKED = "tokens_revoked"
USER_CHANGED = "user_change"

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
FIND_SELECT = "find.select"

# fields that are read when their modal is sent
MESSAGES_KINDS = "messages.kinds"

# modals
FIND_MODAL = "find"
NUDGE_MODAL = "nudge"
MESSAGES_MODAL = "messages"

# blocks that are asked for by name
TEMPLATE_BLOCK = "nudge.template.block"
CONTACT_BLOCK = "nudge.contact.block"
FIND_BLOCK = "find.block"
MESSAGES_BLOCK = "messages.block"

ACTIONS = frozenset(
    {
        ACCOUNT_OPEN,
        ACCOUNT_PICK,
        ACCOUNT_REFRESH,
        ACCOUNT_INVOICES,
        ACCOUNT_MORE,
        ACCOUNT_SHARE,
        ACCESS_ASK,
        NUDGE_OPEN,
        NUDGE_TEMPLATE,
        NUDGE_CONTACT,
        NUDGE_TAKE_BACK,
        ALERT_HOLD,
        ALERT_RESUME,
        ALERT_CANCEL,
        ALERT_ARRIVED,
        ALERT_SEND_AGAIN,
        HOME_REFRESH,
        HOME_HOLD,
        HOME_RESUME,
        HOME_CANCEL,
        HOME_ARRIVED,
        HOME_SEND_AGAIN,
        HOME_MORE,
        HOME_NEXT,
        HOME_MESSAGES,
    }
)
OPTIONS = frozenset({FIND_SELECT})
FIELDS = frozenset({MESSAGES_KINDS})
MODALS = frozenset({FIND_MODAL, NUDGE_MODAL, MESSAGES_MODAL})
EVENTS = frozenset({HOME_OPENED, UNINSTALLED, TOKENS_REVOKED, USER_CHANGED})
