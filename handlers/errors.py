"""The one place where a listener's exceptions end. Nothing escapes it: an exception after an ack destroys the ack."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable

from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError

from domain.errors import Busy, Unavailable
from domain.reasons import Reason
from handlers import texts
from handlers.desk import Desk
from handlers.exchange import Exchange, NotTold
from handlers.inputs import Body
from handlers.seal import BrokenSeal
from handlers.views.blocks import Page, section

log = logging.getLogger("plixo.handlers")

_LATE_TRIGGERS = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
# The person has changed or closed the modal meanwhile: what they see is newer than what we wanted to say.
_OVERTAKEN = frozenset({"hash_conflict", "view_not_found", "not_found"})
_STACKED = "Slack opens no more than three windows over each other. Please close this one, and do it in the one below."


def guarded(name: str, exchange: Exchange, work: Callable[[], None]) -> str:
    """Run `work`; whatever goes wrong ends here, and the person gets a sentence they can use.

    Returns how it ended: `answered`, `busy`, `stale`, `late`, `stacked`, `overtaken`, `untold` or `failed`.
    """
    try:
        work()
    except Exception as error:  # noqa: BLE001 - the error boundary
        outcome, page = _ended(name, error)
        if page is not None:
            _tell(name, exchange, page)
        return outcome
    return "answered"


def concluded(name: str, exchange: Exchange, body: Body, desk: Desk) -> BoltResponse | None:
    """The acknowledgement. What is left to say to Slack is said aside, inside the error boundary too.

    It is watched as `<name> told`, so that the time until the person sees the answer is not taken for that of the
    acknowledgement.
    """

    def finish() -> None:
        with desk.watching(f"{name} told", body) as watch:
            watch.outcome = guarded(name, exchange, exchange.finish)

    exchange.ack()
    if exchange.has_more:
        desk.aside(finish)
    return exchange.acked


def _ended(name: str, error: Exception) -> tuple[str, Page | None]:
    """How it ended, and what the person is told; None when there is nothing left to tell."""
    match error:
        case Busy() | Unavailable():
            log.warning("busy in %s: %s", name, type(error).__name__)
            return "busy", _sentence("Busy", texts.tell(Reason.BUSY).both)
        case BrokenSeal():
            return "stale", _sentence("Out of date", texts.tell(Reason.STALE_BUTTON).both)
        case SlackApiError() if _slack_code(error) in _LATE_TRIGGERS:
            sentence = "That took too long for Slack to open a window. Please click again."
            return "late", _sentence("Please click again", sentence)
        case SlackApiError() if _slack_code(error) == "push_limit_reached":
            return "stacked", _sentence("Three windows are open", _STACKED)
        case SlackApiError() if _slack_code(error) in _OVERTAKEN:
            return "overtaken", None
        case NotTold(is_slacks_own=True):
            # Told once more, it would not take that either.
            log.warning("not told in %s: %s", name, error)
            return "untold", None
        case SlackApiError() if _slack_code(error) == "ratelimited":
            log.warning("not told in %s: slack takes no more calls at the moment", name)
            return "untold", None
        case _:
            incident = secrets.token_hex(4).upper()
            log.error("incident %s in %s: %s", incident, name, describe(error))
            return "failed", _sentence(
                "Something went wrong",
                f"Something went wrong on our side. Please try again; if it stays, tell your Admin “{incident}”.",
            )


def _tell(name: str, exchange: Exchange, page: Page) -> None:
    try:
        exchange.tell_somehow(page)
    except Exception as error:  # noqa: BLE001 - the last resort of the error boundary
        log.error("could not tell the person in %s: %s", name, describe(error))


def describe(error: BaseException) -> str:
    """Kind and place of an exception. Never its message: that may hold a row, an address or a token."""
    where = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-6:]
    ]
    code = f" ({_slack_code(error)})" if isinstance(error, SlackApiError) else ""
    return f"{type(error).__module__}.{type(error).__qualname__}{code} at {' < '.join(reversed(where))}"


def _slack_code(error: SlackApiError) -> str:
    """Slack's own name of the error, such as `expired_trigger_id`."""
    return str(error.response.get("error", "")) if error.response is not None else ""


def _sentence(title: str, text: str) -> Page:
    return Page(title, text, (section(text),))
