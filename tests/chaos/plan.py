"""What a round is made of, and the settings its processes run with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.chaos.fleet import Step
from tests.chaos.schedule import DATABASE_KINDS, Act

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-chaos"
AR = "C01AR"
HEADER = "X-Idempotency-Key"
SENDERS = 4
CLAIM_LEASE, SENDING_LEASE = 1.5, 3.0
"""Seconds; the second is longer than a hand-over may take."""
NEVER_LOGGED = ("pay.example", "@customer", "Paula Payer", TOKEN, SECRET)


@dataclass(frozen=True)
class Plan:
    """`steps` are struck one after the other, `acts` happen by the clock, `pace` messages become due each second.

    `skews` are seconds by which the workers' own clocks differ from the round's, on PostgreSQL.
    """

    name: str
    seed: int
    messages: int
    pace: float
    acts: Sequence[Act] = ()
    steps: Sequence[Step] = ()
    workers: int = 3
    deduplicates: bool = False
    latency: float = 0.02
    skews: Sequence[float] = (0.0, 3600.0, -3600.0)

    @property
    def leaves_the_database_alone(self) -> bool:
        """Then a dead worker leaves behind what it was handing over, and nothing else."""
        return not any(act.kind in DATABASE_KINDS for act in self.acts)


def settings(plan: Plan, *, database_url: str, smtp_port: int, slack_url: str) -> dict[str, str]:
    """Short leases, open hours, and no cap in the way."""
    # A quiet minute that no round comes to: a round's clock moves by hours, and mostly forwards.
    quiet = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(hours=6)
    given = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack_url,
        "PLIXO_DATABASE_URL": database_url,
        "PLIXO_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}?starttls=0",
        "PLIXO_SMTP_SECONDS": "0.5",
        "PLIXO_SMTP_DOT_SECONDS": "0.8",
        "PLIXO_SENDERS": str(SENDERS),
        "PLIXO_CLAIM_LEASE_SECONDS": str(CLAIM_LEASE),
        "PLIXO_SENDING_LEASE_SECONDS": str(SENDING_LEASE),
        "PLIXO_GRACE_SECONDS": "5",
        "PLIXO_TICK_SECONDS": "0.1",
        "PLIXO_HTTP_PORT": "0",
        "PLIXO_HTTP_THREADS": "4",
        "PLIXO_AR_CHANNEL": AR,
        "PLIXO_ORGANISATION": "Northwind",
        "PLIXO_COUNTRY": "DE",
        "PLIXO_ACCOUNT_SCOPE": "all",
        "PLIXO_QUIET_HOURS": f"{quiet:%H:%M}-{quiet + timedelta(minutes=1):%H:%M}",
        "PLIXO_OPEN_DAYS": "mon,tue,wed,thu,fri,sat,sun",
        "PLIXO_KEEP_HOLIDAYS": "false",
        "PLIXO_SPREAD_MINUTES": "0",
        "PLIXO_DAILY_CAP": "1000000",
        "PLIXO_WARM_UP_RAMP": "none",
        "PLIXO_FRESHNESS_HOURS": "10000",
        "PLIXO_EXPIRY_HOURS": "10000",
    }
    return given | ({"PLIXO_SMTP_IDEMPOTENCY_HEADER": HEADER} if plan.deduplicates else {})
