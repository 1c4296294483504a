"""Policy documents for tests: the default one, and any that can be made."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from domain.library import Edition, Shelf, Version, VersionState
from domain.policies import AGEING, RISKS, DocumentKind, Mode, Tone
from domain.rules.charter import trees_of
from domain.rules.letters import Letter
from domain.templates import Audience
from storage.charter import write_charter
from storage.defaults import default_documents, default_templates
from storage.notation import write_document
from tests.builders import make_policy_text
from tests.unit.rules.test_documents import terms, tree_of


def make_versions() -> list[Version]:
    """The default templates, as the library keeps them."""
    return [
        Version(
            edition=Edition(Shelf.TEMPLATE, 1, one.key),
            text=Letter(one.tone, one.subject, one.body).text,
            state=VersionState.LIVE,
            made_by=None,
            made_at=None,
            name=one.name,
            audience=one.audience,
        )
        for one in default_templates()
    ]


TEXTS = {DocumentKind.POLICY: make_policy_text()} | default_documents()
CHARTER = write_charter(TEXTS, trees_of(make_versions()))
"""What a new organisation exports."""

words = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" '\"#:-"), min_size=1, max_size=20).map(
    str.strip
)
names = words.filter(bool)
_lists = st.lists(names, max_size=3)
_amounts = st.none() | st.integers(0, 10**6)


@st.composite
def _segments(draw: Any, cadences: list[str]) -> Any:
    segments = []
    for name in draw(st.lists(names, min_size=1, max_size=5, unique=True)):
        least, more = draw(_amounts), draw(st.none() | st.integers(1, 10**6))
        when = {
            "ageing": draw(st.lists(st.sampled_from(AGEING), max_size=3)),
            "balance_from": str(least) if least is not None else "",
            "balance_to": str((least or 0) + more) if more is not None else "",
            "industries": draw(_lists),
            "regions": draw(_lists),
            "risks": draw(st.lists(st.sampled_from(RISKS), max_size=2)),
        }
        mode = draw(st.sampled_from(Mode))
        cap, quiet = draw(st.none() | st.integers(1, 999)), draw(st.sampled_from(["", "20:00-07:00"]))
        own = {"daily_cap": str(cap) if cap is not None else "", "quiet_hours": quiet}
        cadence = draw(st.sampled_from(cadences))
        segments.append({"name": name, "when": when, "mode": mode.value, "cadence": cadence, **own})
    return segments


@st.composite
def trees(draw: Any) -> dict[DocumentKind, Any]:
    """Trees of all three documents that can be read, whether they fit together or not."""
    cadences = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    return {
        DocumentKind.POLICY: tree_of(draw(terms)),
        DocumentKind.SEGMENTS: draw(_segments(cadences)),
        DocumentKind.CADENCES: [
            {
                "name": name,
                "steps": [
                    {"day": day, "template": draw(names), "tone": draw(st.sampled_from(Tone)).value}
                    for day in sorted(draw(st.sets(st.integers(-30, 365), min_size=1, max_size=4)))
                ],
            }
            for name in cadences
        ],
    }


bodies = st.lists(st.text(st.characters(exclude_categories=["C"], exclude_characters="{}"), max_size=30), max_size=4)


@st.composite
def letters(draw: Any) -> dict[str, object]:
    lines = draw(bodies)
    lines.insert(draw(st.integers(0, len(lines))), "{pay_link}")
    return {
        "key": draw(st.text("abc_09", min_size=1, max_size=20)),
        "name": draw(names),
        "audience": draw(st.sampled_from(Audience)).value,
        "tone": draw(st.sampled_from(Tone)).value,
        "subject": f"{draw(names.filter(lambda name: not set(name) & set('{}')))} {{invoice_number}}",
        "text": "\n".join(lines),
    }


def flowed(tree: Any) -> str:
    """The same tree in brackets, as somebody may write it."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {flowed(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(flowed, tree)) + "]"
    escaped = str(tree).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def block(tree: Any) -> str:
    return write_document(tree)
