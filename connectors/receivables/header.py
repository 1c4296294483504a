"""Recognises a file by its header, and says what is missing in words a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from connectors.receivables.fields import FIELDS, Field, fold_header
from connectors.receivables.mapping import Mapping
from connectors.receivables.source import Refused
from domain.receivables import Kind

_RECOGNISED = (Kind.INVOICES, Kind.PAYMENTS, Kind.NOTES, Kind.CUSTOMERS, Kind.CONTACTS)
_BASE = {Kind.OPEN_ITEMS: Kind.INVOICES}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file holds and where: our field -> the column's place. `mapping` is what applies to this file."""

    kind: Kind
    columns: dict[str, int]
    header: list[str]
    mapping: Mapping

    def says(self, name: str) -> bool:
        return name in self.columns or name in self.mapping.constants

    def shown(self, name: str) -> str:
        """The column as the file calls it."""
        at = self.columns.get(name)
        return name if at is None else self.header[at]


def recognise(header: list[str], mapping: Mapping) -> Plan:
    """Raises Refused: a required column is missing, two columns claim one field, or a mapped header is not there."""
    missing = [theirs for theirs in mapping.columns.values() if theirs not in header]
    if missing:
        raise Refused(
            *(
                f"The mapping names a column “{theirs}” that the file does not have"
                + (f"; the nearest is “{near[0]}”." if (near := _near([theirs], header)) else ".")
                for theirs in missing
            )
        )
    kinds = (_BASE.get(mapping.kind, mapping.kind),) if mapping.kind else _RECOGNISED
    found = {kind: _columns(kind, header, mapping) for kind in kinds}
    lacking = {kind: _lacking(kind, columns, mapping) for kind, columns in found.items()}
    whole = [kind for kind in kinds if not lacking[kind]]
    if not whole:
        # Being nearest: the most of what it needs, then the most of what it may have.
        kind = max(kinds, key=lambda each: (-len(lacking[each]) / _needed(each), len(found[each])))
        raise Refused(*_help(kind, lacking[kind], header, found[kind], certain=len(kinds) == 1))
    most = max(len(found[each]) for each in whole)
    fitting = [each for each in whole if len(found[each]) == most]
    if len(fitting) > 1:
        names = [each.value for each in fitting]
        raise Refused(
            f"The header fits {' and '.join(names)} alike: say which with "
            f"{' or '.join(f'--kind {name}' for name in names)}, or name the columns more plainly."
        )
    kind = fitting[0]
    columns = found[kind]
    _refuse_twice(kind, columns, header, mapping)
    if kind is Kind.INVOICES and {"customer_name", "contact_email"} & {
        *columns,
        *mapping.constants,
        *mapping.rules,
    }:
        kind = Kind.OPEN_ITEMS
    return Plan(kind, columns, header, mapping)


def _needed(kind: Kind) -> int:
    return sum(each.is_required for each in FIELDS[kind])


def _columns(kind: Kind, header: list[str], mapping: Mapping) -> dict[str, int]:
    taken = set(mapping.columns.values())
    found = {}
    folded = [fold_header(name) for name in header]
    for each in FIELDS[kind]:
        theirs = mapping.columns.get(each.name)
        if theirs is not None:
            found[each.name] = header.index(theirs)
        elif each.name not in mapping.constants:
            places = [at for at, name in enumerate(folded) if name in each.headers and header[at] not in taken]
            if places:
                found[each.name] = places[0]
    return found


def _refuse_twice(kind: Kind, columns: dict[str, int], header: list[str], mapping: Mapping) -> None:
    taken = set(mapping.columns.values())
    sentences = []
    for each in FIELDS[kind]:
        if each.name in mapping.columns or each.name not in columns:
            continue
        alike = [name for name in header if fold_header(name) in each.headers and name not in taken]
        if len(alike) > 1:
            sentences.append(
                f"The columns “{'” and “'.join(alike)}” can both be {each.about}: say which in a mapping file, under "
                f'[columns] {each.name} = "{alike[0]}".'
            )
    twice = sorted({name for name in mapping.columns.values() if header.count(name) > 1})
    sentences += [f"The file has the column “{name}” twice: give each its own name." for name in twice]
    if sentences:
        raise Refused(*sentences)


def _lacking(kind: Kind, columns: dict[str, int], mapping: Mapping) -> list[Field]:
    given = {*columns, *mapping.constants, *mapping.rules}
    if mapping.currency:
        given.add("currency")
    return [each for each in FIELDS[kind] if each.is_required and each.name not in given]


def _near(names: list[str], header: list[str]) -> list[str]:
    by_fold = {fold_header(name): name for name in header}
    for name in names:
        if near := get_close_matches(fold_header(name), list(by_fold), 1, 0.6):
            return [by_fold[near[0]]]
    return []


def _help(kind: Kind, lacking: list[Field], header: list[str], columns: dict[str, int], *, certain: bool) -> list[str]:
    seen = ", ".join(f"“{name}”" for name in header[:20])
    guess = "" if certain else f" It looks most like {kind.value}."
    sentences = [f"The header does not hold every column that is needed.{guess} It holds: {seen}."]
    free = [name for at, name in enumerate(header) if at not in columns.values()]
    for each in lacking:
        near = _near([each.name, *sorted(each.headers, key=len, reverse=True)], free)
        nearest = f"; the nearest is “{near[0]}”" if near else ""
        if each.name == "currency":
            fix = "add a column Currency, or declare one with --currency EUR"
        elif each.name == "balance":
            fix = 'map it with [columns] balance = "…", or say [rules] balance = "amount unless paid"'
        else:
            fix = f'rename the column, or map it in a mapping file with [columns] {each.name} = "{(near or ["…"])[0]}"'
        sentences.append(f"Missing is {each.about}{nearest}: {fix}.")
    return sentences
