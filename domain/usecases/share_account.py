"""Share a redacted card in a channel."""

from __future__ import annotations

from domain.accounts import ageing_by_currency, dues_of
from domain.outcomes import AccountSummary, Refused, SharedCard
from domain.policy import Rulebook
from domain.ports import Clock, UnitOfWorkFactory
from domain.rules.nudging import day_of
from domain.usecases._asker import asker, visible_account
from domain.values import Actor, Capability


def share_account(
    account_id: int, *, origin: str, actor: Actor, uow: UnitOfWorkFactory, clock: Clock, rulebook: Rulebook
) -> SharedCard | Refused | None:
    """What a channel may read: counts and ages, no amounts, people, links or notes. Audited under its `origin`.

    None when the click `origin` has shared it already: Slack delivers a click again that it believes unanswered.
    """
    at = clock.now()
    with uow() as work:
        person = asker(work, actor, at, needs=Capability.VIEW_ACCOUNTS, doing="account.share")
        if isinstance(person, Refused):
            return person
        account = visible_account(work, person, account_id, rulebook.policy.scope, at=at, doing="account.share")
        if isinstance(account, Refused):
            return account
        # The account's row is taken, so that of two deliveries at once the second one sees what the first did.
        facts = work.accounts.facts([account_id], at=at, lock=True)[account_id]
        if work.audit.has("account.shared", account_id=account_id, origin=origin):
            return None
        today = day_of(at, work.organisation.get(), rulebook).date()
        owed = [i for i in facts.invoices if i.is_open and i.balance.minor > 0]
        late = [i for i in owed if i.days_past_due(today) > 0]
        ageing = ageing_by_currency(dues_of(late), today=today)
        work.audit.record(
            "account.shared",
            at=at,
            actor_id=person.id,
            subject=f"account:{account_id}",
            account_id=account_id,
            after={"origin": origin},
        )
        return SharedCard(
            summary=AccountSummary(
                account=account,
                open_invoices=len(owed),
                past_due_invoices=len(late),
                oldest_days_past_due=max((i.days_past_due(today) for i in late), default=0),
                past_due_minor=ageing[0].total.minor if ageing else 0,
                currency=ageing[0].total.currency if ageing else None,
                has_dispute=any(facts.dispute_on(i.id) for i in owed),
                has_promise=any(facts.promise_on(i.id, at) for i in owed),
            ),
            by=person,
            at=at,
        )
