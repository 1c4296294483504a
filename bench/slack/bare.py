"""The peer: Bolt as its documentation shows it, behind the same web server, answering hello to `/account`.

    python -m bench.slack.bare default|before

`default` is Bolt's own mode, `before` is `process_before_response=True`. Prints the port it took.
"""

from __future__ import annotations

import os
import sys

from flask import Flask, Response, request
from slack_bolt import Ack, App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient
from waitress.server import create_server

THREADS = 16
MODES = ("default", "before")


def main(mode: str) -> None:
    app = App(
        client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=mode == "before",
    )

    @app.command("/account")
    def hello(ack: Ack) -> None:
        ack("Hello world")

    web = Flask("bare")
    handler = SlackRequestHandler(app)

    @web.post("/slack/events")
    def slack() -> Response:
        return handler.handle(request)

    server = create_server(web, host="127.0.0.1", port=0, threads=THREADS, ident=None)
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main(sys.argv[1])
