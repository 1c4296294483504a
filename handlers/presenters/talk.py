"""What is said of texts: the windows to write in, the messages to those who look after them, and the answers."""

from __future__ import annotations

from datetime import datetime

from domain.library import Answered, Comment, Commented, Edition, Reading
from handlers import ids
from handlers.escaping import escape, escape_lines
from handlers.presenters.library import named
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Button, Page, View, actions, asking, context, section
from handlers.views.forms import Field, written

SAID_AT_MOST = 2_000
NO_COMMENT = "Please write what you think of this text."
NO_ANSWER = "Please write an answer: whoever commented reads it."


def comment_form(reading: Reading, *, signet: Signet) -> View:
    edition = reading.version.edition
    blocks = (
        section(f"On {named(edition, reading.version.name)}"),
        written(
            Field(
                "Your comment",
                ids.COMMENT_BLOCK,
                hint="About the tone, a word, a rule. It stands under the version, for everybody who may read it.",
                limit=SAID_AT_MOST,
            )
        ),
        context("It goes to the Controllers and to whoever approved this version; you hear what they answer."),
    )
    return asking(
        Page("Comment", "Comment", blocks),
        callback=ids.COMMENT_MODAL,
        submit="Send",
        close="Not now",
        metadata=signet.close(Kind.EDITION, str(edition)),
    )


def commented_page(outcome: Commented) -> Page:
    if outcome.told:
        people = "one person hears" if outcome.told == 1 else f"{outcome.told} people hear"
        text = f"💬 *Sent.* It stands under the version now, and {people} of it. You get a message with the answer."
    else:
        text = "💬 *Noted.* It stands under the version now. There is nobody else yet who looks after this text."
    return Page("Comment", "Your comment was sent", (section(text),))


def comment_page(comment: Comment, name: str, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """For those who look after the text; edited when somebody has answered."""
    about = named(comment.edition, name)
    lead = f"💬 *{escape(comment.author, 80)} commented on {about}* ({reader.moment(comment.at, at)})"
    blocks = [section(lead), section(escape_lines(comment.body, SAID_AT_MOST) or "—")]
    read = _read_button(comment.edition, signet)
    if comment.answer is None:
        answer = Button("Answer", ids.COMMENT_ANSWER, signet.close_for_all(Kind.COMMENT, comment.id), style="primary")
        blocks.append(actions([answer, read]))
    else:
        when = f" {reader.moment(comment.answered_at, at)}" if comment.answered_at else ""
        blocks.append(section(f"↳ *{escape(comment.answered_by or '', 80)} answered{when}*"))
        blocks += [section(escape_lines(comment.answer, SAID_AT_MOST) or "—"), actions([read])]
    return Page("Comment", lead.replace("*", ""), tuple(blocks))


def answer_form(comment_id: int, *, signet: Signet) -> View:
    """The message it was opened from shows what was said."""
    blocks = (
        written(
            Field(
                "Your answer",
                ids.ANSWER_BLOCK,
                hint="It goes to whoever commented, and stands under the comment.",
                limit=SAID_AT_MOST,
            )
        ),
    )
    return asking(
        Page("Answer", "Answer", blocks),
        callback=ids.ANSWER_MODAL,
        submit="Send",
        close="Not now",
        metadata=signet.close(Kind.COMMENT, comment_id),
    )


def answered_page(outcome: Answered) -> Page:
    text = f"✅ *Sent.* {escape(outcome.comment.author, 80)} gets your answer in a message."
    return Page("Answer", "Your answer was sent", (section(text),))


def answer_page(comment: Comment, name: str, *, reader: Reader, signet: Signet, at: datetime) -> Page:
    """For the author of the comment."""
    lead = f"💬 *{escape(comment.answered_by or '', 80)} answered your comment on {named(comment.edition, name)}*"
    blocks = (
        section(lead),
        section(escape_lines(comment.answer or "", SAID_AT_MOST) or "—"),
        context(f"You wrote {reader.moment(comment.at, at)}:\n{escape(comment.body, 300)}"),
        actions([_read_button(comment.edition, signet)]),
    )
    return Page("Comment", lead.replace("*", ""), blocks)


def _read_button(edition: Edition, signet: Signet) -> Button:
    return Button("Read the text", ids.TEXT_BESIDE, signet.close_for_all(Kind.EDITION, str(edition)))
