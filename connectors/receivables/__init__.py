"""Receivables in: CSV files of customers, contacts, invoices, payments and notes, read, checked and handed over."""

from connectors.receivables.importing import import_files
from connectors.receivables.mapping import Mapping, load_mapping

__all__ = ["Mapping", "import_files", "load_mapping"]
