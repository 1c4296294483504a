"""Files are recognised by their headers, or refused with the way to map them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors.receivables import Mapping, load_mapping
from connectors.receivables.header import recognise
from connectors.receivables.source import Refused
from domain.errors import InvalidValue
from domain.receivables import Kind


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Customer ID,Customer Name", Kind.CUSTOMERS),
        ("external_id,name,domain,country", Kind.CUSTOMERS),
        ("Customer ID,Customer Name,Email", Kind.CUSTOMERS),
        ("customer id,email,name,primary,zone", Kind.CONTACTS),
        ("Account Number,Contact Email", Kind.CONTACTS),
        ("Invoice #,Customer No.,Invoice Date,Due Date,Total,Amount Due,Currency", Kind.INVOICES),
        ("Invoice Number,Customer ID,Customer Name,Invoice Date,Due Date,Amount,Balance,Currency", Kind.OPEN_ITEMS),
        ("Invoice Number,Customer ID,Contact Email,Invoice Date,Due Date,Amount,Balance,Currency", Kind.OPEN_ITEMS),
        ("Payment ID,Customer ID,Invoice Number,Payment Date,Amount,Currency,Reference", Kind.PAYMENTS),
        ("Customer ID,Date,Amount,Currency,Memo", Kind.PAYMENTS),
        ("Customer ID,Department,Author,Note,Date", Kind.NOTES),
    ],
)
def test_the_header_tells_the_kind(header: str, kind: Kind) -> None:
    assert recognise(header.split(","), Mapping()).kind is kind


README = Path(__file__).parents[3] / "README.md"


@pytest.mark.parametrize("kind", [Kind.CUSTOMERS, Kind.CONTACTS, Kind.INVOICES, Kind.PAYMENTS])
def test_the_headers_in_the_readme_are_recognised_whole(kind: Kind) -> None:
    (line,) = re.findall(rf"^ +{kind} +(\S.*)$", README.read_text(), re.MULTILINE)
    plan = recognise(header := line.split(","), Mapping())
    assert plan.kind is kind
    assert sorted(plan.columns.values()) == list(range(len(header)))


def test_a_mapping_names_columns_that_nobody_knows() -> None:
    mapping = Mapping(kind=Kind.CUSTOMERS, columns={"customer_id": "Kto", "customer_name": "Firma"})
    assert recognise(["Firma", "Kto"], mapping).columns == {"customer_id": 1, "customer_name": 0}


@pytest.mark.parametrize(
    ("header", "mapping", "says"),
    [
        (
            "Kto,Firm",
            Mapping(columns={"customer_name": "Firma"}),
            "“Firma” that the file does not have; the nearest is “Firm”",
        ),
        ("Customer ID,Name,Company Name", Mapping(), "can both be the customer's name"),
        ("Custmer ID,Customer Name", Mapping(), "Missing is the customer's id; the nearest is “Custmer ID”"),
        ("a,b", Mapping(kind=Kind.NOTES), "Missing is the note"),
        ("N,N", Mapping(kind=Kind.CUSTOMERS, columns={"customer_id": "N", "customer_name": "N"}), "column “N” twice"),
    ],
)
def test_a_header_that_does_not_fit_is_refused_with_the_fix(header: str, mapping: Mapping, says: str) -> None:
    with pytest.raises(Refused) as refusal:
        recognise(header.split(","), mapping)
    assert says in " ".join(refusal.value.sentences)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("colums = 1", "did you mean columns?"),
        ('kind = "invoice"', "did you mean invoices?"),
        ('[columns]\ninvoice_nr = "x"', "did you mean invoice_number?"),
        ('[rules]\nbalance = "half"', "amount unless paid"),
        ('decimal = "x"', "neither"),
        ("decimal = 1", "quotation marks"),
        ('delimiter = ";;"', "one character"),
        ('columns = "x"', "must be a table"),
        ("[columns]\namount = [1]", "must be a text"),
        ('[values.invoice_number]\na = "b"', "cannot be translated"),
        ("kind = ", "not a TOML file"),
    ],
)
def test_a_mapping_file_that_is_wrong_says_what_and_how(tmp_path: Path, toml: str, says: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(toml)
    with pytest.raises(InvalidValue, match=says.replace("?", r"\?")):
        load_mapping(path)
