"""Who is asking, from the envelope that Slack signed, never from what the payload carries beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from slack_bolt import Ack, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from domain.outcomes import Refused
from domain.ports import Clock, Profiles, UnitOfWorkFactory
from domain.reasons import Reason
from domain.values import Actor, Person
from handlers.desk import Desk
from handlers.errors import concluded, guarded
from handlers.exchange import Exchange
from handlers.presenters.reader import Reader
from handlers.presenters.refusals import refusal_page

Middleware = Callable[..., BoltResponse | None]


class Identify(Protocol):
    """The use case `identify`."""

    def __call__(
        self, slack_user_id: str, *, org_id: int, profiles: Profiles, uow: UnitOfWorkFactory, clock: Clock
    ) -> Person | Refused: ...


def build_identification(desk: Desk, *, identify: Identify) -> Middleware:
    """Puts `actor` and `person` into the context, or answers politely and lets nothing through."""

    def identification(
        ack: Ack,
        body: dict[str, Any],
        client: WebClient,
        context: BoltContext,
        respond: Respond,
        next: Callable[[], BoltResponse | None],
    ) -> BoltResponse | None:
        exchange = Exchange(body=body, ack=ack, respond=respond, client=client)
        known: list[Person] = []

        def work() -> None:
            who = _who(desk, identify, body, client, context)
            if isinstance(who, Person):
                context["actor"] = Actor(who.org_id, who.id, who.zone or _zone_of(desk, who.org_id))
                context["person"] = who
                known.append(who)
            else:
                reader = Reader.of(None, zone="UTC")
                exchange.tell(refusal_page(who, reader=reader, signet=None, at=desk.clock.now(), title="Sorry"))

        outcome = guarded("identification", exchange, work)
        if known:
            return next()
        with desk.watching("identification", body) as watch:
            watch.outcome = "refused" if outcome == "answered" else outcome
            return concluded("identification", exchange, body, desk)

    return identification


def _who(
    desk: Desk, identify: Identify, body: Mapping[str, Any], client: WebClient, context: BoltContext
) -> Person | Refused:
    org_id = org_of(desk, context)
    if org_id is None or not context.user_id or _is_foreign(desk, body, context, org_id):
        return Refused(Reason.UNKNOWN_TEAM)
    return identify(
        context.user_id,
        org_id=org_id,
        profiles=desk.profiles_for(client),
        uow=desk.uow_for(org_id),
        clock=desk.clock,
    )


def org_of(desk: Desk, context: BoltContext) -> int | None:
    """The organisation that the request's workspace belongs to."""
    return desk.teams.org_of(context.team_id, context.enterprise_id) if context.team_id else None


def _is_foreign(desk: Desk, body: Mapping[str, Any], context: BoltContext, org_id: int) -> bool:
    """Whether somebody of another company clicked, in a channel shared with it.

    Their own workspace has to belong to this organisation. It is looked up by itself: the enterprise in the envelope
    is the channel's, not theirs.
    """
    user = body.get("user")
    own = user.get("team_id") if isinstance(user, dict) else context.actor_team_id
    return bool(own) and own != context.team_id and desk.teams.org_of(str(own), None) != org_id


def _zone_of(desk: Desk, org_id: int) -> str:
    with desk.uow_for(org_id)() as work:
        return work.organisation.get().zone
