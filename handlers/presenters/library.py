"""Templates and documents as people read them: a list, one version with everything about it, two compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from domain.library import Catalogue, Comment, Compared, Edition, Reading, Shelf, TemplateDecided, Version, VersionState
from domain.rules.access import may
from domain.rules.templates import TAGS
from domain.templates import Audience
from domain.values import Capability, Person
from handlers import ids, vocabulary
from handlers.escaping import escape, escape_lines
from handlers.presenters.differing import Places, difference_blocks, summary
from handlers.presenters.documents import document_blocks
from handlers.presenters.in_words import change_lines
from handlers.presenters.reader import Reader
from handlers.presenters.segments import settings_button
from handlers.presenters.simulation_book import ahead_button
from handlers.seal import Kind, Signet
from handlers.views.blocks import (
    Block,
    Button,
    Confirm,
    Option,
    Page,
    View,
    actions,
    context,
    divider,
    exact,
    header,
    section,
)
from handlers.views.forms import Menu, about, controls, is_editable

DISCARDED = "🗄️ *Discarded.* It can still be read, and does not come into force."
_MENU = 100
_AUDIENCES = {Audience.SALES: "for Sales", Audience.CSM: "for Customer Success"}
_SIGNS = {VersionState.DRAFT: "📝", VersionState.LIVE: "✅", VersionState.RETIRED: "🗄️"}


def title_of(version: Version) -> str:
    return escape(version.name, 100) if version.is_template else vocabulary.SHELVES[version.edition.shelf]


def named(edition: Edition, name: str) -> str:
    """A version in a sentence: `“Friendly check-in”, version 2`."""
    what = f"“{escape(name, 100)}”" if edition.shelf is Shelf.TEMPLATE else f"the {edition.shelf.value}"
    return f"{what}, version {edition.number}"


def catalogue_page(catalogue: Catalogue, *, signet: Signet) -> Page:
    blocks: list[Block] = [context("The texts that nudges are sent with. Only approved versions can be chosen.")]
    for versions in catalogue.templates:
        newest = versions[0]
        live = next((one for one in versions if one.state is VersionState.LIVE), None)
        drafts = [one for one in versions if one.state is VersionState.DRAFT]
        lines = [f"*{title_of(newest)}*"]
        if newest.audience:
            lines[0] += f" · {_AUDIENCES[newest.audience]}"
        lines.append(f"✅ version {live.edition.number} is in use" if live else "Nobody can nudge with it now")
        lines += [f"📝 version {one.edition.number} is a draft: {_waits_for(one)}" for one in drafts[:3]]
        shown = drafts[0] if drafts and _may_decide(catalogue.reader) else live or newest
        value = signet.close(Kind.EDITION, str(shown.edition))
        read = Button("Read", ids.TEXT_OPEN, value, label=f"Read {escape(newest.name, 60)}")
        blocks.append(section("\n".join(lines), beside=read))
    if not catalogue.templates:
        blocks.append(section("There are no texts yet."))
    return Page("Templates", "Templates", tuple(blocks))


def _may_decide(person: Person) -> bool:
    return may(person, Capability.EDIT_POLICIES) or may(person, Capability.SIGN_OFF_POLICIES)


def _waits_for(version: Version) -> str:
    missing = [] if version.approved_by else ["the Controller's approval"]
    if version.needs_legal and not version.signed_off_by:
        missing.append("Legal's sign-off")
    return f"it waits for {' and '.join(missing)}" if missing else "complete"


def reading_view(reading: Reading, *, reader: Reader, signet: Signet, at: datetime, notice: str = "") -> View:
    """`notice` is what the last click in this window did."""
    version = reading.version
    blocks: list[Block] = [section(notice)] if notice else []
    if version.is_template:  # of a document the window's title is the name
        blocks.append(header(title_of(version)))
    blocks.append(context(_standing(reading, reader, at)))
    blocks += _body(reading, reader, signet)
    blocks += [divider(), *_controls(reading, signet)]
    blocks += _comments(reading.comments, reader, at)
    page = Page(vocabulary.SHELVES[version.edition.shelf], title_of(version), tuple(blocks))
    return about(page, metadata=signet.close(Kind.EDITION, str(version.edition)))


def _standing(reading: Reading, reader: Reader, at: datetime) -> str:
    version, current = reading.version, reading.current
    number, newest = version.edition.number, reading.versions[0].edition.number
    parts = [f"Version {number}" + (f" of {newest}" if newest != number else "")]
    state = f"{_SIGNS[version.state]} {_state(version)}"
    if version.state is VersionState.LIVE:
        is_current = current is not None and current.edition == version.edition
        by_now = "in use" if is_current else f"version {current.edition.number} is in use" if current else ""
        state = f"{_SIGNS[version.state]} {'approved' if version.is_template else 'published'}, {by_now}"
    parts.append(state)
    for said, who, when in (
        ("written", version.made_by, version.made_at),
        ("approved" if version.is_template else "published", version.approved_by, version.approved_at),
        ("signed off for Legal", version.signed_off_by, version.signed_off_at),
    ):
        if who and (said != "published" or who != version.made_by):
            parts.append(f"{said} by {_name(who, reading)}" + (f", {reader.moment(when, at)}" if when else ""))
    if version.state is VersionState.DRAFT and version.is_template:
        parts.append(_waits_for(version))
    return " · ".join(parts)


def _state(version: Version) -> str:
    is_discarded = version.state is VersionState.RETIRED and not version.is_complete
    return "set aside" if is_discarded else vocabulary.VERSION_STATES[version.state]


_NOBODY = {"installation": "the installation's settings", "Plixo default": "Plixo itself"}
"""Who wrote or approved what no person did."""


def _name(who: str, reading: Reading) -> str:
    return _NOBODY.get(who) or escape(reading.names.get(who, who), 80)


def _body(reading: Reading, reader: Reader, signet: Signet) -> list[Block]:
    version = reading.version
    if reading.letter is not None:
        letter = reading.letter
        audience = f" · {_AUDIENCES[version.audience]}" if version.audience else ""
        tags = " ".join(f"{{{tag}}}" for tag in TAGS)
        return [
            section(f"*Tone* {escape(letter.tone, 40)}{audience}\n*Subject* {escape(letter.subject, 300)}"),
            *exact(escape_lines(letter.body)),
            context(f"Merge tags are filled when the mail leaves. There are: {tags}"),
        ]
    if reading.content is None:
        return exact(escape_lines(version.text)) or [section("Nothing stands here.")]
    blocks = document_blocks(reading.content, version.text, reader, reading.titles, _settings(reading, signet))
    if version.state is VersionState.DRAFT:
        blocks.insert(0, section("📝 *A draft.* Nothing works by it until it is published."))
    elif reading.versions[0].state is VersionState.DRAFT:
        number = reading.versions[0].edition.number
        blocks.insert(0, context(f"📝 Version {number} is a draft that waits; choose it under _Another version_."))
    return blocks


def _settings(reading: Reading, signet: Signet) -> Callable[[int, str], Button] | None:
    """Beside the segments that count, for those who set them."""
    version, current = reading.version, reading.current
    if current is None or current.edition != version.edition or not may(reading.reader, Capability.SET_SEGMENTS):
        return None
    number = version.edition.number
    return lambda index, name: settings_button(number, index, name, signet=signet)


def _controls(reading: Reading, signet: Signet) -> list[Block]:
    version, person = reading.version, reading.reader
    value = signet.close(Kind.EDITION, str(version.edition))
    rows: list[Block] = []
    if deciding := _deciding(reading, value, signet):
        rows.append(actions(deciding))
    asking = [Button("Comment", ids.TEXT_COMMENT, value)] if may(person, Capability.COMMENT) else []
    if is_editable(version.text):
        asking.append(Button("Request a change", ids.TEXT_CHANGE, value))
    if version.is_template:
        asking.append(Button("All templates", ids.TEXT_LIST, signet.close(Kind.SHELF, Shelf.TEMPLATE.value)))
    if asking:
        rows.append(actions(asking))
    if len(reading.versions) > 1:
        rows.append(controls(*_menus(version, reading.versions, signet)))
    return rows


def _deciding(reading: Reading, value: str, signet: Signet) -> list[Button]:
    version, person = reading.version, reading.reader
    if version.state is VersionState.RETIRED:
        return []
    discard = Button("Discard", ids.TEXT_DISCARD, value, style="danger", confirm=_DISCARDING)
    if not version.is_template:
        waits = version.state is VersionState.DRAFT and not _is_overtaken(reading)
        may_publish = may(person, Capability.EDIT_POLICIES)
        ahead = [ahead_button(version.edition, signet=signet)] if waits else []
        if not (waits and may_publish):
            return ahead
        publish = Button("Publish", ids.TEXT_PUBLISH, value, style="primary")
        return [publish, *ahead, discard]
    buttons = []
    if version.state is VersionState.DRAFT:
        if may(person, Capability.EDIT_POLICIES) and not version.approved_by:
            buttons.append(Button("Approve", ids.TEMPLATE_APPROVE, value, style="primary", confirm=_approving(version)))
        if may(person, Capability.SIGN_OFF_POLICIES) and version.needs_legal and not version.signed_off_by:
            buttons.append(Button("Sign off for Legal", ids.TEMPLATE_SIGN_OFF, value, style="primary"))
    if may(person, Capability.EDIT_POLICIES):
        retire = Button("Retire", ids.TEMPLATE_RETIRE, value, style="danger", confirm=_retiring(reading))
        buttons.append(discard if version.state is VersionState.DRAFT else retire)
    return buttons


def _is_overtaken(reading: Reading) -> bool:
    current = reading.current
    return current is not None and current.edition.number > reading.version.edition.number


_DISCARDING = Confirm("Discard this draft?", "It is set aside. Nothing else changes.", go="Discard", is_danger=True)


def _approving(version: Version) -> Confirm:
    waits = version.needs_legal and not version.signed_off_by
    then = "once Legal has signed it off, too" if waits else "at once"
    return Confirm("Approve this text?", f"Nudges can be sent with it {then}.", go="Approve")


def _retiring(reading: Reading) -> Confirm:
    version = reading.version
    left = [
        one
        for one in reading.versions
        if one.state is VersionState.LIVE and one.edition.number != version.edition.number
    ]
    if left:
        then = f"Nudges go on with version {left[0].edition.number}. What is queued with this one is not sent."
    else:
        then = "Nobody can nudge with this template then, and what is queued with it is not sent."
    return Confirm("Retire this version?", then, go="Retire", is_danger=True)


def _menus(version: Version, versions: tuple[Version, ...], signet: Signet) -> list[Menu]:
    options = [_option(one, signet) for one in versions[:_MENU]]
    others = [one for one in versions[:_MENU] if one.edition != version.edition]
    chosen = next((index for index, one in enumerate(versions) if one.edition == version.edition), None)
    return [
        Menu(ids.TEXT_VERSION, "Another version", tuple(options), chosen),
        Menu(ids.TEXT_COMPARE, "Compare with …", tuple(_option(one, signet) for one in others)),
    ]


def _option(version: Version, signet: Signet) -> Option:
    state = _state(version)
    if version.state is VersionState.LIVE and not version.is_template:
        state = "published"
    return Option(f"Version {version.edition.number} ({state})", signet.close(Kind.NUMBER, version.edition.number))


def _comments(comments: tuple[Comment, ...], reader: Reader, at: datetime) -> list[Block]:
    if not comments:
        return []
    blocks: list[Block] = [section(f"*Comments on this version* ({len(comments)})")]
    for one in comments:
        lines = [f"*{escape(one.author, 80)}*, {reader.moment(one.at, at)}", escape_lines(one.body, 1_200)]
        if one.answer is not None:
            when = f", {reader.moment(one.answered_at, at)}" if one.answered_at else ""
            lines += [f"↳ *{escape(one.answered_by or '', 80)}*{when}", escape_lines(one.answer, 1_200)]
        else:
            lines.append("_Not answered yet._")
        blocks.append(section("\n".join(lines)))
    return blocks


def compared_view(compared: Compared, places: Places, *, signet: Signet) -> View:
    """A page of what changed from one version to the other, in the text's own window or in one over a form."""
    older, newer = compared.older, compared.newer
    names = (f"Version {older.edition.number}", f"Version {newer.edition.number}")
    token = signet.close(Kind.EDITION, str(newer.edition))
    back = [divider(), actions([Button("Read the text", ids.TEXT_OPEN, token)])] if places.is_in_place else []
    blocks = [
        header(title_of(newer)),
        context(f"From version {older.edition.number} to {newer.edition.number}: {summary(compared.hunks)}"),
        *difference_blocks(
            compared.hunks,
            left=names[0],
            right=names[1],
            places=places,
            signet=signet,
            words=change_lines(compared.contents),
        ),
        *back,
    ]
    return about(Page("What changed", title_of(newer), tuple(blocks)), metadata=token)


def decided_words(outcome: TemplateDecided) -> str:
    """What a click on Approve, Sign off or Retire did."""
    version = outcome.reading.version
    match version.state:
        case VersionState.RETIRED:
            return "🗄️ *Retired.* Nobody can nudge with this version any more."
        case VersionState.LIVE:
            return "✅ *Approved.* Nudges can be sent with this version now."
        case VersionState.DRAFT:
            return f"✅ *Noted.* It stays a draft: {_waits_for(version)}."
