"""`POST /mail/events`: a mail provider tells what came back and who complained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from bot.world import World
from connectors.mail.events import LARGEST, is_signed, read_events
from domain.bounces import Noted
from domain.errors import Busy, InvalidValue
from domain.usecases.note_bounce import note_bounce

RETRY_SECONDS = 60
"""After so long the provider may send it again."""


def build_mail_events(world: World, org_id: int) -> Callable[[Request], Response] | None:
    """None while no secret is set: then there is no such address.

    Answers 200 with what was new, 400 and 401 with a sentence, 503 when it is to be sent again. The same event again
    changes nothing.
    """
    secret = world.settings.mail_events_secret
    if not secret:
        return None

    def answer(request: Request) -> Response:
        if (request.content_length or 0) > LARGEST:
            raise RequestEntityTooLarge
        body = request.get_data()
        at = world.clock.now()
        stamp, signature = (request.headers.get(f"X-Plixo-{name}", "") for name in ("Timestamp", "Signature"))
        if not is_signed(secret, stamp=stamp, signature=signature, body=body, at=at):
            return Response(
                "The signature does not fit: sign the time, a dot and the body with PLIXO_MAIL_EVENTS_SECRET, and send "
                "it within five minutes.",
                status=401,
            )
        try:
            bounces = read_events(body)
        except InvalidValue as error:
            return Response(str(error), status=400)
        try:
            maintenance = world.directory.maintenance_of(org_id)
            if maintenance is not None and at < maintenance.until:
                return _later("Plixo is under maintenance.")
            uow, rulebook = world.uow_for(org_id), world.rulebook_for(org_id)
            noted = Counter(note_bounce(each, uow=uow, clock=world.clock, rulebook=rulebook) for each in bounces)
        except Busy:
            return _later("The database is busy.")
        return Response(
            " ".join(f"{word.value}={noted[word]}" for word in Noted), status=200, content_type="text/plain"
        )

    return answer


def _later(why: str) -> Response:
    return Response(f"{why} Send it again later.", status=503, headers={"Retry-After": str(RETRY_SECONDS)})
