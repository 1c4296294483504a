"""What waits for the Controller and for Legal, who keeps the record, and who there is."""

from __future__ import annotations

from domain.homing import ChangeLine, Cut, DraftLine, DutyLine, Part, Staff
from domain.notices import AccessRequest
from domain.values import Role
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters.frame import Frame
from handlers.seal import Kind
from handlers.views.blocks import Block, Button, actions, header, section


def access_requests(cut: Cut[AccessRequest], frame: Frame) -> list[Block]:
    lines: list[Block] = []
    for request in cut.items:
        sealed = frame.signet.close(Kind.REQUEST, request.id)
        approve = Button("Approve", ids.ACCESS_APPROVE, sealed, style="primary")
        lines += [section(_asks(request, frame)), actions([approve, Button("Decline", ids.ACCESS_DECLINE, sealed)])]
    note = "Nobody waits for an answer."
    return frame.listed(Part.ACCESS_REQUESTS, "Requests for access", cut, lines, note=note)


def change_requests(cut: Cut[ChangeLine], frame: Frame) -> list[Block]:
    lines = []
    for line in cut.items:
        asked = frame.reader.moment(line.asked_at, frame.at)
        text = f"*{escape(line.asked_by, 80)}* wants a change of {escape(line.subject, 100)}\n{escape(line.why, 300)}"
        lines.append(section(f"{text}\nAsked {asked}"))
    return frame.listed(Part.CHANGE_REQUESTS, "Requests for changes", cut, lines)


def drafts(cut: Cut[DraftLine], frame: Frame) -> list[Block]:
    lines = [section(_draft(line, frame)) for line in cut.items]
    return frame.listed(Part.DRAFTS, "Texts waiting for approval", cut, lines)


def sign_offs(cut: Cut[DraftLine], frame: Frame) -> list[Block]:
    lines = [section(_draft(line, frame)) for line in cut.items]
    return frame.listed(Part.SIGN_OFFS, "Texts waiting for your sign-off", cut, lines)


def duty(cut: Cut[DutyLine], frame: Frame) -> list[Block]:
    """One block: who keeps the record, and who is away."""
    if not cut.items:
        text = "Nobody is named for an account. Reports go to every Operator."
        return [header("On duty for the record"), section(text)]
    lines = [_keeper(line, frame) for line in cut.items]
    return [header("On duty for the record"), section("\n".join(lines)), *frame.more(Part.DUTY, cut)]


def people(staff: Staff, frame: Frame) -> list[Block]:
    counted = [f"{staff.counts[role]} {vocabulary.ROLES[role]}" for role in Role if staff.counts.get(role)]
    return [header("People and roles"), section(" · ".join(counted) or "Nobody yet.")]


def _asks(request: AccessRequest, frame: Frame) -> str:
    wish = vocabulary.CAPABILITIES[request.capability] if request.capability else "be helped with a nudge"
    about = f"\nAbout {escape(request.account_name, 80)}" if request.account_name else ""
    asked = frame.reader.moment(request.asked_at, frame.at)
    return f"*{escape(request.asked_by_name, 80)}* asks to {wish}{about}\nAsked {asked}"


def _draft(line: DraftLine, frame: Frame) -> str:
    by = f"Drafted by {escape(line.drafted_by, 80)}" if line.drafted_by else "Drafted"
    when = f", {frame.reader.moment(line.drafted_at, frame.at)}" if line.drafted_at else ""
    legal = "\nLegal has to sign it off first." if line.needs_legal else ""
    return f"*{escape(line.name, 80)}*, version {line.version} ({escape(line.tone, 30)})\n{by}{when}{legal}"


def _keeper(line: DutyLine, frame: Frame) -> str:
    of = [f"{line.accounts} account{'' if line.accounts == 1 else 's'}"] if line.accounts else []
    if line.keeps_the_rest:
        of.append("everything nobody else keeps")
    text = f"*{escape(line.name, 80)}*: {' and '.join(of)}"
    if line.away_until:
        stand_in = f", {escape(line.stand_in, 80)} stands in" if line.stand_in else ", nobody stands in"
        text += f" · 🌴 away until {frame.reader.moment(line.away_until, frame.at)}{stand_in}"
    return text
