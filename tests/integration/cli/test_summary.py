"""`plixo summary` on the command line: the file, who took it, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pypdf
import pytest

from handlers.presenters import summary as words
from tests.integration.cli.test_cli import Run, plixo

__all__ = ["plixo"]


def test_the_file_is_written_and_the_log_says_by_whom(plixo: Run, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("Customer ID,Customer Name\nC-1,Übermut Bäckerei\n", encoding="utf-8")
    (tmp_path / "invoices.csv").write_text(
        "Invoice Number,Customer ID,Issue Date,Due Date,Currency,Amount,Balance\n"
        "INV-1,C-1,2026-01-02,2026-02-01,EUR,1234.50,1234.50\n"
    )
    assert plixo("import", "customers.csv", "invoices.csv").exit_code == 0
    told = plixo("summary", "--out", "paper.pdf", "--by", "otto", "--zone", "America/New_York")
    assert told.exit_code == 0 and "paper.pdf" in told.output, told.output
    read = "\n".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "paper.pdf").pages)
    assert "Übermut Bäckerei" in read and "€1,234.50" in read and "New York time" in read and "Taken by otto." in read
    lines = plixo("audit", "list", "--action", "summary.exported").output
    assert "summary.exported" in lines and "otto" in lines
    again = plixo("summary", "--out", "paper.pdf")
    assert again.exit_code == 1 and "--force" in again.output
    assert plixo("summary", "--out", "paper.pdf", "--force").exit_code == 0
    assert (tmp_path / "paper.pdf").stat().st_mode & 0o777 == 0o600, "it names customers and amounts"
    assert not list(tmp_path.glob(".paper*"))


def test_what_cannot_be_meant_is_wrong_use_and_writes_nothing(plixo: Run, tmp_path: Path) -> None:
    assert plixo("summary").exit_code == 2
    assert plixo("summary", "--out", "paper.pdf", "--zone", "Mars/Base").exit_code == 2
    assert not (tmp_path / "paper.pdf").exists()


def test_the_old_file_stays_until_there_is_a_new_one(
    plixo: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*_: object, **__: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(words, "summary_sheet", torn)
    old = tmp_path / "paper.pdf"
    old.write_bytes(b"of yesterday")
    assert plixo("summary", "--out", "paper.pdf", "--force").exit_code == 1
    assert plixo("summary", "--out", "new.pdf").exit_code == 1
    assert old.read_bytes() == b"of yesterday"
    assert sorted(path.name for path in tmp_path.iterdir() if "pdf" in path.name) == ["paper.pdf"]


def test_what_is_no_file_is_not_replaced(plixo: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refused = plixo("summary", "--out", "pipe", "--force")
    assert refused.exit_code == 2 and "pipe is not a file that can be replaced." in refused.output
    assert (tmp_path / "pipe").is_fifo()
