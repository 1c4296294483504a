"""Settings that cannot be meant are refused at once, all together, each with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import ConfigurationError, load_settings

WRONG = {
    "SLACK_BOT_TOKEN": ("xapp-1", "begin with xoxb-"),
    "SLACK_APP_TOKEN": ("xoxb-1", "begin with xapp-"),
    "PLIXO_DATABASE_URL": ("mysql://here", "Write sqlite:///"),
    "PLIXO_SMTP_URL": ("mail.example.com", "smtp://"),
    "PLIXO_HTTP_HOST": ("localhost", "one IP address"),
    "PLIXO_ZONE": ("Mars/Olympus", "not an IANA time zone"),
    "PLIXO_SENDER_ADDRESS": ("two words", "not an e-mail address"),
    "PLIXO_QUIET_HOURS": ("08:00-08:00", "start"),
    "PLIXO_OPEN_DAYS": ("mon,foo", "“foo” is not a day"),
    "PLIXO_BLACKOUTS": ("christmas", "christmas"),
    "PLIXO_DIGEST_AT": ("25:99", "No clock shows this time"),
    "PLIXO_AR_CHANNEL": ("#billing", "the channel's id"),
    "PLIXO_DIGEST_TIME": ("08:30", "there is no such setting"),
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)


def test_everything_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, (value, _) in WRONG.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    told = dict(problem.split(": ", 1) for problem in refused.value.problems)
    assert set(told) == set(WRONG)
    for name, (_, sentence) in WRONG.items():
        assert sentence in told[name], told[name]


def test_lists_are_read_from_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLIXO_OPEN_DAYS", "Mon, tue,SAT")
    monkeypatch.setenv("PLIXO_BLACKOUTS", "2026-12-24/2027-01-02")
    settings = load_settings()
    assert settings.open_days == ("mon", "tue", "sat")
    assert len(settings.quiet().blackouts) == 1
