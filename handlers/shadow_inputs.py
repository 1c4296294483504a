"""Slack's payloads about drafts of Autopilot, read. The seals say what was meant, never who may."""

from __future__ import annotations

from dataclasses import dataclass

from domain.templates import Wording
from handlers import ids
from handlers.inputs import Body, clicked, window_of
from handlers.library_inputs import written, written_lines
from handlers.seal import Kind, Signet


@dataclass(frozen=True, slots=True)
class DraftSeal:
    """Which revision of which step's draft, and how many come before the page it stands on."""

    step_id: int
    revision: int
    start: int


def clicked_draft(body: Body, signet: Signet) -> DraftSeal:
    """Raises BrokenSeal."""
    step_id, revision, start = clicked(body, Kind.STEP, signet)
    return DraftSeal(int(step_id), int(revision), int(start))


def shown_draft(body: Body, signet: Signet) -> DraftSeal:
    """What the window is about. Raises BrokenSeal."""
    step_id, revision, start = signet.open(Kind.STEP, str(window_of(body).get("private_metadata") or ""))
    return DraftSeal(int(step_id), int(revision), int(start))


def clicked_drafts(body: Body, signet: Signet) -> tuple[int, dict[int, int]]:
    """How many come before the page, and the revision of each on it, by step. Raises BrokenSeal."""
    start, *pairs = map(int, clicked(body, Kind.STEPS, signet))
    return start, dict(zip(pairs[::2], pairs[1::2], strict=True))


def clicked_start(body: Body, signet: Signet) -> int:
    """Raises BrokenSeal."""
    return int(clicked(body, Kind.DRAFTS, signet)[0])


def edited_wording(body: Body) -> Wording:
    return Wording(written(body, ids.SUBJECT_BLOCK), written_lines(body, ids.TEXT_BLOCK) or "")
