"""How the policy document's tree is read, and written again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.charter import TEMPLATES, Wording
from domain.library import Version
from domain.policies import Content, DocumentKind
from domain.rules.documents import content_of
from domain.rules.fields import Fields, NotAsAgreed, Path, each
from domain.rules.letters import SUBJECT_AT_MOST, Letter, missing_tag, unknown_tag
from domain.templates import Audience

TEXT_AT_MOST = 10_000
_KEY = re.compile(r"[a-z0-9_]{1,64}")
_TONE_AT_MOST = 16
_NOTHING = f"Nothing stands here; a document has one or more of the sections {', '.join([*DocumentKind, TEMPLATES])}."


def charter_of(tree: object) -> tuple[dict[DocumentKind, Content], tuple[Wording, ...]]:
    """What the sections that are there say. Raises NotAsAgreed."""
    if tree == "":
        raise NotAsAgreed((), _NOTHING)
    fields = Fields(tree, ())
    contents = {}
    for kind in DocumentKind:
        given = fields.raw(kind.value, is_needed=False)
        if given is not None:
            contents[kind] = _below((kind.value,), kind, given)
    written = fields.raw(TEMPLATES, is_needed=False)
    fields.end()
    if not contents and written is None:
        raise NotAsAgreed((), _NOTHING)
    wordings = () if written is None else tuple(_wording(one) for one in each(written, (TEMPLATES,)))
    keys = [one.key for one in wordings]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            raise NotAsAgreed((TEMPLATES, index, "key"), f"There are two with the key “{key}”; each has its own.")
    return contents, wordings


def _below(path: Path, kind: DocumentKind, tree: object) -> Content:
    try:
        return content_of(kind, tree)
    except NotAsAgreed as error:
        raise NotAsAgreed((*path, *error.path), error.sentence) from error


def _wording(fields: Fields) -> Wording:
    key = fields.text("key")
    if not _KEY.fullmatch(key):
        raise fields.wrong("key", f"A key is small letters, digits and “_”, such as friendly_check_in; “{key}” is not.")
    subject = fields.text("subject", at_most=SUBJECT_AT_MOST)
    body = fields.text("text", at_most=TEXT_AT_MOST)
    letter = Letter(fields.text("tone", at_most=_TONE_AT_MOST), subject, body.strip() + "\n")
    if Letter.of(letter.text) != letter:
        raise fields.wrong("subject", "Tone and subject stand on one line each.")
    if (fault := unknown_tag(letter)) is not None:
        sentence = f"There is {fault.words}, which no mail can fill."
        if not fault.line:
            raise fields.wrong("subject", sentence)
        above = body[: len(body) - len(body.lstrip())].count("\n")
        raise NotAsAgreed((*fields.path, "text", above + fault.line), sentence)
    if (fault := missing_tag(letter)) is not None:
        raise fields.wrong("text", f"Every reminder needs {fault.words}; put the tag in.")
    wording = Wording(
        key=key,
        name=fields.text("name"),
        audience=fields.one_of("audience", Audience),
        letter=letter,
        needs_legal=bool(fields.text("needs_legal", otherwise="")) and fields.yes_or_no("needs_legal"),
    )
    fields.end()
    return wording


def trees_of(templates: Iterable[Version]) -> list[dict[str, object]]:
    """The tree of each template, that reads as it. Raises InvalidValue for one that is no letter."""
    return [_tree_of(one) for one in templates]


def _tree_of(version: Version) -> dict[str, object]:
    letter = Letter.of(version.text)
    if letter is None:
        raise NotAsAgreed((version.edition.key,), "This template has no subject or no text.")
    tree: dict[str, object] = {
        "key": version.edition.key,
        "name": version.name,
        "audience": (version.audience or Audience.SALES).value,
        "tone": letter.tone,
        "subject": letter.subject,
        "text": letter.body,
    }
    return tree | ({"needs_legal": "yes"} if version.needs_legal else {})
