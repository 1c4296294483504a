"""Maintenance and jobs in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from domain.jobs import JobBoard, JobKind, JobOrdered, JobStory, Order, Outcome, Pause, Run
from domain.maintenance import Maintenance, MaintenanceSwitched
from domain.readiness import Level
from handlers.escaping import escape
from handlers.presenters.counting import several
from handlers.presenters.reader import Reader
from handlers.views.blocks import Page, context, header, paragraphs, section

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
    if (was := switched.was) is not None and was != now:
        before = f"by {escape(was.by, 100)} until {reader.deadline(was.until, at)}: {escape(was.reason, 500)}"
        end += f" This takes the place of the maintenance {before}."
    return Page("Maintenance", f"Maintenance: {escape(now.reason, 200)}", (section(text), section(f"{mails}\n{end}")))


def wrong_order_page(sentence: str, usage: str) -> Page:
    """What was typed could not be read."""
    return Page("Please write it again", sentence, (section(f"{escape(sentence, 500)}\n{usage}"),))


def jobs_page(board: JobBoard, *, reader: Reader) -> Page:
    """A line for each job: its light, what it is for, how it last ran and what people told it."""
    lines = [job_line(board, *job, reader=reader, tells_what=True) for job in board.jobs]
    return Page("Jobs", "Jobs", (header("Jobs"), *paragraphs([*jobs_held(board, reader), *lines])))


def jobs_held(board: JobBoard, reader: Reader) -> list[str]:
    """Said once for all of them."""
    if board.held_until is None:
        return []
    return [f"All stand still until {reader.deadline(board.held_until, board.at)}: Plixo is under maintenance."]


def job_ordered_page(done: JobOrdered, *, reader: Reader) -> Page:
    """What the order did, and how the job stands now."""
    said, more = _order_words(done, reader)
    board = done.board
    line = next(job_line(board, *job, reader=reader, tells_what=True) for job in board.jobs if job[0] == done.story)
    return Page("Jobs", said, (section(f"*{said}*\n{more}"), section(line), context("All of them: `/plixo cron`")))


def _order_words(done: JobOrdered, reader: Reader) -> tuple[str, str]:
    """What became of it, and what else there is to know or to do."""
    job, story, at = done.order.job, done.story, done.board.at
    match done.order.do:
        case Order.PAUSE:
            assert story.pause is not None
            more = f"It goes on by itself; earlier with `/plixo cron resume {job}`."
            if done.was is not None and done.is_new:
                more += f" This takes the place of the pause {_whose(done.was, reader, at)}."
            return f"{job} stands still until {reader.deadline(story.pause.until, at)}.", more
        case Order.RESUME if done.is_new:
            return f"{job} goes on.", "What is due is looked at anew; nothing is made up for in bulk."
        case Order.RESUME:
            pause = f'To pause it: `/plixo cron pause {job} 30m "why"`.'
            return f"{job} is not paused: there is nothing to resume.", pause
        case Order.RUN if done.is_new:
            return f"{job} runs at the next beat.", "Whichever replica looks first takes it."
        case Order.RUN:
            when = f" {reader.ago(story.asked_at, at)}" if story.asked_at else ""
            asked = f"{escape(story.asked_by, 80)} asked for it{when}; it takes place once, at the next beat."
            return f"A run of {job} is asked for already.", asked
        case _:
            assert_never(done.order.do)


def _whose(pause: Pause, reader: Reader, at: datetime) -> str:
    return f"by {escape(pause.by, 80)} until {reader.deadline(pause.until, at)}: {escape(pause.because, 200)}"


def job_line(board: JobBoard, story: JobStory, kind: JobKind, *, reader: Reader, tells_what: bool = False) -> str:
    """How it stands; `tells_what` it is for, too."""
    at, last = board.at, story.last
    pause = story.pause_at(at)
    light = ":double_vertical_bar:" if pause or board.held_until else LIGHTS[Level.GREEN]
    if last is not None and last.outcome is Outcome.FAILED:
        light = LIGHTS[Level.RED]
    said = [ran_words(last, reader.ago(last.ended_at, at) if last else "")]
    if pause is not None:
        said.append(f"paused {_whose(pause, reader, at)}")
    if story.asked_at is not None:
        said.append(f"a run was asked for by {escape(story.asked_by, 80)} {reader.ago(story.asked_at, at)}")
    elif pause is None:
        said += _looks(board, story, kind, reader)
    what = f" {kind.what}:" if tells_what else ""
    return f"{light} *{story.job}*{what} {'; '.join(said)}"


def ran_words(last: Run | None, when: str) -> str:
    """What became of its last run, which ended at `when`; in the terminal as in Slack."""
    if last is None:
        return "idle so far"
    if last.outcome is Outcome.FAILED:
        return f"failed {when} ({escape(last.error or 'unknown', 64)}) and is tried again"
    did = f"did {several(last.did, 'thing')}" if last.did else "ran and had nothing to do"
    return f"{did} {when}"


def _looks(board: JobBoard, story: JobStory, kind: JobKind, reader: Reader) -> list[str]:
    """When it looked last, and when it looks next where somebody might wait for it."""
    looked, comes = story.looked_at, board.next_look(story, kind)
    if looked is None or comes is None:
        return []
    says_nothing = kind.every <= OFTEN or comes == board.held_until
    return [f"looked {reader.ago(looked, board.at)}{'' if says_nothing else f', next {reader.clock(comes)}'}"]
