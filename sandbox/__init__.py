"""A local Slack workspace: for people who have no tokens, and for tests. Nothing in production imports it."""
