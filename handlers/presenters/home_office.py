"""What waits for the Controller and for Legal, who keeps the record, and who there is."""

from __future__ import annotations

from domain.homing import ChangeLine, Cut, DraftLine, DutyLine, Part, Staff
from domain.notices import AccessRequest
from domain.values import Role
from handlers import ids, vocabulary
from handlers.escaping import escape
from handlers.presenters.counting import several
from handlers.presenters.deciding import wish_of
from handlers.presenters.frame import Frame
from handlers.presenters.library import named
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
    """Each with the way to its decision, where what is proposed stands beside what is."""
    lines: list[Block] = []
    for line in cut.items:
        asked = frame.reader.moment(line.asked_at, frame.at)
        text = f"*{escape(line.asked_by, 80)}* would like to change {named(line.edition, line.name)}"
        lines.append(section(f"{text}\n{escape(line.why, 300)}\nAsked {asked}"))
        if not frame.by_itself:
            sealed = frame.signet.close(Kind.CHANGE, line.id)
            approve = Button("Approve", ids.CHANGE_APPROVE, sealed, style="primary")
            lines.append(actions([approve, Button("Decline", ids.CHANGE_DECLINE, sealed)]))
    return frame.listed(Part.CHANGE_REQUESTS, "Requests for changes", cut, lines)


def drafts(cut: Cut[DraftLine], frame: Frame) -> list[Block]:
    lines = [_draft(line, frame) for line in cut.items]
    return frame.listed(Part.DRAFTS, "Drafts of texts waiting for you", cut, lines)


def sign_offs(cut: Cut[DraftLine], frame: Frame) -> list[Block]:
    lines = [_draft(line, frame) for line in cut.items]
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
    asked = frame.reader.moment(request.asked_at, frame.at)
    if request.words:
        return f"*{escape(request.asked_by_name, 80)}* {wish_of(request)}\nAsked {asked}"
    wish = vocabulary.CAPABILITIES[request.capability] if request.capability else "be helped with a nudge"
    about = f"\nAbout {escape(request.account_name, 80)}" if request.account_name else ""
    return f"*{escape(request.asked_by_name, 80)}* asks to {wish}{about}\nAsked {asked}"


def _draft(line: DraftLine, frame: Frame) -> Block:
    """With the way to the text, where it is decided. In a window there is none: see `Frame.record`."""
    by = f"Drafted by {escape(line.drafted_by, 80)}" if line.drafted_by else "Drafted"
    when = f", {frame.reader.moment(line.drafted_at, frame.at)}" if line.drafted_at else ""
    is_others = line.needs_legal and frame.viewer.role is not Role.LEGAL
    legal = "\nLegal has to sign it off, too." if is_others else ""
    name = escape(line.name, 80) or vocabulary.SHELVES[line.edition.shelf]
    tone = f" ({escape(line.tone, 30)})" if line.tone else ""
    text = f"*{name}*, version {line.edition.number}{tone}\n{by}{when}{legal}"
    if frame.by_itself:
        return section(text)
    sealed = frame.signet.close(Kind.EDITION, str(line.edition))
    return section(text, beside=Button("Open", ids.TEXT_BESIDE, sealed, label=f"Open {name}"))


def _keeper(line: DutyLine, frame: Frame) -> str:
    of = [several(line.accounts, "account")] if line.accounts else []
    if line.keeps_the_rest:
        of.append("everything nobody else keeps")
    text = f"*{escape(line.name, 80)}*: {' and '.join(of)}"
    if line.away_until:
        stand_in = f", {escape(line.stand_in, 80)} stands in" if line.stand_in else ", nobody stands in"
        text += f" · 🌴 away until {frame.reader.moment(line.away_until, frame.at)}{stand_in}"
    return text
