"""Notes for their reader: a page of them, one in full, its history, and the forms to write."""

from __future__ import annotations

from domain.notes import (
    BODY_AT_MOST,
    MENTIONS_AT_MOST,
    NoteAct,
    NoteDone,
    NoteForm,
    NoteOpened,
    NoteReply,
    NoteSaved,
    NoteThread,
    NoteWindow,
)
from domain.rules.noting import may_write, why_not
from domain.values import Person
from handlers import ids, vocabulary
from handlers.escaping import escape, escape_lines, shortened, unmarked
from handlers.presenters.reader import Reader
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Page, View, actions, context, divider, section
from handlers.views.notes import Form, form_view, written

REPLIES_ON_A_PAGE = 4
VERSIONS_ON_A_PAGE = 5
_IN_A_LIST = 600
_REPLY_IN_A_LIST = 200
_LONGEST = 10_000
"""Of a text that came with the books, in UTF-16 units: the largest that keeps a page within a view's 250 KB."""

_HINT = "Internal: only colleagues who may see this account read it. Links and formatting stay plain text."


def window_page(outcome: NoteWindow, *, reader: Reader, signet: Signet) -> Page:
    """A page of an account's notes; each with its latest replies and what the reader may do about it."""
    name = escape(outcome.account.name, 140)
    count = "No notes yet" if not outcome.total else "1 note" if outcome.total == 1 else f"{outcome.total} notes"
    lead = f"*{name}*\n{count}"
    if outcome.pages > 1:
        lead += f", page {outcome.page + 1} of {outcome.pages}"
    blocks: list[Block] = [section(lead)]
    first = [_button("Open account", ids.ACCOUNT_OPEN, signet.close(Kind.ACCOUNT, outcome.account.id, 0))]
    if may_write(outcome.reader):
        first.insert(0, _button("Add note", ids.NOTES_ADD, signet.close(Kind.ACCOUNT, outcome.account.id, 0)))
    blocks.append(actions(first))
    for thread in outcome.threads:
        blocks += [divider(), *_listed(thread, outcome, reader, signet)]
    if turns := _turns(outcome, signet):
        blocks += [divider(), actions(turns)]
    return Page("Notes", f"Notes about {name}", tuple(blocks))


def _listed(thread: NoteThread, outcome: NoteWindow, reader: Reader, signet: Signet) -> list[Block]:
    text = escape_lines(thread.note.body, _LONGEST)
    short = shortened(text, _IN_A_LIST)
    blocks = [section(_head(thread, reader, outcome)), *written(short)]
    if thread.replies:
        blocks.append(context(_latest(thread, reader, outcome)))
    whole = "Read all" if short != text else "Open"
    buttons = [_button(whole, ids.NOTE_OPEN, signet.close(Kind.NOTE_PAGE, thread.note.id, 0))]
    return [*blocks, actions([*buttons, *_acts(thread, outcome.reader, signet)])]


def _latest(thread: NoteThread, reader: Reader, outcome: NoteWindow) -> str:
    latest = thread.replies[-1]
    count = replies_words(thread.note.replies)
    who, when = escape(latest.author, 80), reader.moment(latest.at, outcome.at)
    said = unmarked(shortened(escape(latest.body, _LONGEST), _REPLY_IN_A_LIST))
    return f"{count}, the latest by {who}, {when}: {said}"


def replies_words(count: int) -> str:
    return "1 reply" if count == 1 else f"{count} replies"


def _turns(outcome: NoteWindow, signet: Signet) -> list[Button]:
    def button(words: str, action: str, page: int) -> Button:
        return _button(words, action, signet.close(Kind.NOTES_PAGE, outcome.account.id, page))

    turns = []
    if outcome.page > 0:
        turns.append(button("Newer notes", ids.NOTES_NEWER, outcome.page - 1))
    if outcome.page + 1 < outcome.pages:
        turns.append(button("Older notes", ids.NOTES_OLDER, outcome.page + 1))
    return turns


def note_page(outcome: NoteOpened, *, reader: Reader, signet: Signet, page: int = 0, notice: str = "") -> Page:
    """One note in full with a page of its replies; page 0 holds the latest, and within a page the oldest is first."""
    thread, name = outcome.thread, escape(outcome.account.name, 140)
    blocks: list[Block] = [section(notice)] if notice else []
    blocks += [section(f"*{name}*\n{_head(thread, reader, outcome)}")]
    blocks += written(escape_lines(thread.note.body, _LONGEST))
    blocks.append(actions([*_acts(thread, outcome.reader, signet), *_ways(thread, signet)]))
    last = len(thread.replies) - page * REPLIES_ON_A_PAGE
    shown = thread.replies[max(0, last - REPLIES_ON_A_PAGE) : max(0, last)]
    if shown:
        blocks += [divider(), section(f"*{replies_words(thread.note.replies)}*")]
    for reply in shown:
        blocks += [context(_reply_head(reply, reader, outcome)), *written(_typed(reply.body))]
    turns = []
    if last > REPLIES_ON_A_PAGE:
        token = signet.close(Kind.NOTE_PAGE, thread.note.id, page + 1)
        turns.append(_button("Earlier replies", ids.NOTE_EARLIER, token))
    if page > 0:
        turns.append(_button("Newer replies", ids.NOTE_NEWER, signet.close(Kind.NOTE_PAGE, thread.note.id, page - 1)))
    if turns:
        blocks.append(actions(turns))
    return Page("Note", f"A note about {name}", tuple(blocks))


def _typed(body: str) -> str:
    """What was typed into a field, in full."""
    return escape_lines(body[:BODY_AT_MOST], _LONGEST * 2)


def _head(thread: NoteThread, reader: Reader, outcome: NoteOpened | NoteWindow) -> str:
    note = thread.note
    pin = "📌 " if note.is_pinned else ""
    # The books know the day only.
    when = (reader.day_at if thread.is_imported else reader.moment)(note.written_at, outcome.at)
    head = f"{pin}*{vocabulary.DEPARTMENTS[note.department]}* {escape(note.author, 80)}, {when}"
    if thread.edited:
        by = "" if thread.edited.author_id == thread.author_id else f" by {escape(thread.edited.author, 80)}"
        head += f" · edited {reader.moment(thread.edited.at, outcome.at)}{by}"
    return head + (" · from the books" if thread.is_imported else "")


def _reply_head(reply: NoteReply, reader: Reader, outcome: NoteOpened) -> str:
    return f"*{escape(reply.author, 80)}*, {reader.moment(reply.at, outcome.at)}"


def _acts(thread: NoteThread, person: Person, signet: Signet) -> list[Button]:
    """Only what the reader may do; who may is asked again when it is clicked and when it is sent."""
    token = signet.close(Kind.NOTE, thread.note.id, thread.version)
    pinning = ("Unpin", ids.NOTE_UNPIN) if thread.note.is_pinned else ("Pin", ids.NOTE_PIN)
    offered = (
        (NoteAct.REPLY, ("Reply", ids.NOTE_REPLY)),
        (NoteAct.EDIT, ("Edit", ids.NOTE_EDIT)),
        (NoteAct.PIN, pinning),
    )
    return [_button(*words, token) for act, words in offered if why_not(person, act, thread) is None]


def _ways(thread: NoteThread, signet: Signet) -> list[Button]:
    ways = []
    if thread.edited:
        ways.append(_button("History", ids.NOTE_HISTORY, signet.close(Kind.NOTE_PAGE, thread.note.id, 0)))
    ways.append(_button("All notes", ids.NOTES_OPEN, signet.close(Kind.NOTES_PAGE, thread.account_id, 0)))
    return ways


def history_page(outcome: NoteOpened, *, page: int = 0, reader: Reader, signet: Signet) -> Page:
    """What it said when, newest first, and who wrote that; page 0 holds the newest."""
    thread, name = outcome.thread, escape(outcome.account.name, 140)
    blocks: list[Block] = [section(f"*{name}*\nWhat this note said, newest first")]
    first = page * VERSIONS_ON_A_PAGE
    for version in thread.versions[first : first + VERSIONS_ON_A_PAGE]:
        what = "written" if version.version == 1 else "edited"
        blocks += [
            divider(),
            context(f"{what} {reader.moment(version.at, outcome.at)} by *{escape(version.author, 80)}*"),
            *written(_typed(version.body)),
        ]
    if not thread.versions:
        blocks.append(section("This note came with the books. Its text is as it came."))

    def button(words: str, action: str, page: int) -> Button:
        return _button(words, action, signet.close(Kind.NOTE_PAGE, thread.note.id, page))

    ways = [button("Back to the note", ids.NOTE_OPEN, 0)]
    if page > 0:
        ways.append(button("Newer versions", ids.NOTE_HISTORY_NEWER, page - 1))
    if first + VERSIONS_ON_A_PAGE < len(thread.versions):
        ways.append(button("Older versions", ids.NOTE_HISTORY_OLDER, page + 1))
    return Page("History", f"History of a note about {name}", (*blocks, actions(ways)))


def saved_page(outcome: NoteSaved, *, reader: Reader, signet: Signet) -> Page:
    """What was done, who hears of it, and the note as it stands now."""
    match outcome.act:
        case NoteDone.WRITTEN:
            done = "✅ Your note is there."
        case NoteDone.REPLIED:
            done = "✅ Your reply is there."
        case NoteDone.EDITED:
            done = "✅ Changed. The earlier text stays in the note's history."
        case NoteDone.PINNED:
            done = "📌 Pinned: it stands first among the notes."
        case NoteDone.UNPINNED:
            done = "Unpinned: it stands by its date again."
    if outcome.told:
        names = ", ".join(escape(person.name, 80) for person in outcome.told)
        done += f" {names} {'hears' if len(outcome.told) == 1 else 'hear'} of it by direct message."
    return note_page(outcome.opened, reader=reader, signet=signet, notice=done)


def writing_view(outcome: NoteForm, *, signet: Signet) -> View:
    name = escape(outcome.account.name, 140)
    return _form_view(
        Form(
            title="Add note",
            about=f"About *{name}*, tagged {vocabulary.DEPARTMENTS[outcome.department]}",
            label="Note",
            hint=_HINT,
            callback=ids.NOTE_MODAL,
            submit="Add note",
            metadata=signet.close(Kind.ACCOUNT, outcome.account.id, 0),
        )
    )


def editing_view(outcome: NoteOpened, *, reader: Reader, signet: Signet) -> View:
    return _form_view(
        Form(
            title="Edit note",
            about=f"About *{escape(outcome.account.name, 140)}* · {_head(outcome.thread, reader, outcome)}",
            label="Note",
            hint="The text before stays in the note's history, with your name at the change.",
            callback=ids.NOTE_EDIT_MODAL,
            submit="Save",
            metadata=signet.close(Kind.NOTE, outcome.thread.note.id, outcome.thread.version),
            value=outcome.thread.note.body[:BODY_AT_MOST],
        )
    )


def replying_view(outcome: NoteOpened, *, reader: Reader, signet: Signet) -> View:
    note = outcome.thread.note
    text = unmarked(shortened(escape(note.body, _LONGEST), _IN_A_LIST))
    return _form_view(
        Form(
            title="Reply",
            about=f"*{escape(outcome.account.name, 140)}* · {_head(outcome.thread, reader, outcome)}\n{text}",
            label="Reply",
            hint="The note's author and whoever replied before hear of it by direct message.",
            callback=ids.NOTE_REPLY_MODAL,
            submit="Reply",
            metadata=signet.close(Kind.NOTE, note.id, outcome.thread.version),
            people=False,
        )
    )


def _form_view(form: Form) -> View:
    return form_view(form, most=BODY_AT_MOST, most_people=MENTIONS_AT_MOST)


def _button(words: str, action: str, value: str) -> Button:
    return Button(words, action, value)
