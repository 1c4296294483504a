"""Who asks, what they clicked, and whether the house is open."""

from __future__ import annotations

from domain.reasons import Reason
from handlers.texts.words import Words

REASONS: dict[Reason, Words] = {
    Reason.UNKNOWN_TEAM: Words(
        "Plixo isn't connected to your workspace.",
        "Nothing was shown or changed. Ask whoever looks after Plixo in your company to install it there.",
    ),
    Reason.UNKNOWN_PERSON: Words(
        "I don't know you yet: no Plixo user has your Slack e-mail address.",
        "Ask your Controller to add you with that address, then try again.",
    ),
    Reason.DEACTIVATED: Words(
        "Your Plixo access is switched off.",
        "If that is a mistake, your Controller can switch it on again.",
    ),
    Reason.NOT_ALLOWED: Words(
        "Your role doesn't include this.",
        "Your Controller decides who may, and you can ask.",
    ),
    Reason.OUT_OF_SCOPE: Words(
        "This account belongs to a colleague.",
        "You see the accounts you own. If this one should be yours, ask the Controller.",
    ),
    Reason.MAINTENANCE: Words(
        "Plixo is under maintenance[ ({subject})], so nothing can be sent or changed now.",
        "Looking things up still works. [{by} began it. |][It ends by itself: {until}.|Please try again later.]",
    ),
    Reason.ALREADY_DECIDED: Words(
        "[{by} was faster: it is|It is] already {subject}[ since {at}].",
        "Nothing was changed by your click. Open it again to see how it stands, and why.",
        subject="decided",
    ),
    Reason.STALE_BUTTON: Words(
        "This button is out of date.",
        "Nothing was changed. For a fresh one press Refresh on the card or on Home, or type `/account` and a part of "
        "the customer's name.",
    ),
    Reason.BUSY: Words(
        "The books are busy.",
        "Nothing was changed. Please try again in a moment.",
    ),
}
