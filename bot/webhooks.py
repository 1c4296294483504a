"""What others tell by signed requests: what came back of our mails, and that billing or the provider is in trouble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from bot.settings import variable_of
from bot.world import World
from connectors import sending_events
from connectors.mail import events as mail_events
from connectors.signatures import is_signed
from domain.bounces import Noted
from domain.errors import Busy, InvalidValue
from domain.usecases.note_bounce import note_bounce
from domain.usecases.switch_degraded import switch_degraded

RETRY_SECONDS = 60
"""After so long it may be sent again."""
CLOCKS_DIFFER_BY = 300
"""Seconds. Nobody may tell of a later moment: nothing that is told before it would count until then."""

Answer = Callable[[Request], Response]
Take = Callable[[bytes, datetime], str]
"""Takes a body that is signed, and says what was new. Raises InvalidValue or Busy; the same body again changes nothing.
"""


def build_webhooks(world: World, org_id: int) -> dict[str, Answer]:
    """By path; one whose secret is not set does not exist.

    Each answers 200 with what was new, 400, 401 and 413 with a sentence, 503 when it is to be sent again.
    """

    def mail(body: bytes, _at: datetime) -> str:
        bounces, uow = mail_events.read_events(body), world.uow_for(org_id)
        try:
            rulebook = world.rulebook_for(org_id)
        except InvalidValue:
            raise Busy("The policy in force cannot be read.") from None  # nothing is wrong with the event
        noted = Counter(note_bounce(each, uow=uow, clock=world.clock, rulebook=rulebook) for each in bounces)
        return " ".join(f"{word.value}={noted[word]}" for word in Noted)

    def sending(body: bytes, sent_at: datetime) -> str:
        told = sending_events.read_sending_event(body)
        told_at = told.at or sent_at
        if (told_at - world.clock.now()).total_seconds() > CLOCKS_DIFFER_BY:
            raise InvalidValue('"at" lies ahead: say when it began, not when it will.')
        now = switch_degraded(told.reason, by=told.by, told_at=told_at, uow=world.uow_for(org_id), clock=world.clock)
        return "sending=degraded" if now else "sending=well"

    return {
        path: _signed(world, org_id, variable_of(setting), secret, largest, take)
        for path, setting, largest, take in (
            ("/mail/events", "mail_events_secret", mail_events.LARGEST, mail),
            ("/sending/events", "sending_events_secret", sending_events.LARGEST, sending),
        )
        if (secret := getattr(world.settings, setting))
    }


def _signed(world: World, org_id: int, variable: str, secret: str, largest: int, take: Take) -> Answer:
    """Only what is signed is taken, and nothing under maintenance."""

    def answer(request: Request) -> Response:
        if (request.content_length or 0) > largest:
            raise RequestEntityTooLarge
        body = request.get_data()
        at = world.clock.now()
        stamp, signature = (request.headers.get(f"X-Plixo-{name}", "") for name in ("Timestamp", "Signature"))
        if not is_signed(secret, stamp=stamp, signature=signature, body=body, at=at):
            return Response(
                f"The signature does not fit: sign the time, a dot and the body with {variable}, and send it within "
                "five minutes.",
                status=401,
            )
        try:
            maintenance = world.directory.maintenance_of(org_id)
            if maintenance is not None and at < maintenance.until:
                return _later("Plixo is under maintenance.")
            said = take(body, datetime.fromtimestamp(int(stamp), at.tzinfo))
        except InvalidValue as error:
            return Response(str(error), status=400)
        except Busy:
            return _later("Plixo is busy.")
        return Response(said, status=200, content_type="text/plain")

    return answer


def _later(why: str) -> Response:
    return Response(f"{why} Send it again later.", status=503, headers={"Retry-After": str(RETRY_SECONDS)})
