"""The form of log lines, and that an exception's own words stay out of them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import build_formatter
from bot.requests import request_of


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stream(form: str) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    log, handler = logging.getLogger("bot.trial"), logging.StreamHandler(stream)
    handler.setFormatter(build_formatter(form))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield stream
    log.removeHandler(handler)


def test_what_a_record_carries_becomes_fields(form: str, stream: io.StringIO) -> None:
    logging.getLogger("bot.trial").info("mail %s", "accepted", extra={"nudge": "4f", "code": None, "seconds": 0.25})
    (line,) = stream.getvalue().splitlines()
    if form == "json":
        said = json.loads(line)
        assert list(said)[:4] == ["at", "level", "logger", "event"]
        assert said.pop("at").endswith("Z")
        assert said == {
            "event": "mail accepted",
            "level": "info",
            "logger": "bot.trial",
            "nudge": "4f",
            "seconds": 0.25,
        }
    else:
        assert line.startswith("at=")
        assert line.endswith('level=info logger=bot.trial event="mail accepted" nudge=4f seconds=0.25')


def test_an_exception_is_told_by_its_kind_and_place(stream: io.StringIO) -> None:
    """Libraries log whole exceptions; their words may hold a row, an address or a token."""
    try:
        raise ValueError("paula@acme.example")
    except ValueError:
        logging.getLogger("bot.trial").exception("it went wrong")
    said = stream.getvalue()
    assert "paula" not in said
    assert "builtins.ValueError at test_logs.py" in said
    assert len(said.splitlines()) == 1


def test_deliveries_of_one_click_have_one_name_and_others_another() -> None:
    click = {"trigger_id": "13345224609.738474920.8088930838d88f008e0"}
    assert request_of(click) == request_of(dict(click)) != request_of({"trigger_id": "2"})
    assert request_of({"event_id": "Ev1"}) == request_of({"event_id": "Ev1"})
    assert request_of({}) != request_of({})
    assert "13345224609" not in request_of(click)
