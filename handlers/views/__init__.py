"""Strings become blocks here, and nothing is decided: views know neither use cases nor ports."""
