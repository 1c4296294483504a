"""Modals and Home tabs as things that are opened, pushed, changed and closed, whoever asks for it.

The Web API and the answers to submissions share these: both take a view from the app and must refuse the
same ones. Every refusal is a ViewRefused with Slack's code.
"""

from __future__ import annotations

from typing import Any

from sandbox.kit import rules
from sandbox.kit.check import check_view, view_bytes
from sandbox.kit.finish import finish_blocks, finish_text
from sandbox.people import View
from sandbox.shapes import new_hash
from sandbox.workspace import Workspace

DEPTH = 3


class ViewRefused(ValueError):
    """`code` is Slack's error, `messages` the places that are wrong."""

    def __init__(self, code: str, *, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.code, self.messages = code, messages or []


def open_root(workspace: Workspace, *, user: str, given: Any) -> View:
    """A new modal, in place of whatever modal the person had open."""
    _check(workspace, given, kinds=("modal",))
    with workspace.change():
        view = _make(workspace, user=user, given=given)
        workspace.stacks[user] = [view]
        return view


def push(workspace: Workspace, *, user: str, given: Any) -> View:
    """A modal on top of the open one, three deep at most."""
    _check(workspace, given, kinds=("modal",))
    with workspace.change():
        stack = workspace.stacks.get(user)
        if not stack:
            raise ViewRefused("not_found")
        if len(stack) >= DEPTH:
            raise ViewRefused("push_limit_reached")
        view = _make(workspace, user=user, given=given)
        view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
        stack.append(view)
        return view


def update(workspace: Workspace, *, view: View, given: Any, hash: str | None = None) -> View:
    """Change an open view. What was typed stays where block_id and action_id stay."""
    _check(workspace, given, kinds=(view.type,), old=view)
    with workspace.change():
        if hash is not None and hash != view.hash:
            raise ViewRefused("hash_conflict")
        _fill(workspace, view=view, given=given)
        return view


def publish(workspace: Workspace, *, user: str, given: Any, hash: str | None = None) -> View:
    """Set a person's Home tab."""
    old = workspace.homes.get(user)
    _check(workspace, given, kinds=("home",), old=old)
    with workspace.change():
        if hash is not None and (old is None or hash != old.hash):
            raise ViewRefused("hash_conflict")
        if old is not None:
            _fill(workspace, view=old, given=given)
            return old
        view = _make(workspace, user=user, given=given)
        workspace.homes[user] = view
        return view


def close_top(workspace: Workspace, *, user: str) -> View | None:
    """Take the top modal away; the one below shows again."""
    with workspace.change():
        stack = workspace.stacks.get(user) or []
        view = stack.pop() if stack else None
        _forget(workspace, user=user, views=[view] if view else [])
        return view


def close_all(workspace: Workspace, *, user: str) -> list[View]:
    """Take the whole stack away, the top one first."""
    with workspace.change():
        views = list(reversed(workspace.stacks.pop(user, [])))
        _forget(workspace, user=user, views=views)
        return views


def _forget(workspace: Workspace, *, user: str, views: list[View]) -> None:
    for view in views:
        workspace.inputs.pop((user, view.surface), None)
        workspace.notices.pop((user, view.surface), None)
    if not workspace.stacks.get(user):
        workspace.stacks.pop(user, None)


def _check(workspace: Workspace, given: Any, *, kinds: tuple[str, ...], old: View | None = None) -> None:
    found = check_view(given, kinds=kinds)
    if found:
        raise ViewRefused(
            "invalid_arguments",
            messages=["[ERROR] failed to match all allowed schemas [json-pointer:/view]", *found.messages()],
        )
    if view_bytes(given) > rules.VIEW_BYTES:
        raise ViewRefused("view_too_large")
    name = given.get("external_id")
    if name and workspace.used_external_ids.get(name, old.id if old else None) != (old.id if old else None):
        raise ViewRefused("duplicate_external_id")


def _make(workspace: Workspace, *, user: str, given: dict[str, Any]) -> View:
    name = workspace.ids.make("V0")
    view = View(id=name, user=user, type=given["type"], blocks=[], hash="", root_view_id=name)
    _fill(workspace, view=view, given=given)
    return view


def _fill(workspace: Workspace, *, view: View, given: dict[str, Any]) -> None:
    view.blocks = finish_blocks(given["blocks"], ids=workspace.ids)
    view.hash = new_hash(workspace)
    view.title, view.submit = finish_text(given.get("title")), finish_text(given.get("submit"))
    view.close = finish_text(given.get("close"))
    view.callback_id = given.get("callback_id", "")
    view.private_metadata = given.get("private_metadata", "")
    view.external_id = given.get("external_id", "")
    view.clear_on_close = given.get("clear_on_close", False)
    view.notify_on_close = given.get("notify_on_close", False)
    view.errors, view.failure = {}, None
    if view.external_id:
        workspace.used_external_ids[view.external_id] = view.id
