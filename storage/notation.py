"""How documents are written: YAML, of which only lists, names and plain texts count.

Every leaf is read as the text that stands there (no country becomes `False`), and what is wrong is told with its line.
Anchors and aliases are refused: nobody needs them, and a small text with them can stand for an enormous one.
"""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from domain.policies import Content, DocumentKind, Unreadable
from domain.rules.documents import NotAsAgreed, Path, content_of

LONGEST = 100_000
DEEPEST = 10
_WIDTH = 100


def read_document(kind: DocumentKind, text: str) -> Content | Unreadable:
    """What the document says, or why it says nothing."""
    if len(text) > LONGEST:
        return Unreadable(f"A document may have {LONGEST:,} characters.")
    lines: dict[Path, int] = {}
    try:
        strange = _strange(text)
        if strange is not None:
            return strange
        tree = _plain(yaml.compose(text, Loader=yaml.BaseLoader), (), lines)
        return content_of(kind, tree)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Unreadable(
            "This is no YAML; look at the blanks at the beginning, the colons and the brackets.",
            mark.line + 1 if mark else None,
        )
    except yaml.YAMLError:
        return Unreadable("There are characters in it that cannot be seen; please type it anew.")
    except NotAsAgreed as error:
        return Unreadable(error.sentence, _line_of(error.path, lines))


def write_document(tree: Mapping[str, object]) -> str:
    """The text of a tree, its names in their order."""
    return str(yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, default_flow_style=None, width=_WIDTH))


def _strange(text: str) -> Unreadable | None:
    """What is YAML and yet no document of ours, found before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return Unreadable("Write it out: “&” and “*” names are not used here.", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            return Unreadable("This is nested too deeply.", line)
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
                name = str(key.value)
                lines[*path, name] = key.start_mark.line + 1
                if name in tree:
                    raise NotAsAgreed((*path, name), f"“{name}” stands here twice.")
                tree[name] = _plain(value, (*path, name), lines)
                lines[*path, name] = key.start_mark.line + 1
            return tree
        case yaml.SequenceNode():
            return [_plain(one, (*path, index), lines) for index, one in enumerate(node.value)]
        case _:
            return str(node.value)


def _line_of(path: Path, lines: Mapping[Path, int]) -> int | None:
    """Of what is wrong, else of what it stands in."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path)
