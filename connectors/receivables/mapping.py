"""A mapping file says what a header does not: which column is which, how dates are written, what "Yes" means."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path

from connectors.receivables.fields import NAMES
from domain.errors import InvalidValue
from domain.receivables import Kind

RULES: dict[str, tuple[str, ...]] = {
    "balance": ("amount", "amount unless paid"),
    "amount": ("balance",),
    "customer_name": (),  # a text with {customer_id}
}
_AS_WRITTEN = frozenset("customer_id invoice_number payment_id note_id reference body".split())


@dataclass(frozen=True, slots=True)
class Mapping:
    """What is declared about a file. None and empty mean: detect it.

    `columns`: our field -> their header. `constants`: our field -> one value for all rows. `values`: our field ->
    {their value: ours}; "*" stands for every value not named. `rules`: how a field without a column is found
    (`balance = "amount unless paid"`: zero once there is a paid date, else the amount) or an empty cell is filled
    (`customer_name = "Customer {customer_id}"`).
    """

    kind: Kind | None = None
    delimiter: str | None = None
    encoding: str | None = None
    date_format: str | None = None
    decimal: str | None = None
    currency: str | None = None
    columns: Pairs[str, str] = field(default_factory=dict)
    constants: Pairs[str, str] = field(default_factory=dict)
    values: Pairs[str, Pairs[str, str]] = field(default_factory=dict)
    rules: Pairs[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in (self.columns, self.constants, self.values):
            for name in table:
                _known(name, NAMES, "field")
        for name in sorted(_AS_WRITTEN & set(self.values)):
            raise InvalidValue(f"The values of {name} cannot be translated: rows are told apart by them.")
        for name, rule in self.rules.items():
            _known(name, RULES, "rule")
            if RULES[name] and rule not in RULES[name]:
                raise InvalidValue(f"The rule {name} = “{rule}” is not known: use “{'” or “'.join(RULES[name])}”.")
        if self.decimal not in (None, ".", ","):
            raise InvalidValue(f"decimal = “{self.decimal}” is neither “.” nor “,”.")
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '"\r\n\0 '):
            raise InvalidValue("delimiter is one character such as “;”.")

    def formats_only(self) -> Mapping:
        """The same without what belongs to one file."""
        return replace(self, kind=None, columns={}, constants={}, values={}, rules={})


_TEXTS = ("delimiter", "encoding", "date_format", "decimal", "currency")


def load_mapping(path: Path) -> Mapping:
    """Read a TOML file. Raises InvalidValue with a sentence that names the key and the fix."""
    try:
        found = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidValue(f"{path.name} is not a TOML file in UTF-8: {error}.") from error
    for key in found:
        _known(key, [each.name for each in fields(Mapping)], "key")
    for key in _TEXTS:
        if not isinstance(found.get(key, ""), str):
            raise InvalidValue(f"{key} must be a text in quotation marks.")
    kind = found.get("kind")
    if kind is not None:
        _known(str(kind), [each.value for each in Kind], "kind")
    return Mapping(
        kind=None if kind is None else Kind(kind),
        **{key: found[key] for key in _TEXTS if key in found},
        columns=_texts(found, "columns"),
        constants=_texts(found, "constants"),
        values={name: _texts(_table(found, "values"), name) for name in _table(found, "values")},
        rules=_texts(found, "rules"),
    )


def _table(found: Pairs[str, object], key: str) -> dict[str, object]:
    table = found.get(key, {})
    if not isinstance(table, dict):
        raise InvalidValue(f"{key} must be a table such as [{key}].")
    return table


def _texts(found: Pairs[str, object], key: str) -> dict[str, str]:
    table = _table(found, key)
    for name, value in table.items():
        if isinstance(value, dict | list | float):
            raise InvalidValue(f"{key}.{name} must be a text in quotation marks.")
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in table.items()}


def _known(name: str, names: Pairs[str, object] | frozenset[str] | list[str], what: str) -> None:
    if name in names:
        return
    near = get_close_matches(name, list(names), 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(names))}."
    raise InvalidValue(f"“{name}” is not a {what} of a mapping: {hint}")
