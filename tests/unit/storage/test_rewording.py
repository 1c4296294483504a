"""A segment's settings are put into its text: the other lines stay, and it says the same otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policies import DocumentKind, Mode, Segments, Settings
from domain.rules.documents import written_settings
from storage.notation import read_document, write_document
from storage.rewording import reworded
from tests.unit.policy.writing import trees

TEXT = """\
# Tried from the top.
- name: Late            # they pay late
  when: {ageing: [31-60]}
  mode: shadow          # until March
  cadence: Standard
- mode: off
  name: Everybody else
"""
EVENING = (time(20), time(7))


def said(text: str) -> Segments:
    content = read_document(DocumentKind.SEGMENTS, text)
    assert isinstance(content, Segments)
    return content


def test_only_the_lines_of_its_values_change() -> None:
    once = reworded(TEXT, 0, written_settings(Settings(Mode.AUTOPILOT, 20, EVENING)))
    assert once == TEXT.replace(
        "  mode: shadow          # until March\n",
        "  mode: autopilot          # until March\n  daily_cap: 20\n  quiet_hours: 20:00-07:00\n",
    )
    again = reworded(once, 0, written_settings(Settings(Mode.AUTOPILOT, 5)))
    assert again == once.replace("daily_cap: 20", "daily_cap: 5").replace("  quiet_hours: 20:00-07:00\n", "")
    assert reworded(once, 0, written_settings(Settings(Mode.SHADOW))) == TEXT.replace("shadow ", "shadow ")


def test_a_value_may_stand_behind_the_dash_and_at_the_end_of_the_text() -> None:
    assert reworded(TEXT, 1, written_settings(Settings(Mode.OFF, 3))) == TEXT.replace(
        "- mode: off\n", "- mode: off\n  daily_cap: 3\n"
    )
    short = "- name: All\n  mode: off"
    assert reworded(short, 0, written_settings(Settings(Mode.OFF, 3))) == f"{short}\n  daily_cap: 3"


def test_in_curly_brackets_it_is_put_in_and_taken_out() -> None:
    flow = "- {name: All, mode: off}  # everybody\n"
    put = reworded(flow, 0, written_settings(Settings(Mode.OFF, 3)))
    assert put == "- {name: All, mode: off, daily_cap: 3}  # everybody\n"
    assert said(reworded(put, 0, written_settings(Settings(Mode.OFF)))) == said(flow)


@pytest.mark.parametrize("given_", ["daily_cap:", 'daily_cap: ""', "daily_cap: '7'", "daily_cap: 7   # for now"])
def test_what_stands_there_is_replaced_however_it_was_written(given_: str) -> None:
    text = f"- name: All\n  mode: off\n  {given_}\n"
    for settings in (Settings(Mode.OFF, 9, EVENING), Settings(Mode.OFF)):
        (segment,) = said(reworded(text, 0, written_settings(settings))).each
        assert segment.settings == settings


SETTINGS = st.builds(Settings, st.sampled_from(Mode), st.none() | st.integers(1, 999), st.sampled_from([None, EVENING]))


@given(tree=trees(), settings=SETTINGS, which=st.integers(0, 4))
def test_whatever_the_document_the_rest_says_the_same(tree: dict[Any, Any], settings: Settings, which: int) -> None:
    text = write_document(tree[DocumentKind.SEGMENTS])
    before = said(text)
    index = which % len(before.each)
    changed = replace(before.each[index], mode=settings.mode, daily_cap=settings.daily_cap, quiet=settings.quiet)
    if changed.cadence is None and settings.mode is not Mode.OFF:
        return
    after = said(reworded(text, index, written_settings(settings)))
    assert after.each == (*before.each[:index], changed, *before.each[index + 1 :])
