"""The Events API: a first try at once, then again at once, after a minute, after five."""

from __future__ import annotations

import threading
from typing import Any

from sandbox.clock import Stopwatch
from sandbox.delivery.carrier import Carrier
from sandbox.delivery.records import Attempt, Delivery
from sandbox.workspace import Workspace

# Seconds before each of Slack's three retries.
RETRIES = (0.0, 60.0, 300.0)


class Events:
    """Sends events and retries the failed ones in the background. `scale` shortens the pauses for tests."""

    def __init__(
        self, *, workspace: Workspace, carrier: Carrier, stopping: threading.Event, scale: float = 1.0
    ) -> None:
        self._workspace, self._carrier, self._stopping, self._scale = workspace, carrier, stopping, scale
        self._threads: list[threading.Thread] = []

    def send(self, event: dict[str, Any]) -> Delivery:
        """The first attempt is over when this returns; retries go on behind it."""
        delivery = self._carrier.event(self._outer(event))
        self._first(delivery)
        return delivery

    def verify(self) -> Delivery:
        """The url_verification handshake Slack makes when a Request URL is saved."""
        delivery = self._carrier.event(
            {"token": "sandbox", "challenge": self._workspace.ids.secret(), "type": "url_verification"}
        )
        self._carrier.carry(delivery)
        return delivery

    def close(self) -> None:
        """Give up waiting retries and return when their threads are gone."""
        self._workspace.touch()
        for thread in self._threads:
            thread.join()

    def _first(self, delivery: Delivery) -> None:
        attempt = self._carrier.carry(delivery)
        self._workspace.touch()
        if _wants_retry(attempt):
            thread = threading.Thread(target=self._retry, args=(delivery,), name="sandbox-retry", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _retry(self, delivery: Delivery) -> None:
        for number, pause in enumerate(RETRIES, start=1):
            reason = delivery.last.reason or "http_error"
            if not self._pause(pause * self._scale):
                return
            attempt = self._carrier.carry(delivery, retry=(number, reason))
            self._workspace.touch()
            if not _wants_retry(attempt):
                return

    def _pause(self, seconds: float) -> bool:
        """Wait, in real or in sandbox time, whichever is over first. False when the workspace closes."""
        watch = Stopwatch(clock=self._workspace.clock)
        with self._workspace.changed:
            while not self._stopping.is_set() and (left := seconds - watch.elapsed()) > 0:
                self._workspace.changed.wait(left)
        return not self._stopping.is_set()

    def _outer(self, event: dict[str, Any]) -> dict[str, Any]:
        workspace = self._workspace
        at = workspace.next_ts()
        return {
            "token": "sandbox",
            "team_id": workspace.team_id,
            "api_app_id": workspace.app_id,
            "event": {"event_ts": at, **event},
            "type": "event_callback",
            "event_id": workspace.ids.make("Ev0"),
            "event_time": int(float(at)),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": workspace.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{workspace.ids.secret(length=40)}",
        }


def _wants_retry(attempt: Attempt) -> bool:
    # Slack reads X-Slack-No-Retry on a failed answer only; a 2xx ends it anyway.
    return not attempt.ok and attempt.headers.get("x-slack-no-retry") != "1"
