"""Maintenance and jobs in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.jobs import JobBoard, JobKind, JobStory, Outcome
from domain.maintenance import Maintenance, MaintenanceSwitched
from domain.readiness import Level
from handlers.escaping import escape
from handlers.presenters.counting import several
from handlers.presenters.reader import Reader
from handlers.views.blocks import Page, header, paragraphs, section

OFTEN = timedelta(minutes=1)
"""Nobody waits for the next look of what looks so often."""

LIGHTS = {
    Level.WHITE: ":white_circle:",
    Level.GREEN: ":large_green_circle:",
    Level.AMBER: ":large_yellow_circle:",
    Level.RED: ":red_circle:",
}


def banner(maintenance: Maintenance, *, reader: Reader, at: datetime) -> str:
    """Who, why, and until when on the reader's clock."""
    why = escape(maintenance.reason, 500)
    return (
        f":construction: *Plixo is under maintenance until {reader.deadline(maintenance.until, at)}*\n"
        f"Reason, by {escape(maintenance.by, 100)}: {why}\n"
        "Looking things up works; nothing is changed or sent until then."
    )


def refused_words(maintenance: Maintenance, *, reader: Reader, at: datetime) -> str:
    """To whoever would have changed or sent something just now."""
    again = f"Nothing was changed; try again after {reader.until(maintenance.until, at)}."
    return f"{banner(maintenance, reader=reader, at=at)}\n{again}"


def maintenance_page(switched: MaintenanceSwitched, *, reader: Reader, at: datetime) -> Page:
    """As it stands now, for whoever looks after the house."""
    now = switched.now
    if now is None:
        ended = "Maintenance has ended: everybody can work again." if switched.was else "No maintenance is on."
        begin = 'To begin one: `/plixo maintenance on "why" 2h`.'
        return Page("Maintenance", ended, (section(f"*{ended}*\n{begin}"),))
    count = switched.under_way
    under_way = f"Under way and may still leave: {several(count, 'mail')}. Nothing else leaves."
    mails = under_way if count else "No mail is under way."
    end = "It ends by itself; earlier with `/plixo maintenance off`."
    text = banner(now, reader=reader, at=at)
    return Page("Maintenance", f"Maintenance: {escape(now.reason, 200)}", (section(text), section(f"{mails}\n{end}")))


def wrong_order_page(sentence: str, usage: str) -> Page:
    """What was typed could not be read."""
    return Page("Please write it again", sentence, (section(f"{escape(sentence, 500)}\n{usage}"),))


def jobs_page(board: JobBoard, *, reader: Reader) -> Page:
    """A line for each job: its light, what it is for, how it last ran and what people told it."""
    lines = [job_line(story, kind, reader=reader, at=board.at) for story, kind in board.jobs]
    return Page("Jobs", "Jobs", (header("Jobs"), *paragraphs(lines)))


def job_line(story: JobStory, kind: JobKind, *, reader: Reader, at: datetime) -> str:
    pause, last = story.pause_at(at), story.last
    light = ":double_vertical_bar:" if pause else LIGHTS[Level.GREEN]
    said = []
    if last is not None:
        when = reader.ago(last.ended_at, at)
        if last.outcome is Outcome.FAILED:
            light = light if pause else LIGHTS[Level.RED]
            said.append(f"failed {when} ({escape(last.error or 'unknown', 64)}) and is tried again")
        else:
            said.append(f"did {several(last.did, 'thing')} {when}")
    else:
        said.append("nothing to do so far")
    if pause is not None:
        end = reader.deadline(pause.until, at)
        said.append(f"paused by {escape(pause.by, 80)} until {end}: {escape(pause.because, 200)}")
    if story.asked_at is not None:
        said.append(f"a run was asked for by {escape(story.asked_by, 80)} {reader.ago(story.asked_at, at)}")
    elif pause is None:
        said += _next(story, kind, reader, at)
    return f"{light} *{story.job}* {kind.what}{': ' if said else ''}{'; '.join(said)}"


def _next(story: JobStory, kind: JobKind, reader: Reader, at: datetime) -> list[str]:
    comes = story.next_at(kind.every, at)
    return [f"next look {reader.clock(comes)}"] if comes is not None and kind.every > OFTEN else []
