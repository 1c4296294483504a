"""Direct messages about notes: somebody was named in one, or one was answered."""

from __future__ import annotations

from domain.notes import NoteOpened, NoteReply
from domain.rules.noting import may_write
from handlers import ids, vocabulary
from handlers.escaping import escape, escape_lines, shortened, unmarked
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Page, actions, section
from handlers.views.notes import written

_IN_A_MESSAGE = 1_200
_LONGEST = 20_000


def mention_page(outcome: NoteOpened, *, reader: Reader, signet: Signet) -> Page:
    """To somebody who is named in a note."""
    note, name = outcome.thread.note, escape(outcome.account.name, 80)
    who = f"{escape(note.author, 80)} ({vocabulary.DEPARTMENTS[note.department]})"
    lead = f"{who} named you in a note about {name}"
    when = reader.moment(note.written_at, outcome.at)
    edited = f", edited {reader.moment(outcome.thread.edited.at, outcome.at)}" if outcome.thread.edited else ""
    return _page(f"*{lead}*\n{when}{edited}", lead, note.body, outcome, signet)


def reply_page(outcome: NoteOpened, reply: NoteReply, *, reader: Reader, signet: Signet) -> Page:
    """To the note's author, to those who answered before, and to whom the reply names."""
    name, who = escape(outcome.account.name, 80), escape(reply.author, 80)
    own = outcome.thread.author_id == outcome.reader.id
    lead = f"{who} replied to {'your note' if own else 'a note'} about {name}"
    about = unmarked(shortened(escape(outcome.thread.note.body, _LONGEST), 120))
    head = f"*{lead}*\n{reader.moment(reply.at, outcome.at)} · to “{about}”"
    return _page(head, lead, reply.body, outcome, signet)


def _page(head: str, lead: str, body: str, outcome: NoteOpened, signet: Signet) -> Page:
    """Buttons live for 30 days: a direct message is read when there is time for it."""
    text = escape_lines(body, _LONGEST)
    short = shortened(text, _IN_A_MESSAGE)
    note_id, version = outcome.thread.note.id, outcome.thread.version
    words = "Read all" if short != text else "Open note"
    buttons = [
        Button("Open account", ids.ACCOUNT_OPEN, signet.close_for_all(Kind.ACCOUNT, outcome.account.id, 0)),
        Button(words, ids.NOTE_OPEN, signet.close_for_all(Kind.NOTE_PAGE, note_id, 0)),
    ]
    if may_write(outcome.reader):
        buttons.insert(
            0, Button("Reply", ids.NOTE_REPLY, signet.close_for_all(Kind.NOTE, note_id, version), style="primary")
        )
    blocks: list[Block] = [section(head), *written(short), actions(buttons)]
    return Page("Note", lead, tuple(blocks))
