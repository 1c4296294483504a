"""What counts customers first: that takes longer than Slack waits."""

from __future__ import annotations

from collections.abc import Callable

from domain.charter import Counted, Uncounted
from handlers.answers import Later
from handlers.presenters.publishing import counting_page
from handlers.request import Request
from handlers.views.blocks import Page, modal


def once_counted(request: Request, uncounted: Uncounted, then: Callable[[Counted], Page]) -> Later:
    """Maintenance may have begun while they were counted: it is asked for again before anything changes."""

    def page() -> Page:
        counted = request.cases.count_customers(uncounted)
        banner = request.closed()
        return banner.page if banner else then(counted)

    return Later(modal(counting_page()), page)
