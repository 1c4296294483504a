"""Where a message stands (`handlers.desk.Permalinks`)."""

from __future__ import annotations

from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError


class SlackPermalinks:
    """One `chat.getPermalink` call per question. It is worth no waiting: whoever asks can write the address too."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def of(self, channel: str, ts: str) -> str | None:
        try:
            answer = self._client.chat_getPermalink(channel=channel, message_ts=ts)
        except (SlackApiError, URLError, TimeoutError, OSError):
            return None
        return str(answer["permalink"]) or None
