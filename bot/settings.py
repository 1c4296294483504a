"""Configuration by environment or `.env`, read once at the command line and named in the README's table."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.setting_types import (
    AppToken,
    BotToken,
    DatabaseUrl,
    Days,
    DigestTime,
    Hours,
    IpAddress,
    MailAddress,
    MailUrl,
    Ramp,
    Spans,
    ZoneName,
    read_digest_time,
)
from connectors.mail.relay import longest_send
from domain.mail import Mailbox
from domain.minimums import MinimumBalances
from domain.policy import Policy
from domain.rules.doubt import LONGEST_LEASE
from domain.rules.quiet_hours import QuietHours
from domain.rules.written import DAYS, read_hours, read_ramp, read_span, write_ramp
from domain.values import AccountScope
from domain.warming import RAMP, WarmUp


class ConfigurationError(Exception):
    """Everything that is wrong with the configuration, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _slack(name: str, **options: Any) -> Any:
    return Field(validation_alias=f"SLACK_{name}", **options)


class Settings(BaseSettings):
    """All settings. Names are `PLIXO_` and the field in capitals, Slack's own are `SLACK_...`."""

    model_config = SettingsConfigDict(
        env_prefix="PLIXO_", env_file=".env", extra="ignore", hide_input_in_errors=True, populate_by_name=True
    )

    slack_bot_token: BotToken = _slack("BOT_TOKEN", default="", repr=False, description="Bot token, `xoxb-…`")
    slack_signing_secret: str = _slack("SIGNING_SECRET", default="", repr=False, description="Signing secret (HTTP)")
    slack_app_token: AppToken = _slack(
        "APP_TOKEN", default="", repr=False, description="App token, `xapp-…`; its presence means Socket Mode"
    )
    slack_api_url: str = _slack("API_URL", default="https://slack.com/api/", description="Base URL of Slack's Web API")

    database_url: DatabaseUrl = Field("sqlite:///var/plixo.db", repr=False, description="SQLite file or PostgreSQL URL")
    smtp_url: MailUrl = Field("", repr=False, description="`smtp://user:password@host:587` or `smtps://…`")
    maildir: Path | None = Field(None, description="Write mail into this Maildir instead of sending it")
    smtp_idempotency_header: str = Field("", description="Header by which the mail provider de-duplicates")
    smtp_seconds: float = Field(
        30, gt=0, le=300, description="How long the mail server may take for one reply, seconds"
    )
    smtp_dot_seconds: float = Field(
        120, gt=0, le=1200, description="How long the mail server may take to accept a whole mail, seconds"
    )
    senders: int = Field(
        16, ge=1, le=64, description="Mails handed over at once; a crash leaves at most so many unconfirmed"
    )
    http_host: IpAddress = Field("127.0.0.1", description="Address to listen on")
    http_port: int = Field(
        3000, ge=0, le=65535, description="Port for Slack's requests, /healthz, /readyz and /metrics"
    )
    worker_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Port of `plixo worker` for health checks and /metrics; unset: it does not listen",
    )
    http_threads: int = Field(16, ge=4, le=256, description="Threads that answer Slack")
    tick_seconds: float = Field(2, gt=0, le=60, description="How often the loop looks for due messages")
    claim_lease_seconds: float = Field(
        60, gt=0, le=3600, description="After so long a claim whose worker vanished returns to the queue"
    )
    sending_lease_seconds: float = Field(
        900,
        gt=0,
        le=LONGEST_LEASE.total_seconds(),
        description="After so long a hand-over whose worker vanished becomes unconfirmed",
    )
    grace_seconds: float = Field(25, gt=0, le=600, description="Longest wait at a stop for mails that are under way")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Log level")
    log_format: str = Field(
        "text", pattern="^(text|json)$", description="Log lines as `text` for people or `json` for machines"
    )

    organisation: str = Field("My organisation", min_length=1, max_length=200, description="Name of the organisation")
    zone: ZoneName = Field("Europe/Berlin", description="IANA zone of the workspace; daily caps count its days")
    country: str = Field("", pattern="^([A-Z]{2})?$", description="ISO 3166 country of the workspace")
    ar_channel: str = Field(
        "",
        pattern="^([CG][A-Z0-9]+)?$",
        description="Channel id for A/R's alerts; empty: the Controllers' direct messages",
    )
    account_scope: AccountScope = Field(
        AccountScope.ASSIGNED, description="`assigned` or `all`: what Sales and CSM see"
    )

    sender_address: MailAddress = Field("receivables@example.com", description="From address of every reminder")
    sender_name: str = Field("Accounts Receivable", max_length=100, description="Name beside it")
    reply_to: MailAddress = Field("", description="Where the customer's answer goes")
    unsubscribe_address: MailAddress = Field("", description="Mailbox of the List-Unsubscribe header")

    quiet_hours: Hours = Field("18:00-08:00", description="Quiet hours on the customer's clock")
    open_days: Days = Field(DAYS[:5], description="Days on which mail may leave")
    keep_holidays: bool = Field(True, description="Public holidays of the payer's country are quiet")
    blackouts: Spans = Field((), description="Quiet ranges of days, `2026-12-24/2027-01-02`, end not included")
    spread_minutes: int = Field(15, ge=0, le=240, description="Messages leave spread over so many minutes")
    daily_cap: int = Field(50, ge=1, description="Mails a day")
    warm_up_ramp: Ramp = Field(
        tuple(write_ramp(RAMP)),
        description="The sending domain's ramp: days, and mails on each; `none`: it is in use for that volume",
    )
    contact_gap_hours: int = Field(24, ge=0, le=168, description="Hours between two mails to one contact")
    nudges_per_week: int = Field(2, ge=1, description="Nudges per contact in seven days")
    freshness_hours: int = Field(24, ge=1, description="Oldest books a reminder may rest on")
    autopilot_before_hours: int = Field(48, ge=0, description="No nudge so long before an Autopilot step")
    autopilot_after_hours: int = Field(24, ge=0, le=168, description="No nudge so long after an Autopilot step")
    minimum_balance: Decimal = Field(Decimal(1), ge=0, description="Smallest balance worth a nudge, major units")
    expiry_hours: int = Field(72, ge=1, description="A nudge expires so long after it could first have left")

    mail_events_secret: str = Field(
        "",
        repr=False,
        pattern="^(.{16,200})?$",
        description="Secret with which the mail provider's events at `/mail/events` are signed; unset: none are taken",
    )
    sending_events_secret: str = Field(
        "",
        repr=False,
        pattern="^(.{16,200})?$",
        description="Secret with which billing's and monitors' events at `/sending/events` are signed; unset: none are "
        "taken",
    )
    dkim_selector: str = Field(
        "",
        pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*)?$",
        description="Selector under which the DKIM key is published, the relay's or ours",
    )
    dkim_key_file: Path | None = Field(
        None, description="RSA private key (PEM) by which Plixo signs each mail itself; unset: the relay signs"
    )
    spf_include: str = Field(
        "",
        pattern=r"^([a-z0-9_-]+(\.[a-z0-9_-]+)+)?$",
        description="Name that the mail relay wants in the domain's SPF record, such as `amazonses.com`",
    )

    digest_at: DigestTime = Field(
        "08:30", description="When each person's daily digest comes, on their own clock; `off`: never"
    )
    audit_retention_days: int | None = Field(
        None, ge=365, le=36_500, description="Days that the audit log is kept; unset: for ever"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Settings:
        if self.smtp_url and self.maildir:
            raise ValueError("Set PLIXO_SMTP_URL or PLIXO_MAILDIR, not both.")
        longest = longest_send(self.smtp_seconds, self.smtp_dot_seconds)
        if self.sending_lease_seconds <= longest:
            raise ValueError(
                f"A hand-over may take {longest:g} seconds (twice PLIXO_SMTP_SECONDS and PLIXO_SMTP_DOT_SECONDS); "
                "set PLIXO_SENDING_LEASE_SECONDS higher than that."
            )
        return self

    def policy(self) -> Policy:
        """The rules' numbers as the domain knows them. Raises InvalidValue for hours that cannot be meant."""
        return Policy(
            quiet=self.quiet(),
            spread=timedelta(minutes=self.spread_minutes),
            contact_gap=timedelta(hours=self.contact_gap_hours),
            nudges_per_window=self.nudges_per_week,
            daily_cap=self.daily_cap,
            warm_up=WarmUp(ramp=read_ramp(self.warm_up_ramp)),
            freshness=timedelta(hours=self.freshness_hours),
            autopilot_before=timedelta(hours=self.autopilot_before_hours),
            autopilot_after=timedelta(hours=self.autopilot_after_hours),
            minimum_balances=MinimumBalances(self.minimum_balance),
            expiry=timedelta(hours=self.expiry_hours),
            scope=self.account_scope,
            deduplicates=bool(self.smtp_idempotency_header),
            sender=Mailbox(self.sender_address, self.sender_name),
            digest_at=read_digest_time(self.digest_at),
            reply_to=Mailbox(self.reply_to) if self.reply_to else None,
            unsubscribe=Mailbox(self.unsubscribe_address) if self.unsubscribe_address else None,
        )

    def quiet(self) -> QuietHours:
        start, end = read_hours(self.quiet_hours)
        return QuietHours(
            start=start,
            end=end,
            open_days=frozenset(DAYS.index(day) for day in self.open_days),
            blackouts=tuple(read_span(text) for text in self.blackouts),
            keep_holidays=self.keep_holidays,
        )


_SECRET = "Make it 16 to 200 characters long, such as `openssl rand -hex 32` prints."
_PATTERNS = {
    "ar_channel": "Give the channel's id, such as C0123456789 (in Slack: the channel's details, at the bottom).",
    "country": "Give the two capital letters of the country, such as DE.",
    "dkim_selector": "Give the selector alone, in small letters, such as plixo or s1.",
    "spf_include": "Give the name alone, such as amazonses.com, without include:.",
    "mail_events_secret": _SECRET,
    "sending_events_secret": _SECRET,
    "log_format": "Choose text or json.",
    "log_level": "Choose DEBUG, INFO, WARNING or ERROR.",
}
"""What is wrong, for the settings that are checked by a pattern."""


def variable_of(field: str) -> str:
    """The environment variable of a field."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else f"PLIXO_{field.upper()}"


def load_settings(**overrides: Any) -> Settings:
    """Read the environment and `.env`. Raises ConfigurationError with every problem at once."""
    problems = [
        f"{name}: there is no such setting; see the table in the README."
        for name in _unknown_names({**dotenv_values(".env"), **os.environ})
    ]
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        for item in error.errors():
            field = str(item["loc"][0]) if item["loc"] else ""
            name = variable_of(field) if field in Settings.model_fields else field
            said = _PATTERNS.get(field, item["msg"].removeprefix("Value error, "))
            problems.append(f"{name}: {said}" if name else said)
        raise ConfigurationError(problems) from error
    if problems:
        raise ConfigurationError(problems)
    return settings


def _unknown_names(environment: Mapping[str, str | None]) -> list[str]:
    known = {variable_of(field) for field in Settings.model_fields}
    return sorted(name for name in environment if name.startswith("PLIXO_") and name not in known)
