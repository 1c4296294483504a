"""Measurements: one command, `make bench`; how to read them is said in README.md."""
