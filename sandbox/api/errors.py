"""The one way a method says no."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """`code` is Slack's error; `messages` name the places that are wrong; `extra` goes into the answer."""

    def __init__(
        self,
        code: str,
        *,
        messages: list[str] | None = None,
        status: int = 200,
        retry_after: int | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code)
        self.code, self.status, self.retry_after = code, status, retry_after
        self.messages = messages or []
        self.extra = extra

    def body(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer
