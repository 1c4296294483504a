"""The record: reports, promises, disputes, holds, and the notes beside them."""

from __future__ import annotations

from domain.reasons import Reason
from handlers.texts.words import Words

REASONS: dict[Reason, Words] = {
    Reason.REPORT_SETTLED: Words(
        "[{by} has settled this report already|This report is settled already][ ({at})].",
        "Nothing was changed by your click. The message about the report says how it ended.",
    ),
    Reason.REPORT_ACKNOWLEDGED: Words(
        "[{by} has it in hand already|Somebody has it in hand already][ ({at})].",
        "You can still record it yourself if you have what it takes.",
    ),
    Reason.NOT_RECORDED_YET: Words(
        "It is not in the record yet.",
        "An Operator records the report first, or says that it is not valid.",
    ),
    Reason.NOBODY_IN_LEGAL: Words(
        "Nobody in Plixo has the role Legal now.",
        "Ask the Controller to give it to somebody. The dispute stays open until then.",
    ),
    Reason.NOT_AN_OPERATOR: Words(
        "[{by} is not an active Operator|That person is not an active Operator].",
        "Only Operators keep the record. Choose an Operator, or ask the Controller to make them one.",
    ),
    Reason.OPERATOR_AWAY: Words(
        "[{by} is away now|That Operator is away now].",
        "Nothing was changed. Choose an Operator who is there.",
    ),
    Reason.NO_HOLD_HERE: Words(
        "No legal hold that was placed in Plixo stands on this account[; the books hold it: {subject}].",
        "[Lift it in the books; the next import removes it here.|Nothing was changed.]",
    ),
    Reason.NOTE_GONE: Words(
        "I can't find that note any more.",
        "Open the account to see the notes there are.",
    ),
    Reason.NOTE_IMPORTED: Words(
        "This note came with the books, so its text is kept as it came.",
        "Reply to it, or write a note of your own.",
    ),
    Reason.NOTE_OF_ANOTHER: Words(
        "A note is changed by whoever wrote it, or by the Controller.",
        "Reply to it instead, or write a note of your own.",
    ),
}
