"""Translates between Slack and the domain: listeners, presenters, views. Imports the domain and Slack's libraries."""
