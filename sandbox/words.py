"""Slack's own sentences, those people see when an app fails them."""

from __future__ import annotations

MODAL_TROUBLE = "We had some trouble connecting. Try again?"
ACTION_TIMEOUT = "Operation timed out. Apps need to respond within 3 seconds."
OPTIONS_TROUBLE = "The options could not be loaded."
NOT_INTERACTIVE = "This app is not configured to handle interactive responses."


def command_failed(command: str, *, code: str) -> str:
    return f'{command} failed with the error "{code}"'


def not_a_command(command: str) -> str:
    return (
        f"{command} is not a valid command. In Slack, all messages that start with the “/” character are "
        "interpreted as commands. If you are trying to send a message and not run a command, try preceding the "
        "“/” with an empty space."
    )


def action_failed(status: int | None) -> str:
    if status is None:
        return "This app could not be reached."
    return f"This app responded with Status Code {status}."
