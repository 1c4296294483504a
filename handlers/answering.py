"""How a listener runs: for a person who is known, inside the error boundary, answered exactly once.

None is lazy, for a lazy listener's errors reach nobody. The app is built with `process_before_response=True`, so the
acknowledgement leaves when the listener has ended; what is said to Slack by itself follows aside, inside the same
boundary.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from handlers import ids, inputs
from handlers.answers import Answer, Tell
from handlers.cases import Cases
from handlers.desk import Desk
from handlers.effects import writes
from handlers.errors import concluded, guarded
from handlers.exchange import Exchange
from handlers.legible import legible
from handlers.middleware import org_of
from handlers.presenters import operations
from handlers.presenters.reader import Reader
from handlers.request import Request
from handlers.views.blocks import Page, section

Listener = Callable[[Request], Answer]


def answering(
    name: str, listener: Listener, desk: Desk, cases: Callable[..., Cases]
) -> Callable[..., BoltResponse | None]:
    """A listener as Bolt wants it: for a person who is known, inside the error boundary, acknowledged once."""

    def run(
        ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext, respond: Respond
    ) -> BoltResponse | None:
        exchange = Exchange(body=body, ack=ack, respond=respond, client=client)

        def work() -> None:
            actor, at = context["actor"], desk.clock.now()
            reader = Reader.of(context["person"], zone=actor.zone)

            def closed() -> Tell | None:
                return maintenance_banner(desk, actor.org_id, reader=reader, at=desk.clock.now())

            if writes(name) and (banner := closed()):
                exchange.give(banner)
                return
            request = Request(
                body=legible(body),
                place=exchange.place,
                actor=actor,
                person=context["person"],
                reader=reader,
                signet=desk.seal.of(org_id=actor.org_id, user_id=actor.user_id, at=at, takes_late=not writes(name)),
                cases=cases(
                    actor=actor,
                    uow=desk.uow_for(actor.org_id),
                    clock=desk.clock,
                    rulebook=desk.rulebook_for(actor.org_id),
                ),
                at=at,
                profiles=desk.profiles_for(client),
                groups=desk.groups_for(client),
                permalinks=desk.permalinks_for(client),
                jobs=desk.jobs,
                sender_records=desk.sender_records,
                readiness=desk.readiness,
                closed=closed,
            )
            exchange.give(listener(request))

        with desk.watching(name, body) as watch:
            watch.outcome = guarded(name, exchange, work)
            return concluded(name, exchange, body, desk)

    return run


def maintenance_banner(desk: Desk, org_id: int, *, reader: Reader, at: datetime) -> Tell | None:
    """What everybody is told who would change or send something now. None: the house is open."""
    maintenance = desk.maintenance_of(org_id)
    if maintenance is None or at >= maintenance.until:
        return None
    text = operations.refused_words(maintenance, reader=reader, at=at)
    return Tell(Page("Maintenance", text, (section(text),)))


def noting(event: str, desk: Desk) -> Callable[..., BoltResponse | None]:
    """Events without anybody to answer: Slack tells of people and of the installation itself."""

    def run(
        ack: Ack, body: dict[str, Any], client: WebClient, context: BoltContext, respond: Respond
    ) -> BoltResponse | None:
        exchange = Exchange(body=body, ack=ack, respond=respond, client=client)
        with desk.watching(event, body) as watch:
            watch.outcome = guarded(event, exchange, lambda: _note(event, desk, legible(body), context))
            return concluded(event, exchange, body, desk)

    return run


def _note(event: str, desk: Desk, body: inputs.Body, context: BoltContext) -> None:
    if event == ids.USER_CHANGED:
        if (org_id := org_of(desk, context)) is not None:
            desk.on_user_change(org_id, *inputs.changed_user(body))
    elif event == ids.GROUP_CHANGED:
        if (org_id := org_of(desk, context)) is not None:
            desk.on_group_change(org_id, *inputs.changed_group(body))
    elif context.team_id and (event == ids.UNINSTALLED or inputs.bot_was_revoked(body)):
        desk.on_uninstalled(context.team_id, context.enterprise_id)
