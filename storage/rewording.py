"""A segments' text with other values in one segment: the other lines stay, with their comments and their layout.

Where a value cannot be put in its place (in curly brackets, say), the document is written anew: what it says counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from domain.policies import DocumentKind
from storage.notation import Tree, read_document, read_tree, write_document


@dataclass(frozen=True, slots=True)
class _Edit:
    """What takes the place of `[start, end)`."""

    start: int
    end: int
    text: str


def reworded(text: str, index: int, values: Mapping[str, str | None]) -> str:
    """`values` of the segment at `index`, by name; None takes one out. The text is a segments' document that reads."""
    anew = _anew(text, index, values)
    edited = text
    # From the end on, so that places stay; what is put into one place comes in the order of the values.
    edits = reversed(list(_edits(text, index, values)))
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        edited = edited[: edit.start] + edit.text + edited[edit.end :]
    says, wanted = (read_document(DocumentKind.SEGMENTS, one) for one in (edited, anew))
    return edited if says == wanted else anew


def _anew(text: str, index: int, values: Mapping[str, str | None]) -> str:
    read = read_tree(text)
    assert isinstance(read, Tree) and isinstance(read.tree, list)
    tree = list(read.tree)
    tree[index] = {name: value for name, value in (tree[index] | values).items() if value is not None}
    return write_document(tree)


def _edits(text: str, index: int, values: Mapping[str, str | None]) -> Iterator[_Edit]:
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    assert isinstance(root, yaml.SequenceNode)
    node = root.value[index]
    there = {key.value: (key, value) for key, value in node.value}
    mode, value_of_mode = there["mode"]
    for name, value in values.items():
        if name in there:
            key, present = there[name]
            if value is None:
                start = text.rfind("\n", 0, key.start_mark.index) + 1
                yield _Edit(start, _line_end(text, present.end_mark.index) + 1, "")
            elif present.value != value:
                yield _Edit(present.start_mark.index, present.end_mark.index, value)
        elif value is not None and node.flow_style:
            yield _Edit(value_of_mode.end_mark.index, value_of_mode.end_mark.index, f", {name}: {value}")
        elif value is not None:
            end = _line_end(text, value_of_mode.end_mark.index)
            yield _Edit(end, end, f"\n{' ' * mode.start_mark.column}{name}: {value}")


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found
