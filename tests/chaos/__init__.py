"""Real processes, real databases, a mail provider and a Slack that misbehave, and a verdict on every message.

(what is here is written below)
"""
