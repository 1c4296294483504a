"""Roles, and who gives them."""

from __future__ import annotations

from domain.reasons import Reason
from handlers.texts.words import Words

REASONS: dict[Reason, Words] = {
    Reason.OWN_RIGHTS: Words(
        "Nobody decides about their own rights.",
        "Another Controller or Admin can do it; if there is none, whoever runs Plixo can, with `plixo roles`.",
    ),
    Reason.LAST_CONTROLLER: Words(
        "[{subject} is|This is] the only lasting Controller, and there must always be one.",
        "Nothing was changed. Make somebody else Controller first, without an end.",
    ),
    Reason.NOT_GRANTABLE: Words(
        "That can't be given to them any more: their role has changed, or they can do it already.",
        "Nothing was changed. Open the request again to see what is possible now.",
    ),
    Reason.END_PASSED: Words(
        "The day until which it should hold is over.",
        "Nothing was changed. Choose a later day, or none.",
    ),
    Reason.NOT_IN_SLACK: Words(
        "Slack knows no colleague with an e-mail address there: it is a guest, a bot, or somebody who has left.",
        "Nothing was changed. Choose somebody else.",
    ),
    Reason.GROUPS_UNREAD: Words(
        "Slack didn't tell about its user groups.",
        "Nothing was changed. Please try again in a moment; if it stays, `plixo doctor` says what the app is missing.",
    ),
}
