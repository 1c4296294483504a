"""The sending domain, and addresses to which nobody writes."""

from __future__ import annotations

from domain.deliverability import SendingNow
from domain.outcomes import Refused
from domain.usecases.lift_stop import Lifted, lift_stop
from domain.usecases.see_deliverability import see_deliverability
from domain.usecases.suppress_contact import SuppressionSet, reactivate_contact, suppress_contact
from handlers.cases.asking import Asking


class DeliverabilityCases(Asking):
    __slots__ = ()

    def see_deliverability(self) -> SendingNow | Refused:
        return see_deliverability(actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def lift_stop(self, why: str) -> Lifted | Refused:
        """Raises InvalidValue."""
        return lift_stop(why, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)

    def suppress_contact(self, email: str, *, reason: str, until: str) -> SuppressionSet | Refused:
        """Raises InvalidValue."""
        return suppress_contact(
            email,
            reason=reason,
            until=until,
            actor=self.actor,
            uow=self.uow,
            clock=self.clock,
            rulebook=self.rulebook,
        )

    def reactivate_contact(self, email: str, why: str) -> SuppressionSet | Refused:
        """Raises InvalidValue."""
        return reactivate_contact(email, why, actor=self.actor, uow=self.uow, clock=self.clock, rulebook=self.rulebook)
