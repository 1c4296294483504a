"""One request and its answer: acknowledged once, and said in the way that the place allows.

What goes to Slack by itself (a message on the response URL, a view) waits until the acknowledgement has left: Slack
gives a request three seconds, and its own API may take longer than that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, assert_never

from slack_bolt import Ack, BoltResponse, Respond
from slack_sdk import WebClient

from domain.errors import Busy, Unavailable
from handlers.answers import (
    Answer,
    Later,
    Mend,
    Nothing,
    Post,
    Prepare,
    Publish,
    Redraw,
    Rewrite,
    SendFile,
    Show,
    Suggest,
    Tell,
    Turn,
    TurnOverHome,
)
from handlers.inputs import Body, Place, asker_of, place_of
from handlers.views.blocks import Page, View, home, message_blocks, message_text, modal, option

_IN_MESSAGE = frozenset({Place.OWN_MESSAGE, Place.MESSAGE})


class NotTold(Exception):
    """Slack did not take a message on its response URL. Holds the status only."""

    def __init__(self, status: int) -> None:
        super().__init__(f"response URL answered {status}")
        self.is_slacks_own = status == 429 or status >= 500
        """Slack takes nothing at the moment, whatever it is."""


class Exchange:
    """`acked` is what Slack gets as the answer to its request; the first one counts, so there is only one."""

    def __init__(self, *, body: Body, ack: Ack, respond: Respond, client: WebClient) -> None:
        self.place = place_of(body)
        self.acked: BoltResponse | None = None
        self._rest: list[Callable[[], object]] = []
        self._has_left = False
        self._body = body
        self._ack = ack
        self._respond = respond
        self._client = client

    def ack(self, **said: Any) -> None:
        if self.acked is None:
            self.acked = self._ack(**said)

    @property
    def has_more(self) -> bool:
        """Something is left to say to Slack; `finish` says it."""
        return bool(self._rest)

    def finish(self) -> None:
        """Say what is left, and from now on say everything at once: the acknowledgement has left."""
        self._has_left = True
        while self._rest:
            self._rest.pop(0)()

    def give(self, answer: Answer) -> None:
        match answer:
            case Tell(page):
                self.tell(page)
            case Turn(page):
                self._turn(page)
            case Rewrite(page):
                self._rewrite(page)
            case Post(page):
                self._post(page)
            case Publish(page):
                self._then(lambda: self._publish(page))
            case TurnOverHome(page, home):
                self._turn(page)
                self._then(lambda: self._catch_up(home))
            case Show(view):
                self._then(lambda: self._open(view))
            case Prepare():
                self._then(lambda: self._prepare(answer))
            case Later():
                self._redraw(answer.waiting)
                self._then(lambda: self._write(answer.page()))
            case Redraw(view):
                self._redraw(view)
            case Mend(errors):
                self.ack(response_action="errors", errors=dict(errors))
            case SendFile():
                self._announce(answer.page)
                self._then(lambda: self._upload(answer))
            case Suggest(options):
                self.ack(options=[option(one) for one in options])
            case Nothing():
                self.ack()
            case _:
                assert_never(answer)

    def tell(self, page: Page) -> None:
        match self.place:
            case Place.COMMAND:
                self.ack(text=message_text(page), blocks=message_blocks(page), response_type="ephemeral")
            case Place.OWN_MESSAGE | Place.MESSAGE:
                self._then(lambda: self._say(page, response_type="ephemeral", replace_original=False))
            case Place.MODAL | Place.HOME | Place.SHORTCUT:
                self._then(lambda: self._open(modal(page)))
            case Place.SUBMISSION:
                self.ack(response_action="update", view=modal(page))
            case Place.OPTIONS:
                self.ack(options=[])
            case Place.EVENT:
                self.ack()
                if self._body.get("event", {}).get("type") == "app_home_opened":
                    self._then(lambda: self._publish(page))
            case _:
                assert_never(self.place)

    def tell_somehow(self, page: Page) -> None:
        """When the proper way has just failed: where no trigger is needed. A trigger works only once."""
        if self.acked is None or self.place in _IN_MESSAGE:
            self.tell(page)
        elif self.place is Place.MODAL:
            self._then(lambda: self._update(modal(page), self._body["view"]))
        elif self.place is Place.COMMAND:
            self._then(lambda: self._say(page, response_type="ephemeral", replace_original=False))
        elif self.place in (Place.HOME, Place.SHORTCUT, Place.SUBMISSION):
            self._then(lambda: self._write(page))

    def _then(self, work: Callable[[], object]) -> None:
        """After the acknowledgement: later when it has not left yet, else now."""
        self.ack()
        if self._has_left:
            work()
        else:
            self._rest.append(work)

    def _turn(self, page: Page) -> None:
        match self.place:
            case Place.OWN_MESSAGE:
                self._then(lambda: self._say(page, response_type="ephemeral", replace_original=True))
            case Place.MODAL:
                self._then(lambda: self._update(modal(page), self._body["view"]))
            case _:
                self.tell(page)

    def _post(self, page: Page) -> None:
        """For everybody in the channel; only a message has one."""
        if self.place in _IN_MESSAGE:
            self._then(lambda: self._say(page, response_type="in_channel", replace_original=False))
        else:
            self.tell(page)

    def _rewrite(self, page: Page) -> None:
        if self.place in _IN_MESSAGE:
            self._then(lambda: self._say(page, replace_original=True))
        else:
            self._turn(page)

    def _prepare(self, answer: Prepare) -> None:
        opened = self._open(answer.waiting)
        self._body = {**self._body, "view": opened}
        self.place = Place.MODAL
        self._update(answer.fill(), opened)

    def _redraw(self, view: View) -> None:
        if self.place is Place.SUBMISSION:
            self.ack(response_action="update", view=view)
        elif self.place is Place.MODAL:
            self._then(lambda: self._update(view, self._body["view"]))
        else:
            self._then(lambda: self._open(view))

    def _announce(self, page: Page) -> None:
        """In the modal in which it was asked for; elsewhere as Tell."""
        if self.place in (Place.MODAL, Place.SUBMISSION):
            self._redraw(modal(page))
        else:
            self.tell(page)

    def _open(self, view: View) -> Mapping[str, Any]:
        trigger = str(self._body["trigger_id"])
        call = self._client.views_push if self.place is Place.MODAL else self._client.views_open
        opened: Mapping[str, Any] = call(trigger_id=trigger, view=view).get("view") or {}
        return opened

    def _update(self, view: View, shown: Mapping[str, Any]) -> None:
        """With the hash of what the person saw: an older answer never covers a newer view."""
        self._client.views_update(view=view, view_id=str(shown["id"]), hash=shown.get("hash"))

    def _publish(self, page: Page) -> None:
        user = self._body.get("user") or self._body["event"]["user"]
        self._client.views_publish(user_id=user["id"] if isinstance(user, dict) else str(user), view=home(page))

    def _catch_up(self, home: Callable[[], Page]) -> None:
        """What was done is told already: where the books are busy, Home shows it when it is opened again."""
        with suppress(Busy, Unavailable):
            self._publish(home())

    def _write(self, page: Page) -> None:
        """Into the app's direct message with the person."""
        self._client.chat_postMessage(
            channel=asker_of(self._body), text=message_text(page), blocks=message_blocks(page)
        )

    def _upload(self, answer: SendFile) -> None:
        """Files need the id of a conversation: that of the message which says what the file is."""
        told = self._client.chat_postMessage(channel=asker_of(self._body), text=answer.text)
        self._client.files_upload_v2(
            channel=str(told["channel"]), filename=answer.name, title=answer.name, content=answer.content()
        )

    def _say(self, page: Page, *, replace_original: bool, response_type: str | None = None) -> None:
        told = self._respond(
            text=message_text(page),
            blocks=message_blocks(page),
            response_type=response_type,
            replace_original=replace_original,
            unfurl_links=False,
            unfurl_media=False,
        )
        if told.status_code != 200:
            raise NotTold(told.status_code)
