"""Decides: values, rules, use cases and ports. Imports the standard library only."""
