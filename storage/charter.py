"""How the policy document is written: one text, from which each section is taken out as a text of its own.

A section keeps its comments and its layout, less the blanks by which it is moved in, so that the differences people
see are what somebody changed. Where that cannot be (a section in curly brackets, say), it is written anew.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from domain.charter import TEMPLATES, Charter, Section
from domain.policies import Content, DocumentKind, Unreadable
from domain.rules.charter import charter_of
from domain.rules.fields import NotAsAgreed
from storage.notation import Tree, read_document, read_tree, write_document

LONGEST = 200_000
_HEAD = """\
# What is decided about chasing: apply it with `plixo policy apply`, then publish it.
# A section, or a template, that is left out stays as it is.
"""


def read_charter(text: str) -> Charter | Unreadable:
    """What the document says, or why it says nothing. Never raises, whatever the text is."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    tree = read_tree(text, longest=LONGEST)
    if isinstance(tree, Unreadable):
        return tree
    try:
        contents, wordings = charter_of(tree.tree)
    except NotAsAgreed as error:
        return Unreadable(error.sentence, tree.line_of(error.path))
    sections = {kind: Section(_own_text(kind, content, text, tree), content) for kind, content in contents.items()}
    return Charter(sections, wordings, tree.lines)


def write_charter(texts: Mapping[DocumentKind, str], templates: Sequence[Mapping[str, object]]) -> str:
    """The document that reads as these texts, each the document of its kind, and these trees of templates.

    A text that is no document any more is written as it stands: `read_charter` tells what is wrong with it.
    """
    parts = [_HEAD]
    parts += [f"{kind.value}:\n{_moved_in(kind, texts[kind])}" for kind in DocumentKind if kind in texts]
    if templates:
        parts.append(_dumped({TEMPLATES: list(templates)}))
    return "\n".join(parts)


def _own_text(kind: DocumentKind, content: Content, text: str, tree: Tree) -> str:
    """The section as it was written, if that still says the same by itself."""
    lines = text.split("\n")
    starts = {name: tree.lines[name,] for name in tree.tree} if isinstance(tree.tree, dict) else {}
    first = starts[kind.value]
    last = min((line for line in starts.values() if line > first), default=len(lines) + 1)
    own = lines[first : last - 1]
    while own and (not own[-1].strip() or own[-1].startswith(("#", "..."))):
        own.pop()  # what stands there belongs to the next section
    written = textwrap.dedent("\n".join(own)) + "\n"
    if own and read_document(kind, written) == content:
        return written
    whole = tree.tree[kind.value] if isinstance(tree.tree, dict) else {}
    return write_document(whole)


def _moved_in(kind: DocumentKind, text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    moved = textwrap.indent(plain, "  ") + "\n"
    content = read_document(kind, text)
    if isinstance(content, Unreadable):
        return moved
    again = read_charter(f"{kind.value}:\n{moved}")
    if isinstance(again, Charter) and again.sections[kind].content == content:
        return moved
    tree = read_tree(text)
    written = write_document(tree.tree) if isinstance(tree, Tree) else plain
    return textwrap.indent(written, "  ")


class _Dumper(yaml.SafeDumper):
    """Several lines stand below each other, and not between quotation marks."""


def _lines(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _lines)


def _dumped(tree: Any) -> str:
    return str(yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000))
