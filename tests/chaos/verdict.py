"""What became of every message, from the provider's ledger and the rows, and everything that is not as promised."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from domain.messages import FINAL_STATES, State
from handlers import ids
from sandbox.people import Message as Post
from storage import tables
from tests.chaos.ground import rows
from tests.integration.mail.rogue_smtp import Accepted

HEADINGS = "round", "seed", "messages", "kills", "stops", "crashes", "once", "duplicated", "lost", "held", "repeated"
WIDTHS = 22, 6, 8, 5, 5, 7, 5, 10, 4, 4, 8

_MUTE = {State.CLAIMED.value, State.SENDING.value}
"""Steps of a breath: in the history or on the row only, not in the audit log."""


@dataclass
class Verdict:
    """`once` and `duplicated` count the ledger, `lost` what is gone without a word, `held` what waits for a person."""

    once: int = 0
    duplicated: int = 0
    lost: int = 0
    held: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def judge(engine: Engine, accepted: Sequence[Accepted]) -> Verdict:
    """Compare each message's row with what the provider took, and its history with the audit log."""
    verdict = Verdict()
    copies = Counter(mail.message_id.removeprefix("nudge.").partition("@")[0] for mail in accepted)
    messages = rows(engine, tables.messages)
    contacts = {row["id"]: row["email"] for row in rows(engine, tables.contacts)}
    recipients = {mail.message_id.removeprefix("nudge.").partition("@")[0]: mail.recipient for mail in accepted}
    logged = Counter(row["message_id"] for row in rows(engine, tables.communications) if row["message_id"])
    verdict.duplicated = sum(1 for count in copies.values() if count > 1)
    verdict.states.update(row["state"] for row in messages)
    if strangers := copies.keys() - {row["id"] for row in messages}:
        verdict.problems.append(f"{len(strangers)} mails belong to no message")
    for row in messages:
        id, state, count = row["id"], row["state"], copies[row["id"]]
        verdict.once += count == 1
        if count > 1:
            verdict.problems.append(f"{id}: accepted {count} times, {state}")
        if count and recipients[id] != contacts[row["contact_id"]]:
            verdict.problems.append(f"{id}: went to somebody else")
        if state == State.UNCONFIRMED:
            verdict.held.append(id)
            if not row["reason"]:
                verdict.problems.append(f"{id}: held without a reason")
        elif state not in FINAL_STATES:
            verdict.lost += 1
            verdict.problems.append(f"{id}: still {state}, {row['reason']}")
        elif state == State.SENT:
            if not count:
                verdict.lost += 1
                verdict.problems.append(f"{id}: said to be sent, and nobody took it")
            if logged[id] != 1:
                verdict.problems.append(f"{id}: sent, and stands {logged[id]} times among the account's communications")
        else:
            if not row["reason"]:
                verdict.lost += 1
                verdict.problems.append(f"{id}: {state} without a reason")
            if count:
                verdict.problems.append(f"{id}: {state}, but it was accepted")
    verdict.problems += _history(engine, messages)
    return verdict


def _history(engine: Engine, messages: list[dict[str, Any]]) -> list[str]:
    """Each step of a message follows the one before, ends where the row stands, and has its line in the audit log."""
    problems: list[str] = []
    steps: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in rows(engine, tables.message_events):
        steps[event["message_id"]].append(event)
    audited: dict[str, list[str]] = defaultdict(list)
    for line in rows(engine, tables.audit):
        kind, _, subject = line["subject"].partition(":")
        if kind == "nudge" and (line["after"] or line["action"] == "nudge.queued"):
            audited[subject].append((line["after"] or {}).get("state", State.QUEUED.value))
    for row in messages:
        state: str | None = None
        for step in steps[row["id"]]:
            # A claim is on the row only.
            if step["was"] != state and (state, step["was"]) != (State.QUEUED, State.CLAIMED):
                problems.append(f"{row['id']}: its history goes from {state} on with {step['was']}")
            state = step["became"]
        if row["state"] != state and (state, row["state"]) != (State.QUEUED, State.CLAIMED):
            problems.append(f"{row['id']}: its history ends with {state}, it is {row['state']}")
        told = [step["became"] for step in steps[row["id"]] if step["became"] not in _MUTE]
        if Counter(told) != Counter(audited[row["id"]]):
            problems.append(f"{row['id']}: its history is {told}, its audit {audited[row['id']]}")
    return problems


def unasked(engine: Engine, held: Sequence[str], posts: Sequence[Post]) -> list[str]:
    """Held messages of which A/R was not asked: no notice, none posted, or no button to settle it with."""
    problems = []
    notices = {row["key"]: row for row in rows(engine, tables.notices)}
    for id in held:
        key = f"nudge:{id}:duty"
        notice = notices.get(key)
        if notice is None or notice["state"] != "posted":
            problems.append(f"{id}: held, and its alert is {notice['state'] if notice else 'missing'}")
        elif not question_of(posts, id):
            problems.append(f"{id}: held, and A/R's channel holds no question with its two buttons")
    for key, notice in notices.items():
        if notice["state"] == "pending":
            problems.append(f"{key}: never posted ({notice['error']})")
    return problems


def question_of(posts: Sequence[Post], id: str) -> Post | None:
    """The newest post that asks what became of this message, with both ways out."""
    for post in reversed(posts):
        key = ((post.metadata or {}).get("event_payload") or {}).get("key", "")
        if key == f"nudge:{id}:duty":
            buttons = {
                element.get("action_id")
                for block in post.blocks
                if block["type"] == "actions"
                for element in block["elements"]
            }
            if {ids.ALERT_ARRIVED, ids.ALERT_SEND_AGAIN} <= buttons:
                return post
    return None


def line(*cells: object) -> str:
    return "  ".join(str(cell).ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))
