"""Who keeps the record and who is away, in lines, in windows, and in a message to whom it concerns."""

from __future__ import annotations

from datetime import datetime

from domain.duties import Absence, DutyHolder, DutyRoster, HandingShown, ReportHanded
from domain.rules.access import may
from domain.values import Capability, Person, Role
from handlers import ids
from handlers.escaping import escape
from handlers.presenters.reader import Reader
from handlers.roster_entries import KEEPS, NO_LONGER
from handlers.seal import Kind, Signet
from handlers.views.blocks import Block, Button, Option, Page, View, actions, context, divider, modal, section
from handlers.views.roster import away_view, duty_view, handing_view

DUTY_CHANGED = "✅ Saved. What waits for the record has gone to whoever has it now."
AWAY = "✅ Saved. Reports go to whoever stands in, or else is on duty; what waits has gone there, too."
LATER = "✅ Saved. From then on, reports go to whoever stands in, or else is on duty, and so does what waits then."
BACK = "✅ Welcome back: new reports come to you again. What waits has come to you, too."

_ALL_AWAY = "*No Operator is there now.* App Home, *On duty*, shows until when; there an absence can be ended."
_NO_OPERATOR = "*There is no Operator yet.* The Controller makes somebody one: App Home, *People and roles*."
_NAMES = 5
_MOST = 40
_KEEPS = (Option("Keeps the record of it", KEEPS), Option("No longer keeps it", NO_LONGER))
_HOW = (
    "A report goes to the account's own keeper, or to who stands in for them; else to who keeps everything else; "
    "else to every Operator who is there, then to the A/R Managers and Controllers."
)


def roster_page(outcome: DutyRoster, *, reader: Reader, signet: Signet, at: datetime, notice: str = "") -> Page:
    blocks: list[Block] = [section(notice)] if notice else []
    blocks += [context(_HOW), divider()]
    if not any(may(holder.person, Capability.RECORD) for holder in outcome.holders):
        blocks.append(section("There is no Operator yet: reports go to the A/R Managers, else to the Controllers."))
    for holder in outcome.holders[:_MOST]:
        blocks.append(section(_line(holder, reader, at)))
        if buttons := _buttons(outcome, holder, signet):
            blocks.append(actions(buttons))
    if len(outcome.holders) > _MOST:
        blocks.append(context(f"and {len(outcome.holders) - _MOST} more; `plixo duty list` shows everybody."))
    return Page("On duty", "", tuple(blocks))


def _buttons(outcome: DutyRoster, holder: DutyHolder, signet: Signet) -> list[Button]:
    is_own = holder.person.id == outcome.reader.id
    if not outcome.may_set and not is_own:
        return []
    sealed, name = signet.close(Kind.PERSON, holder.person.id), escape(holder.person.name, 40)
    buttons = []
    if outcome.may_set and (may(holder.person, Capability.RECORD) or holder.keeps_something):
        buttons.append(Button("Accounts", ids.ROSTER_DUTY, sealed, label=f"Accounts of {name}"))
    buttons.append(
        Button("Change absence" if holder.absence else "Away…", ids.ROSTER_AWAY, sealed, label=f"Absence of {name}")
    )
    if holder.absence:
        back = "I am back" if is_own else "Is back"
        buttons.append(Button(back, ids.ROSTER_BACK, sealed, style="primary", label=f"{name}: no longer away"))
    return buttons


def _line(holder: DutyHolder, reader: Reader, at: datetime) -> str:
    name = f"*{escape(holder.person.name, 80)}*"
    if holder.person.role is Role.AR_MANAGER and not holder.keeps_something:
        lines = [f"{name} · A/R Manager: hears what is late, unless away"]
    else:
        lines = [f"{name}{_no_operator(holder.person)}", _kept(holder)]
    if holder.absence:
        lines.append(f"🌴 {_away(holder.absence, holder.stand_in, reader, at)}")
    return "\n".join(lines)


def _no_operator(person: Person) -> str:
    return "" if may(person, Capability.RECORD) else " · *is no active Operator: passed over*"


def _kept(holder: DutyHolder) -> str:
    of = []
    if holder.accounts:
        named = [escape(name, 60) for name in holder.accounts[:_NAMES]]
        if more := len(holder.accounts) - len(named):
            named.append(f"{more} more")
        of.append(" · ".join(named))
    if holder.keeps_the_rest:
        of.append("everything that nobody else keeps")
    return f"Keeps {' and '.join(of)}" if of else "Keeps no account by name"


def _away(absence: Absence, stand_in: str | None, reader: Reader, at: datetime) -> str:
    until = reader.deadline(absence.ends_at, at)
    since = "Away" if absence.covers(at) else f"Away from {reader.moment(absence.starts_at, at)}"
    who = f"{escape(stand_in, 80)} stands in" if stand_in else "nobody stands in by name"
    return f"{since} until {until}, {who}"


def duty_window(holder: DutyHolder, *, signet: Signet) -> View:
    return duty_view(
        lead=f"*{escape(holder.person.name, 80)}*\n{_kept(holder)}",
        choices=_KEEPS,
        metadata=signet.close(Kind.PERSON, holder.person.id),
    )


def absence_window(outcome: DutyRoster, holder: DutyHolder, *, reader: Reader, signet: Signet, at: datetime) -> View:
    """Who may stand in are the other Operators."""
    able = [one for one in outcome.holders if may(one.person, Capability.RECORD)]
    others = [one.person for one in able if one.person.id != holder.person.id]
    return away_view(
        lead=f"*{escape(holder.person.name, 80)}*: days as they are in {reader.city(reader.zone)}.",
        stand_ins=tuple(Option(escape(one.name, 60), signet.close(Kind.PERSON, one.id)) for one in others),
        today=reader.today(at).isoformat(),
        metadata=signet.close(Kind.PERSON, holder.person.id),
    )


def handing_window(outcome: HandingShown, *, signet: Signet, metadata: str) -> View:
    """To whom a report can be handed; without anybody the way on."""
    name = escape(outcome.story.account.name, 140)
    if not outcome.operators:
        nobody = _ALL_AWAY if outcome.are_away else _NO_OPERATOR
        return modal(Page("Hand over", "", (section(f"{nobody}\n{name} waits for the record."),)))
    options = (Option(escape(one.name, 60), signet.close(Kind.PERSON, one.id)) for one in outcome.operators)
    return handing_view(
        lead=f"*{name}*\nThe report becomes theirs, and they hear of it at once. Who keeps the account stays as it is.",
        operators=tuple(options),
        metadata=metadata,
    )


def handed_page(outcome: ReportHanded) -> Page:
    to, name = escape(outcome.to.name, 80), escape(outcome.story.account.name, 140)
    text = f"✅ *{to} has it now.* They hear of the report about {name} at once, and record it."
    return Page("Hand over", text.replace("*", ""), (section(text),))


def changed_page(holder: DutyHolder, *, to: Person, reader: Reader, at: datetime) -> Page:
    """To somebody whose duty or absence was changed by somebody else, and to who stands in for them."""
    name, absence = escape(holder.person.name, 80), holder.absence
    is_away = absence is not None and absence.covers(at)
    if holder.person.id == to.id:
        lead = f"*Your duty for the record:* {_kept(holder)[:1].lower()}{_kept(holder)[1:]}."
        lead = lead.replace(" keeps ", " you keep ", 1)
        if absence:
            lead += f"\n🌴 {_away(absence, holder.stand_in, reader, at)}."
        if not is_away and (holder.accounts or holder.keeps_the_rest):
            lead += "\nYou are not away: what is reported of these comes to you, and so does what waits."
        after = "App Home, *On duty*, shows it and says who is away. If it is not right, tell your A/R Manager."
    elif absence and is_away:
        lead = f"*{name} is away:* {_away(absence, holder.stand_in, reader, at).removeprefix('Away ')}."
        after = "Reports to them come to you meanwhile; what waits already has come in messages of its own."
    elif absence and absence.stand_in == to.id:
        lead = f"*{name} will be away:* {_away(absence, holder.stand_in, reader, at).removeprefix('Away ')}."
        after = "From then on reports to them come to you, and so does what still waits. You hear when it begins."
    else:
        lead = f"*{name} is back.* You no longer stand in for them."
        after = "What you have in hand stays yours until it is on record."
    return Page("On duty", lead.replace("*", ""), (section(lead), context(after)))
