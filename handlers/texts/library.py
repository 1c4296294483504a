"""Templates and documents, their drafts and their approval."""

from __future__ import annotations

from domain.reasons import Reason
from domain.rules.autopilot import LEAST_PUBLISHED_PERCENT
from handlers.texts.words import Words

REASONS: dict[Reason, Words] = {
    Reason.UNKNOWN_TAG: Words(
        "The text has {subject}, which no mail can fill.",
        "Merge tags stand in braces and are written exactly as in the list of tags in the text's view.",
        subject="a tag that doesn't exist",
    ),
    Reason.MISSING_TAG: Words(
        "The text lacks {subject}.",
        "Every reminder cites the invoice's number and carries its payment link; put the tag in.",
        subject="a tag that every reminder needs",
    ),
    Reason.NO_LETTER: Words(
        "A reminder needs a subject and a text.",
        "Fill in both; the subject may have 300 characters, and what is edited in Slack 3,000.",
    ),
    Reason.UNREADABLE_DOCUMENT: Words(
        "The document can't be read[: {by}].",
        "Keep its shape: names, colons, lists. Change words and numbers only.",
    ),
    Reason.NOTHING_CHANGED: Words(
        "The proposed text is the same as the present one.",
        "Change what you would like to be different, then send it.",
    ),
    Reason.OWN_DRAFT: Words(
        "You wrote this draft, so a colleague has to approve it.",
        "{subject} can. Nothing was changed.",
        subject="Another one of your role",
    ),
    Reason.OVERTAKEN: Words(
        "A newer version is in force[: version {subject}], so this draft can't take its place.",
        "Request the change again from the version that counts.",
    ),
    Reason.DOES_NOT_FIT: Words(
        "It would not fit with what is in force[: {by}].",
        "Publish what belongs together at once, or change the draft. Nothing was published.",
    ),
    Reason.FEW_CONTACTS: Words(
        f"Of the segment “{{subject}}” [{{share}}|too few customers] may be written to; {LEAST_PUBLISHED_PERCENT} % "
        "are needed.",
        "Import contacts for its customers, narrow what it fits, or leave it off for now. Nothing was changed.",
        subject="that would be chased",
    ),
    Reason.SEGMENTS_MOVED: Words(
        "The segments have changed since you opened this[: {by} published version {subject} {at}], so nothing was set.",
        "Type `/plixo segments` for what counts now, and set it there.",
        subject="another",
    ),
    Reason.SAME_SETTINGS: Words(
        "It runs like this already.",
        "Change what you would like to be different, or close the window.",
    ),
    Reason.NEEDS_CADENCE: Words(
        "There is no cadence for “{subject}”, so Autopilot would have nothing to send there.",
        "Leave it off, and ask the Controller for a cadence: “Request a change” under the segments does that.",
        subject="this segment",
    ),
    Reason.NOT_OWNER: Words(
        "This is for those who look after the text: the Controllers, and whoever approved it.",
        "You can comment on it, or ask the Controller.",
    ),
}
