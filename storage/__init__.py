"""Remembers: tables, stores, claims, units of work and migrations. Imports the domain."""
