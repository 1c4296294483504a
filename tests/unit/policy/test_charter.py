"""The policy document: read strictly, written so that it reads as what it was written from, and never a traceback."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.charter import Charter
from domain.policies import DocumentKind, Unreadable
from domain.rules.charter import trees_of
from storage.charter import LONGEST, read_charter, write_charter
from storage.notation import read_document, write_document
from tests.unit.policy.writing import CHARTER, TEXTS, block, flowed, letters, make_versions, trees

ROOT = Path(__file__).parents[3]


def read(text: str) -> Charter:
    charter = read_charter(text)
    assert isinstance(charter, Charter), charter
    return charter


def test_the_document_reads_as_what_it_was_written_from() -> None:
    charter = read(CHARTER)
    assert {kind: section.text for kind, section in charter.sections.items()} == TEXTS, "comments and layout too"
    said = {one.key: (one.name, one.audience, one.letter.text) for one in charter.wordings}
    assert said == {one.edition.key: (one.name, one.audience, one.text) for one in make_versions()}


def test_a_section_that_is_left_out_is_left_alone() -> None:
    assert set(read(f"segments:\n{TEXTS[DocumentKind.SEGMENTS]}").sections) == {DocumentKind.SEGMENTS}
    assert read(f"segments:\n{TEXTS[DocumentKind.SEGMENTS]}").wordings == ()


def test_a_section_is_taken_out_with_its_comments() -> None:
    steps = "steps: [{day: 3, template: x, tone: Formal}]\n"
    text = f"# all\ncadences:  # ours\n    # gentle\n    - name: Gentle\n      {steps}\n# mine\n"
    section = read(text).sections[DocumentKind.CADENCES]
    assert section.text == f"# gentle\n- name: Gentle\n  {steps}"


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs/examples").glob("policy*.yaml")))
def test_the_example_is_sound(name: str) -> None:
    charter = read((ROOT / "docs/examples" / name).read_text())
    assert set(charter.sections) == set(DocumentKind) and charter.wordings


def test_there_is_an_example() -> None:
    assert list((ROOT / "docs/examples").glob("policy*.yaml"))


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("policy:", "policies:", "did you mean “policy”"),
        ("daily_cap: 50", "daily_cap: many", "“many”"),
        ("minimum_balance: '1'", "minimum_balance: 1e-999999", "amount"),
        ("mode: off", "mode: on", "off, shadow, autopilot"),
        ("day: 14", "day: 1", "go up"),
        ("key: overdue_reminder", "key: friendly_check_in", "two with the key"),
        ("key: overdue_reminder", "key: Overdue reminder", "small letters"),
        ("audience: csm", "audience: boss", "sales, csm"),
        ("due on {due_date}", "due on {due}", "{due} in line 3"),
        ("subject: Invoice {invoice_number} was", "subject: Invoice {number} was", "{number} in the subject"),
        ("    {sender_name}\n", "    {sender_name}\n    }\n", "a lone }"),
        ("tone: Formal\n", "tone: [Formal]\n", "some words for tone"),
        ("'Before your renewal: invoice {invoice_number}'", '"a\\nb {invoice_number}"', "one line each"),
        ("cadence: Firm", 'cadence: "\\ud800"', "cannot be seen"),
        ("cadence: Firm", 'cadence: "\\0"', "cannot be seen"),
        ("cadence: Firm", 'cadence: "\\UFFFFFFFF"', "no character"),
        ("segments:", "---\nsegments:", "One document only"),
        ("  - name: Late", "  - ? [Late]\n    : x\n    name: Late", "stands before each colon"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(was: str, now: str, words: str) -> None:
    assert was in CHARTER
    said = read_charter(CHARTER.replace(was, now, 1))
    assert isinstance(said, Unreadable), said
    assert words in said.sentence
    if words != "no character":
        changed = CHARTER[: CHARTER.index(was)].count("\n") + 1
        assert said.line is not None and changed <= said.line <= changed + 3


# -- whatever is written reads back --


@settings(max_examples=30)
@given(trees(), st.lists(letters(), max_size=3, unique_by=lambda one: one["key"]), st.sampled_from([block, flowed]))
def test_whatever_can_be_said_is_written_and_read(
    said: dict[DocumentKind, Any], texts: list[dict[str, object]], notation: Any
) -> None:
    kept = {kind: notation(tree) for kind, tree in said.items()}
    contents = {kind: read_document(kind, text) for kind, text in kept.items()}
    assert not any(isinstance(content, Unreadable) for content in contents.values()), contents
    charter = read(write_charter(kept, texts))
    assert {kind: section.content for kind, section in charter.sections.items()} == contents
    assert {kind: read_document(kind, section.text) for kind, section in charter.sections.items()} == contents
    again = read(write_charter({kind: section.text for kind, section in charter.sections.items()}, texts))
    assert (again.sections, again.wordings) == (charter.sections, charter.wordings)


@pytest.mark.parametrize("odd", ["--- \n{}\n...\n", "%YAML 1.1\n---\n{}", "\n\n   # x\n{}", "{}".replace("\n", "\r\n")])
def test_odd_layouts_are_written_anew(odd: str) -> None:
    tree = [{"name": "Gentle", "steps": [{"day": "3", "template": "x", "tone": "Formal"}]}]
    text = odd.replace("{}", flowed(tree))
    content = read_document(DocumentKind.CADENCES, text)
    assert not isinstance(content, Unreadable), content
    assert read(write_charter({DocumentKind.CADENCES: text}, [])).sections[DocumentKind.CADENCES].content == content


def test_a_text_that_cannot_be_read_is_exported_to_be_mended() -> None:
    said = read_charter(write_charter(TEXTS | {DocumentKind.SEGMENTS: "- name: x\n  mode: on"}, []))
    assert isinstance(said, Unreadable) and "off, shadow, autopilot" in said.sentence


# -- anything else is a sentence with a line, soon --


def accepted_or_told(text: str) -> Charter | Unreadable:
    """Accepted and the same again, or one sentence; a line wherever there is a place."""
    begun = process_time()
    said = read_charter(text)
    assert process_time() - begun < 10, "a document takes as long as it is, whatever stands in it"
    if isinstance(said, Unreadable):
        assert said.sentence and len(said.sentence) < 600 and "\n" not in said.sentence.strip()
        assert said.line is None or 1 <= said.line <= text.count("\n") + text.count("\r") + 40
        return said
    texts = {kind: section.text for kind, section in said.sections.items()}
    again = read_charter(write_charter(texts, []) if texts else text)
    assert isinstance(again, Charter)
    assert {kind: one.content for kind, one in again.sections.items()} == {
        kind: one.content for kind, one in said.sections.items()
    }
    return said


PIECES = """policy: segments: cadences: templates: - name: steps: { } [ ] &a *a <<: !!python/object | > ' " \\U # , ---
%YAML -1 0x10 1e999999999 day: 3 mode: off when: ? : key: text: warm_up: 18:00-08:00"""
pieces = st.sampled_from([*PIECES.split(), "\n", "  ", "- ", ": ", "\t", "\r", "\u2028", "\x85", "9" * 40])


@given(st.text() | st.lists(pieces | st.text(max_size=3), max_size=40).map("".join))
def test_any_text(text: str) -> None:
    accepted_or_told(text)


leaves = st.text(max_size=10) | st.sampled_from(["", "Firm", "1-30", "off", "9" * 500, "1e-400000", "Europe/Berlin"])
known = st.sampled_from("policy segments cadences templates name when steps mode key text warm_up zone".split())
any_trees = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(known, inner, max_size=4))


@given(st.dictionaries(known, any_trees, max_size=4))
def test_any_tree(tree: dict[str, Any]) -> None:
    accepted_or_told(write_document(tree))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(CHARTER)), st.integers(0, 30), pieces | st.text(max_size=4)), max_size=4))
def test_a_good_document_with_something_changed(changes: list[tuple[int, int, str]]) -> None:
    text = CHARTER
    for place, length, piece in changes:
        text = text[:place] + piece + text[place + length :]
    accepted_or_told(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * LONGEST,
        "{" * LONGEST,
        "- " * (LONGEST // 2),
        "? " * (LONGEST // 2),
        "a: " * (LONGEST // 3),
        "policy: " + "[" * 50_000 + "]" * 50_000,
        "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        "policy:\n" + "".join(f"  k{number}: 1\n" for number in range(3_000)),
        "x" * LONGEST + ": 1",
        "policy:\n  " + "z" * 100_000 + ": 1\n",
        "policy:\n  daily_cap: " + "9" * 100_000 + "\n",
        "segments:\n" + "".join(f"- {{name: s{number}, mode: off}}\n" for number in range(2_000)),
        "segments:\n- {name: a, mode: off, when: {industries: [" + "x, " * 5_000 + "x]}}\n",
        "cadences:\n- name: a\n  steps: [" + "{day: 1, template: x, tone: Formal}, " * 1_000 + "]\n",
        "policy: !!python/object/apply:os.system [ls]\n",
        "templates:\n- {key: a, name: a, audience: sales, tone: Formal, subject: s, text: '" + "{" * 9_000 + "'}\n",
        "%YAML 1." + "9" * 5_000 + "\n---\npolicy: x\n",
        "policy: " + "'" * LONGEST,
        "x" * (LONGEST + 1),
    ],
    ids=range(19),
)
def test_what_is_meant_to_hurt(text: str) -> None:
    assert isinstance(accepted_or_told(text), Unreadable)


def test_trees_of_templates_are_in_their_order() -> None:
    assert [tree["key"] for tree in trees_of(make_versions())] == [one.edition.key for one in make_versions()]
