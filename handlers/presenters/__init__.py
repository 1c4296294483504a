"""Outcomes become sentences here: in the reader's time zone and with the reader's way of writing numbers and dates."""
