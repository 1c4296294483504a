"""Whatever customers are called and write: every surface stays valid, private and free of their markup."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handlers.presenters import lists
from handlers.views.blocks import home, message_blocks, message_text, modal, option
from tests.unit.handlers import pages
from tests.unit.handlers.limits import markup, option_problems, problems, texts_of, view_problems
from tests.unit.handlers.outcomes import PAY_LINK, make_candidates, make_signet

NASTY = (
    "<!channel> <@U1> <http://evil.example|Pay> <!here|x> &lt;!channel&gt;",
    "Line one\r\nBcc: x@evil.example\u2028two\u0085three\x00\x1b[31m",
    "x" * 10_000,
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿👩‍👩‍👧‍👦" * 400,
    "evil \u202egnp.exe\u2066 \u200b\u200f hidden",
    "&" * 4_000,
    "```*_~>`",
    "   ",
    "\ud800 lone",
    "{subject} {pay_link} [x|y] {0.__class__}",
)
hostile = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet=st.one_of(st.sampled_from("<>&|!@#*_`~ \n\r\t"), st.characters()), max_size=400),
)


def _check_all(text: str) -> None:
    def change(thing: object) -> object:
        return pages.infected(thing, text)

    for name, page in pages.messages(change).items():
        blocks = message_blocks(page)
        assert not problems(blocks, most=50), (name, problems(blocks, most=50))
        assert not view_problems(modal(page)), name
        assert 1 <= len(message_text(page)) <= 3_000, name
        for shown in [message_text(page), *texts_of(blocks)]:
            assert not markup(shown), (name, markup(shown), shown[:200])
        assert PAY_LINK not in json.dumps(blocks), name
    for name, page in pages.homes(change).items():
        view = home(page)
        assert not view_problems(view), (name, view_problems(view))
        assert not [one for shown in texts_of(view) for one in markup(shown)], name
        assert PAY_LINK not in json.dumps(view), name
    for name, (words, blocks) in pages.posted(change).items():
        assert not problems(blocks, most=50), (name, problems(blocks, most=50))
        for shown in [words, *texts_of(blocks)]:
            assert not markup(shown), (name, markup(shown), shown[:200])
        assert PAY_LINK not in json.dumps(blocks), name
    for name, view in pages.rights(change).items():
        assert not view_problems(view), (name, view_problems(view))
        assert not [one for shown in texts_of(view) for one in markup(shown)], name
    for name, view in pages.views(change).items():
        assert not view_problems(view), (name, view_problems(view))
        assert not [one for shown in texts_of(view) for one in markup(shown)], name
        assert PAY_LINK not in json.dumps(view), name
    for name, form in (pages.note_forms(change) | pages.audit_windows(change)).items():
        assert not view_problems(form), (name, view_problems(form))
        assert not [one for shown in texts_of(form) for one in markup(shown)], name
    view = pages.preview(change)
    assert not view_problems(view), view_problems(view)
    assert not [one for shown in texts_of(view) for one in markup(shown)]
    for one in lists.options(pages.infected(make_candidates(), text), signet=make_signet()):
        assert not option_problems(option(one))
        assert not [bad for shown in texts_of(option(one)) for bad in markup(shown)]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_texts_leave_every_surface_valid(text: str) -> None:
    _check_all(text)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile)
@example("a&lt;b")
def test_any_text_leaves_every_surface_valid(text: str) -> None:
    _check_all(text)


def test_plain_customers_need_no_escaping_anywhere() -> None:
    for name, page in pages.messages().items():
        assert not problems(message_blocks(page), most=50), name
    for name, view in pages.modals().items():
        assert not view_problems(view), name


def test_the_pay_link_is_shown_in_the_nudge_modal_and_nowhere_else() -> None:
    assert PAY_LINK in json.dumps(pages.preview())


@pytest.mark.parametrize("locale", ["en-US", "de-DE", "fr-FR", "ja-JP", "ar-EG", "hi-IN", "pt-BR", "xx-YY", None])
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati", "Mars/Olympus"])
def test_every_reader_gets_valid_pages(locale: str | None, zone: str) -> None:
    for name, page in pages.messages(locale=locale, zone=zone).items():
        assert not problems(message_blocks(page), most=50), name
        assert not [one for shown in texts_of(message_blocks(page)) for one in markup(shown)], name
