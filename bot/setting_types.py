"""What a setting's text must be. Each type says in one sentence what is wrong with a value."""

from __future__ import annotations

import re
from datetime import time
from ipaddress import ip_address
from typing import Annotated
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from connectors.mail.relay import read_smtp_url
from domain.errors import InvalidValue
from domain.rules.quiet_hours import QuietHours
from domain.rules.written import DAYS, read_hours, read_ramp, read_span
from domain.warming import WarmUp

_NO_PLACES = {"localtime", "posixrules", "Factory"}


def read_digest_time(text: str) -> time | None:
    """`08:30`, wall-clock, or `off`. Raises InvalidValue."""
    if text == "off":
        return None
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text)
    if not match:
        raise InvalidValue("Write the digest's time like 08:30, or off.")
    try:
        return time(int(match[1]), int(match[2]))
    except ValueError as error:
        raise InvalidValue("No clock shows this time; write the digest's like 08:30.") from error


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip().lower() for part in value.split(",") if part.strip())
    return value


def _bot_token(value: str) -> str:
    return _token(value, "xoxb-")


def _app_token(value: str) -> str:
    return _token(value, "xapp-")


def _token(value: str, prefix: str) -> str:
    if value and not value.startswith(prefix):
        raise ValueError(f"This token should begin with {prefix}; see the app's settings in Slack.")
    return value


def _one_address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError as error:
        raise ValueError("Give one IP address, such as 127.0.0.1, or 0.0.0.0 for all.") from error


def _mail_url(value: str) -> str:
    if value:
        read_smtp_url(value)
    return value


def _hours(value: str) -> str:
    QuietHours(*read_hours(value))
    return value


def _digest_time(value: str) -> str:
    read_digest_time(value)
    return value


def _spans(value: tuple[str, ...]) -> tuple[str, ...]:
    for text in value:
        read_span(text)
    return value


def _ramp(value: tuple[str, ...]) -> tuple[str, ...]:
    WarmUp(ramp=read_ramp(value))
    return value


def _known_zone(value: str) -> str:
    if value not in available_timezones() - _NO_PLACES:
        raise ValueError(f"“{value}” is not an IANA time zone such as Europe/Berlin or America/New_York.")
    return value


def _known_days(value: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := [day for day in value if day not in DAYS]:
        raise ValueError(f"“{unknown[0]}” is not a day; write mon,tue,wed,thu,fri,sat,sun.")
    return value


def _mail_address(value: str) -> str:
    if not value:
        return value
    try:
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValueError(f"This is not an e-mail address: {error}") from error


def _known_database(value: str) -> str:
    if not re.match(r"^(sqlite:///|postgres(ql)?(\+psycopg)?://)", value):
        raise ValueError("Write sqlite:///path/to/file.db or postgresql://user:password@host/database.")
    return value


BotToken = Annotated[str, AfterValidator(_bot_token)]
AppToken = Annotated[str, AfterValidator(_app_token)]
DatabaseUrl = Annotated[str, AfterValidator(_known_database)]
MailUrl = Annotated[str, AfterValidator(_mail_url)]
IpAddress = Annotated[str, AfterValidator(_one_address)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
"""Empty, or one plain address."""
Hours = Annotated[str, AfterValidator(_hours)]
DigestTime = Annotated[str, AfterValidator(_digest_time)]
Days = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_known_days)]
Spans = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_spans)]
Ramp = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_ramp)]
