"""Carries: mail out, receivables in, zone and holiday data."""
