"""Runs: settings, command line, composition root, Slack app, release loop, health. May import everything."""
