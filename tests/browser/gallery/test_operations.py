"""The console and what stands around it: jobs, maintenance, the audit log, deliverability, the week ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.demo import Demo
from handlers import ids
from tests.browser.gallery.conftest import TakeSeat
from tests.browser.walking import ADA, BEN, CARL, LENA, OLGA, RITA, press

pytestmark = pytest.mark.slow


def test_the_console(seat: TakeSeat) -> None:
    ada = seat(ADA)
    press(ada.home(), ids.OPS_OPEN)
    ada.hang(ada.window, "window-console", says="release loop")
    ada.close()
    ben = seat(BEN)
    ben.type("/plixo ops")
    ben.hang(ben.message, "console", says="Operations")


def test_after_a_jump_nothing_has_to_be_mended(seat: TakeSeat, demo: Demo) -> None:
    demo.clock.advance(timedelta(days=2))
    ada = seat(ADA)
    ada.type("/plixo ops")
    ada.hang(ada.message, "console-after-a-jump", says="Operations")
    assert "Something has to be mended" not in ada.message.inner_text()


def test_a_job_is_paused(seat: TakeSeat) -> None:
    carl = seat(CARL)
    carl.type("/plixo cron list")
    carl.hang(carl.message, "cron", says="Jobs")
    carl.type('/plixo cron pause promises 30m "A bank file is being mended"')
    carl.hang(carl.message, "cron-paused", says="A bank file is being mended")
    carl.type("/plixo cron pause")
    carl.hang(carl.message, "cron-not-understood", says="cron")


def test_deliverability(seat: TakeSeat) -> None:
    carl = seat(CARL)
    carl.type("/plixo deliverability")
    carl.hang(carl.window, "window-deliverability", says="Warm-up")
    carl.close()


def test_suppression(seat: TakeSeat) -> None:
    olga, address = seat(OLGA), "j.brandt@acme-robotics.example"
    olga.type(f'/plixo suppress add {address} "opted out" 2026-12-24')
    olga.hang(olga.message, "suppressed", says=f"Nobody writes to {address}: they asked not to be written to.")
    olga.type(f'/plixo suppress lift {address} "Asked to be written to again"')
    olga.hang(olga.message, "lifted", says=f"{address} may be written to again.")
    olga.type("/plixo suppress add")
    olga.hang(olga.message, "suppress-wrong", says="I did not understand that.")


def test_the_week_ahead(seat: TakeSeat) -> None:
    rita = seat(RITA)
    rita.type("/plixo simulate")
    rita.hang(rita.window, "window-simulate-book", says="Looked at")
    rita.close()
    rita.type("/plixo simulate acme robotics")
    rita.hang(rita.message, "simulate-account", says="Acme Robotics")
    rita.type("/plixo simulate C-1010")
    rita.hang(rita.message, "simulate-on-hold", says="Falkenstein")
    press(rita.card("C-1001"), ids.SIMULATE_ACCOUNT)
    rita.hang(rita.message, "simulate-from-card", says="Acme Robotics")


def test_the_audit_log(seat: TakeSeat) -> None:
    lena = seat(LENA)
    lena.type("/plixo audit")
    lena.hang(lena.window, "window-audit", says="newest first")
    press(lena.window, ids.AUDIT_EXPORT)
    lena.hang(lena.window, "window-audit-exported", says="The file is in your messages")
    lena.close()
    lena.messages()
    lena.hang(lena.message, "audit-file", says="plixo-audit")


def test_maintenance(seat: TakeSeat) -> None:
    carl, rita = seat(CARL), seat(RITA)
    carl.type('/plixo maintenance on "New disks" 2h')
    carl.hang(carl.message, "maintenance-on", says="New disks")
    rita.hang(rita.home(), "home-under-maintenance", says="under maintenance")
    rita.type("/account C-1001")
    rita.hang(rita.message, "card-under-maintenance", says="Acme Robotics")
    press(rita.message, ids.NOTES_ADD)
    rita.hang(rita.message, "refused-under-maintenance", says="maintenance")
    carl.type("/plixo ops")
    carl.hang(carl.message, "console-under-maintenance", says="under maintenance")
    carl.type("/plixo maintenance off")
    carl.hang(carl.message, "maintenance-off", says="Maintenance has ended")
