"""Submitting and closing modals, opening the Home tab."""

from __future__ import annotations

from typing import Any

from sandbox import stacks, words
from sandbox.acts.surfaces import state_of
from sandbox.delivery.records import Delivery
from sandbox.kit.answers import missing_or_malformed
from sandbox.kit.walk import interactive
from sandbox.people import Impossible, View
from sandbox.shapes import view_json
from sandbox.stage import Stage


def submit(stage: Stage, *, user: str) -> Delivery:
    """Press the submit button of the top modal and do what the app answers.

    What Slack checks itself (required fields, lengths, numbers, addresses) is checked first; then nothing is
    sent and the delivery's `errors` name the blocks.
    """
    person = stage.actor(user)
    workspace = stage.workspace
    with workspace.change():
        view = workspace.top_view(user)
        if view is None or view.submit is None:
            raise Impossible(f"{user} has no modal open that can be submitted")
        view.failure = None
        view.errors = missing_or_malformed(view.blocks, values=state_of(stage, user=user, surface=view))
        if view.errors:
            return Delivery(kind="view_submission", sent=False, errors=dict(view.errors))
        payload = {
            "type": "view_submission",
            **stage.common(person),
            "trigger_id": stage.triggers.issue(user=user),
            "view": view_json(view, workspace=workspace),
            "response_urls": _response_urls(stage, user=user, view=view),
        }
    delivery = stage.carrier.interaction(payload)
    with workspace.waiting(user=user, what=f"{view.id}/submit"):
        attempt = stage.carrier.carry(delivery)
    with workspace.change():
        if not attempt.ok or not _obey(stage, view=view, delivery=delivery):
            view.failure = delivery.failure = words.MODAL_TROUBLE
    return delivery


def close(stage: Stage, *, user: str, everything: bool = False) -> list[Delivery]:
    """Press Cancel (or the X, which closes the whole stack). One delivery for each view that asks to be told."""
    person = stage.actor(user)
    workspace = stage.workspace
    top = workspace.top_view(user)
    if top is None:
        raise Impossible(f"{user} has no modal open")
    cleared = everything or top.clear_on_close
    shown = {one.id: view_json(one, workspace=workspace) for one in workspace.stacks[user]}
    if cleared:
        gone = stacks.close_all(workspace, user=user)
    else:
        last = stacks.close_top(workspace, user=user)
        gone = [last] if last else []
    told = []
    for view in gone:
        if view.notify_on_close:
            delivery = stage.carrier.interaction(
                {"type": "view_closed", **stage.common(person), "view": shown[view.id], "is_cleared": cleared}
            )
            stage.carrier.carry(delivery)
            told.append(delivery)
    return told


def open_home(stage: Stage, *, user: str, tab: str = "home") -> Delivery:
    """Look at the app's Home (or Messages) tab; the app hears `app_home_opened` when it subscribes to it."""
    stage.actor(user)
    workspace = stage.workspace
    channel = workspace.dm_with(user)
    if "app_home_opened" not in stage.manifest.events:
        return Delivery(kind="event_callback", sent=False)
    event: dict[str, Any] = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab}
    home = workspace.homes.get(user)
    if tab == "home" and home is not None:
        event["view"] = view_json(home, workspace=workspace)
    with workspace.waiting(user=user, what="home"):
        return stage.events.send(event)


def _obey(stage: Stage, *, view: View, delivery: Delivery) -> bool:
    """Do what the answer to a submission says; False when Slack would not understand it."""
    workspace = stage.workspace
    try:
        given = delivery.json()
    except ValueError:
        return False
    if given is None or given == {}:
        # Only this view goes; one that the app cleared or changed away meanwhile is gone already.
        if workspace.top_view(view.user) is view:
            stacks.close_top(workspace, user=view.user)
        return True
    if not isinstance(given, dict):
        return False
    match given.get("response_action"):
        case "clear":
            stacks.close_all(workspace, user=view.user)
            return True
        case "errors":
            return _show_errors(view, delivery=delivery, errors=given.get("errors"))
        case "update" | "push" as action:
            try:
                if action == "update":
                    delivery.view = stacks.update(workspace, view=view, given=given.get("view"))
                else:
                    delivery.view = stacks.push(workspace, user=view.user, given=given.get("view"))
            except stacks.ViewRefused as refused:
                delivery.errors = {refused.code: "; ".join(refused.messages)}
                return False
            return True
    return False


def _show_errors(view: View, *, delivery: Delivery, errors: Any) -> bool:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    well_formed = isinstance(errors, dict) and bool(errors) and all(isinstance(one, str) for one in errors.values())
    if not well_formed or not set(errors) <= inputs:
        delivery.errors = dict(errors) if isinstance(errors, dict) else {}
        return False
    view.errors = dict(errors)
    delivery.errors = dict(errors)
    return True


def _response_urls(stage: Stage, *, user: str, view: View) -> list[dict[str, Any]]:
    urls = []
    values = state_of(stage, user=user, surface=view)
    for block, element in interactive(view.blocks):
        if not element.get("response_url_enabled"):
            continue
        entry = values[block["block_id"]][element["action_id"]]
        channel = entry.get("selected_conversation") or entry.get("selected_channel")
        if channel:
            url, _ = stage.hooks.issue(kind="actions", user=user, channel=channel)
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel,
                    "response_url": url,
                }
            )
    return urls
