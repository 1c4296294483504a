"""Holds blocks and views against the tables of `rules` and says what is wrong, and where, as Slack does."""

from __future__ import annotations

import json
import re
from typing import Any, assert_never

from sandbox.kit import rules, whole
from sandbox.kit.schema import (
    BOTH,
    PLAIN,
    Bool,
    Confirm,
    Either,
    Element,
    Field,
    Group,
    Inner,
    Int,
    Many,
    Obj,
    OneOf,
    Option,
    Shape,
    Str,
    Text,
)


class Findings(list[str]):
    """What is wrong, each with its JSON pointer: `must be less than 151 characters [json-pointer:/blocks/0/...]`."""

    def add(self, words: str, at: str) -> None:
        self.append(f"{words} [json-pointer:{at}]")

    def messages(self) -> list[str]:
        """As in `response_metadata.messages`."""
        return [f"[ERROR] {one}" for one in self]


def check_blocks(blocks: Any, *, surface: str, at: str = "/blocks") -> Findings:
    """Everything wrong with the blocks of a message, a modal or a Home tab; empty when all is well."""
    found = Findings()
    limit = rules.BLOCKS_PER_SURFACE[surface]
    if not isinstance(blocks, list):
        found.add("must be an array", at)
        return found
    if len(blocks) > limit:
        found.add(f"no more than {limit} items allowed", at)
    for place, block in enumerate(blocks):
        check_block(block, surface=surface, at=f"{at}/{place}", found=found)
    if not found:
        whole.check_together(blocks, at=at, add=found.add)
    return found


def check_view(view: Any, *, kinds: tuple[str, ...], at: str = "/view") -> Findings:
    """Everything wrong with a view whose type must be one of `kinds`."""
    found = Findings()
    if not isinstance(view, dict):
        found.add("must provide an object", at)
        return found
    kind = view.get("type")
    if kind not in kinds:
        found.add(f"unsupported type: {kind}" if kind else "missing required field: type", f"{at}/type" if kind else at)
        return found
    if "blocks" not in view:
        found.add("missing required field: blocks", at)
    shape = rules.VIEWS[kind]
    check_fields({key: value for key, value in view.items() if key != "blocks"}, shape=shape, at=at, found=found)
    if "blocks" in view:
        found.extend(check_blocks(view["blocks"], surface=kind, at=f"{at}/blocks"))
        for place, block in enumerate(view["blocks"] if isinstance(view["blocks"], list) else []):
            if kind == "modal" and isinstance(block, dict) and block.get("type") == "input" and "submit" not in view:
                found.add("must define `submit` to use an `input` block in modals", f"{at}/blocks/{place}/input")
    return found


def view_bytes(view: dict[str, Any]) -> int:
    """The size Slack measures: the view as JSON."""
    return len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode())


def check_block(
    block: Any, *, surface: str | None, at: str, found: Findings, kinds: tuple[str, ...] | None = None
) -> None:
    if not isinstance(block, dict):
        found.add("must provide an object", at)
        return
    kind = block.get("type")
    shape = rules.BLOCKS.get(kind) if isinstance(kind, str) else None
    if "type" not in block:
        found.add("missing required field: type", at)
    elif shape is None or (kinds is not None and kind not in kinds) or (surface and surface not in shape.surfaces):
        found.add(f"unsupported type: {kind}", f"{at}/type")
    else:
        fields = {key: value for key, value in block.items() if key != "block_id"}
        if "block_id" in block:
            check_field(block["block_id"], rule=Str(max=255), at=f"{at}/block_id", found=found)
        check_fields(fields, shape=shape, at=at, found=found)


def check_fields(thing: dict[str, Any], *, shape: Shape, at: str, found: Findings) -> None:
    known: dict[str, Field] = {**shape.required, **shape.optional}
    for name in shape.required:
        if name not in thing:
            found.add(f"missing required field: {name}", at)
    for name, value in thing.items():
        if name == "type":
            continue
        if name not in known:
            found.add(f"invalid additional property: {name}", at)
        else:
            check_field(value, rule=known[name], at=f"{at}/{name}", found=found)
    if shape.one_of:
        given = [name for name in shape.one_of if name in thing]
        names = " or ".join(f"`{name}`" for name in shape.one_of)
        if not given:
            found.add(f"must define either {names}", f"{at}/type")
        elif shape.exclusive and len(given) > 1:
            found.add(f"must define only one of {names}", f"{at}/type")


def check_field(value: Any, *, rule: Field, at: str, found: Findings) -> None:
    match rule:
        case Text():
            _check_text(value, rule=rule, at=at, found=found)
        case Str():
            _check_string(value, rule=rule, at=at, found=found)
        case Bool():
            if not isinstance(value, bool):
                found.add("must be a boolean", at)
        case Int():
            if isinstance(value, bool) or not isinstance(value, int):
                found.add("must be an integer", at)
            elif not rule.min <= value <= rule.max:
                found.add(f"must be between {rule.min} and {rule.max}", at)
        case OneOf():
            if value not in rule.values:
                found.add("must be a valid enum value", at)
        case Obj():
            if not isinstance(value, dict):
                found.add("must provide an object", at)
        case Option() | Group() | Confirm():
            _check_object(value, shape=_shape_of(rule), at=at, found=found)
        case Element():
            _check_element(value, kinds=rule.kinds, at=at, found=found)
        case Inner():
            check_block(value, surface=None, kinds=rule.kinds, at=at, found=found)
        case Either():
            inner = isinstance(value, dict) and value.get("type") in BOTH
            check_field(value, rule=rule.text if inner else rule.element, at=at, found=found)
        case Many():
            _check_list(value, rule=rule, at=at, found=found)
        case _:
            assert_never(rule)


def _shape_of(rule: Option | Group | Confirm) -> Shape:
    match rule:
        case Group():
            return Shape(required={"label": Text(max=75), "options": Many(of=Option(), max=100)})
        case Confirm():
            words: dict[str, Field] = {name: Text(max=30) for name in ("confirm", "deny")}
            return Shape(
                required={"title": Text(max=100), "text": Text(max=300, kinds=BOTH), **words},
                optional={"style": OneOf(("primary", "danger"))},
            )
        case Option():
            optional: dict[str, Field] = {"description": Text(max=75, kinds=rule.kinds)}
            if rule.url:
                optional["url"] = Str(max=3000)
            return Shape(required={"text": Text(max=75, kinds=rule.kinds), "value": Str(max=150)}, optional=optional)


def _check_object(value: Any, *, shape: Shape, at: str, found: Findings) -> None:
    if not isinstance(value, dict):
        found.add("must provide an object", at)
    else:
        check_fields(value, shape=shape, at=at, found=found)


def _check_text(value: Any, *, rule: Text, at: str, found: Findings) -> None:
    if not isinstance(value, dict):
        found.add("must provide an object", at)
        return
    kind = value.get("type")
    if kind not in rule.kinds:
        found.add(f"unsupported type: {kind}" if kind else "missing required field: type", f"{at}/type" if kind else at)
        return
    extra: dict[str, Field] = {"emoji": Bool()} if kind in PLAIN else {"verbatim": Bool()}
    shape = Shape(required={"text": Str(max=rule.max, min=rule.min)}, optional=extra)
    check_fields(value, shape=shape, at=at, found=found)


def _check_string(value: Any, *, rule: Str, at: str, found: Findings) -> None:
    if not isinstance(value, str):
        found.add("must be a string", at)
    elif len(value) > rule.max:
        found.add(f"must be less than {rule.max + 1} characters", at)
    elif len(value) < rule.min:
        found.add(f"must be more than {rule.min - 1} characters", at)
    elif rule.pattern and not re.fullmatch(rule.pattern, value):
        found.add(rule.why, at)


def _check_list(value: Any, *, rule: Many, at: str, found: Findings) -> None:
    if not isinstance(value, list):
        found.add("must be an array", at)
        return
    if len(value) > rule.max:
        found.add(f"no more than {rule.max} items allowed", at)
    if len(value) < rule.min:
        found.add(f"no less than {rule.min} items allowed", at)
    for place, one in enumerate(value):
        check_field(one, rule=rule.of, at=f"{at}/{place}", found=found)


def _check_element(value: Any, *, kinds: tuple[str, ...], at: str, found: Findings) -> None:
    if not isinstance(value, dict):
        found.add("must provide an object", at)
        return
    kind = value.get("type")
    if "type" not in value:
        found.add("missing required field: type", at)
    elif kind not in kinds:
        found.add(f"unsupported type: {kind}", f"{at}/type")
    else:
        check_fields(value, shape=rules.ELEMENTS[kind], at=at, found=found)
