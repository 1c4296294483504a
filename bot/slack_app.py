"""The Bolt app: one token, one team, our registry."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from slack_bolt import App
from slack_sdk import WebClient

from bot.health import readiness
from bot.remembered import RememberedPeople, RememberedTeams
from bot.requests import RequestWatch
from bot.sender_records import sender_records
from bot.slack_groups import SlackGroups
from bot.slack_links import SlackPermalinks
from bot.slack_people import SlackProfiles
from bot.world import World
from domain.jobs import JobKind
from domain.notices import Profile
from domain.usecases.give_group_role import note_group_change
from domain.usecases.identify import identify
from domain.usecases.note_profile_change import note_profile_change
from handlers.desk import Desk
from handlers.registry import register
from handlers.seal import Seal

SLACK_TIMEOUT = 10
"""Seconds for one Web API call; a listener has three, so it makes at most one and Slack usually answers in 0.2."""


def build_client(world: World) -> WebClient:
    """Slack's Web API without retries of its own: posts are retried by the outbox, clicks by people."""
    return WebClient(
        token=world.settings.slack_bot_token,
        base_url=world.settings.slack_api_url,
        timeout=SLACK_TIMEOUT,
        retry_handlers=[],
    )


def build_seal(world: World) -> Seal:
    """Buttons are sealed with a key derived from Slack's own secret, so that there is no further one to keep."""
    secret = world.settings.slack_signing_secret or world.settings.slack_app_token or world.settings.slack_bot_token
    return Seal(hashlib.sha256(b"plixo seal\0" + secret.encode()).digest())


Aside = Callable[[Callable[[], None]], None]
"""Runs what is said to Slack once the acknowledgement may leave."""


def build_desk(
    world: World, watch: RequestWatch, aside: Aside, people: RememberedPeople, jobs: Mapping[str, JobKind]
) -> Desk:
    """What listeners need, from the world. `jobs`: those that can be paused."""
    teams = RememberedTeams(world.directory)

    def on_uninstalled(team_id: str, enterprise_id: str | None) -> None:
        teams.remove(team_id)

    def on_user_change(org_id: int, slack_user_id: str, profile: Profile) -> None:
        note_profile_change(slack_user_id, profile, uow=world.uow_for(org_id), clock=world.clock)
        people.forget()

    def on_group_change(org_id: int, usergroup_id: str, came: Sequence[str], went: Sequence[str]) -> None:
        note_group_change(usergroup_id, came=came, went=went, uow=world.uow_for(org_id), clock=world.clock)
        people.forget()

    return Desk(
        uow_for=world.uow_for,
        clock=world.clock,
        rulebook_for=world.rulebook_for,
        teams=teams,
        profiles_for=SlackProfiles,
        permalinks_for=SlackPermalinks,
        seal=build_seal(world),
        ar_channel=world.settings.ar_channel or None,
        on_uninstalled=on_uninstalled,
        on_user_change=on_user_change,
        groups_for=SlackGroups,
        on_group_change=on_group_change,
        sender_records=lambda domain: sender_records(world, domain),
        maintenance_of=world.directory.maintenance_of,
        jobs=jobs,
        readiness=lambda: readiness(world),
        watching=watch.watching,
        aside=aside,
    )


def build_app(
    world: World, client: WebClient, *, jobs: Mapping[str, JobKind], aside: Aside | None = None
) -> tuple[App, Callable[[], None]]:
    """The app and how to end its threads.

    `process_before_response` because a listener here is one short transaction: its answer is the acknowledgement, and
    Bolt's own way looks for it every 10 ms only. What is said to Slack by itself is said by threads beside it, however
    long Slack takes for that; `aside` is given by tests that want it said at once.
    """
    executor = ThreadPoolExecutor(world.settings.http_threads, thread_name_prefix="aside")

    def by_a_thread(work: Callable[[], None]) -> None:
        # In a copy of the context: its lines in the log carry the request's id.
        executor.submit(copy_context().run, work)

    app = App(
        client=client,
        signing_secret=world.settings.slack_signing_secret or "socket-mode-needs-none",
        process_before_response=True,
        token_verification_enabled=False,
        listener_executor=executor,
    )
    watch = RequestWatch(world.metrics, world.signs)
    app.use(watch.arrive)
    people = RememberedPeople(identify)
    register(app, desk=build_desk(world.for_people(), watch, aside or by_a_thread, people, jobs), identify=people)
    return app, lambda: executor.shutdown(wait=True, cancel_futures=True)
