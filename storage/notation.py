"""How documents are written: YAML, of which only lists, names and plain texts count.

Every leaf is read as the text that stands there (no country becomes `False`), and what is wrong is told with its line.
Anchors and aliases are refused: nobody needs them, and a small text with them can stand for an enormous one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category

import yaml
import yaml.reader

from domain.policies import Content, DocumentKind, Unreadable
from domain.rules.documents import content_of
from domain.rules.fields import NotAsAgreed, Path

LONGEST = 100_000
DEEPEST = 10
_WIDTH = 100
_HIDDEN = frozenset({"Cc", "Cs"})
_UNSEEN = "There are characters in it that cannot be seen; please type it anew."


@lru_cache(maxsize=64)
def read_document(kind: DocumentKind, text: str) -> Content | Unreadable:
    """What the document says, or why it says nothing.

    Autopilot's jobs ask for what is in force at every beat, and parsing it takes longer than all that they ask the
    database; so what was read is kept. It cannot change: neither the text nor what it says.
    """
    tree = read_tree(text)
    if isinstance(tree, Unreadable):
        return tree
    try:
        return content_of(kind, tree.tree)
    except NotAsAgreed as error:
        return Unreadable(error.sentence, tree.line_of(error.path))


@dataclass(frozen=True, slots=True)
class Tree:
    """The plain tree of a text, and the line (from 1) on which each of its parts begins."""

    tree: object
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int | None:
        """Of what is wrong, else of what it stands in."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)


def read_tree(text: str, *, longest: int = LONGEST) -> Tree | Unreadable:
    """Never raises, whatever the text is; takes a time that grows with its length."""
    if len(text) > longest:
        return Unreadable(f"A document may have {longest:,} characters.")
    lines: dict[Path, int] = {}
    try:
        strange = _strange(text)
        if strange is not None:
            return strange
        return Tree(_plain(yaml.compose(text, Loader=yaml.BaseLoader), (), lines), lines)
    except NotAsAgreed as error:
        return Unreadable(error.sentence, Tree(None, lines).line_of(error.path))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Unreadable(
            "This is no YAML; look at the blanks at the beginning, the colons and the brackets.",
            mark.line + 1 if mark else None,
        )
    except yaml.reader.ReaderError as error:
        return Unreadable(_UNSEEN, text.count("\n", 0, error.position) + 1)
    except (ValueError, OverflowError):
        # What PyYAML itself stumbles over: an escape beyond the last character, a version of a thousand digits.
        return Unreadable("There is a “\\” or “%” in it that stands for no character; write the character itself.")


def write_document(tree: object) -> str:
    """The text of a tree, its names in their order."""
    return str(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, default_flow_style=None, width=_WIDTH))


def _strange(text: str) -> Unreadable | None:
    """What is YAML and yet no document of ours, found before anything is built from it."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return Unreadable("Write it out: “&” and “*” names are not used here.", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            return Unreadable("This is nested too deeply; a document needs six levels.", line)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if documents > 1:
            return Unreadable("One document only; leave out this “---”.", line)
    return None


def _plain(node: yaml.Node | None, path: Path, lines: dict[Path, int]) -> object:
    """Dicts, lists and texts; notes the line at which each begins. Raises NotAsAgreed for a name given twice."""
    if node is None:
        return ""
    lines[path] = node.start_mark.line + 1
    match node:
        case yaml.MappingNode():
            tree: dict[str, object] = {}
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    lines[*path, ""] = key.start_mark.line + 1
                    raise NotAsAgreed((*path, ""), "A name stands before each colon; this is a list or a group.")
                name = _seen(key, path, lines)
                lines[*path, name] = key.start_mark.line + 1
                if name in tree:
                    raise NotAsAgreed((*path, name), f"“{name[:100]}” stands here twice.")
                tree[name] = _plain(value, (*path, name), lines)
                lines[*path, name] = key.start_mark.line + 1
            return tree
        case yaml.SequenceNode():
            return [_plain(one, (*path, index), lines) for index, one in enumerate(node.value)]
        case _:
            text = _seen(node, path, lines)
            if isinstance(node, yaml.ScalarNode) and node.style == "|":  # each of its lines can be told
                lines |= {(*path, number): lines[path] + number for number in range(1, text.count("\n") + 1)}
            return text


def _seen(node: yaml.Node, path: Path, lines: dict[Path, int]) -> str:
    """A text in which everything can be seen, and stored: escapes can write what no file holds. Raises NotAsAgreed."""
    text = str(node.value)
    if any(category(char) in _HIDDEN and char not in "\n\t" for char in text):
        lines[*path, ""] = node.start_mark.line + 1
        raise NotAsAgreed((*path, ""), _UNSEEN)
    return text
