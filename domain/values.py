"""Small values everything else is made of: money, roles, people, zones' names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from domain.currencies import CURRENCIES
from domain.errors import InvalidValue


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in the minor units of its ISO 4217 currency (cents, yen, fils).

    `minor` is a whole number and may be negative (a credit). Amounts of two currencies never mix.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise InvalidValue(f"“{self.currency}” is not an ISO 4217 currency code such as EUR or JPY.")

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str) -> Money:
        """Build from major units. Raises InvalidValue when the amount has more decimals than the currency."""
        if currency not in CURRENCIES:
            raise InvalidValue(f"“{currency}” is not an ISO 4217 currency code such as EUR or JPY.")
        try:
            scaled = Decimal(amount).scaleb(CURRENCIES[currency])
        except InvalidOperation as error:
            raise InvalidValue(f"“{amount}” is not an amount.") from error
        if not scaled.is_finite() or abs(scaled) >= 10**17:
            raise InvalidValue(f"“{amount}” is out of range for an amount.")
        if scaled != scaled.to_integral_value():
            places = CURRENCIES[currency]
            raise InvalidValue(f"{amount} has more decimal places than {currency} has ({places}).")
        return cls(int(scaled), currency)

    @property
    def exponent(self) -> int:
        """Decimal places of the currency, by ISO 4217."""
        return CURRENCIES[self.currency]

    @property
    def major(self) -> Decimal:
        return Decimal(self.minor).scaleb(-self.exponent)

    def _same(self, other: Money) -> None:
        if other.currency != self.currency:
            raise InvalidValue(f"{self.currency} and {other.currency} cannot be added up.")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def share(self, fraction: Decimal) -> Money:
        """A fraction of the amount, rounded half up to a whole minor unit."""
        return Money(int((self.minor * fraction).to_integral_value(ROUND_HALF_UP)), self.currency)

    def __str__(self) -> str:
        return f"{self.major} {self.currency}"


class Role(StrEnum):
    """The nine roles; who may do what stands in `rules.access`."""

    ADMIN = "admin"
    CONTROLLER = "controller"
    AR_MANAGER = "ar_manager"
    OPERATOR = "operator"
    SALES = "sales"
    CSM = "csm"
    LEGAL = "legal"
    BILLING_ADMIN = "billing_admin"
    VIEWER = "viewer"


class Capability(StrEnum):
    """What a role may do. Names follow the capability matrix."""

    VIEW_ACCOUNTS = "view_accounts"
    NUDGE = "nudge"
    REPORT = "report"
    RECORD = "record"
    RECORD_DISPUTE_INPUT = "record_dispute_input"
    HOLD_NUDGE = "hold_nudge"
    HOLD_OWN_NUDGE = "hold_own_nudge"
    RESOLVE_UNCONFIRMED = "resolve_unconfirmed"
    WRITE_NOTES = "write_notes"
    COMMENT = "comment"
    VIEW_POLICIES = "view_policies"
    EDIT_POLICIES = "edit_policies"
    SIGN_OFF_POLICIES = "sign_off_policies"
    SET_SEGMENTS = "set_segments"
    APPROVE_DRAFTS = "approve_drafts"
    DECIDE_REQUESTS = "decide_requests"
    SUPPRESS_CONTACTS = "suppress_contacts"
    CONFIRM_CASH = "confirm_cash"
    VIEW_OPERATIONS = "view_operations"
    OPERATE = "operate"
    ASSIGN_ROLES = "assign_roles"
    EXPORT = "export"


class AccountScope(StrEnum):
    """Which accounts Sales and CSM see: those they own, or all."""

    ASSIGNED = "assigned"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Person:
    """A Plixo user as the database knows them now. `capabilities` holds grants on top of the role."""

    org_id: int
    id: int
    email: str
    name: str
    role: Role
    is_active: bool
    zone: str | None = None
    locale: str | None = None
    slack_user_id: str | None = None
    capabilities: frozenset[Capability] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: identity only, from the verified envelope. What they may do is looked up at every action."""

    org_id: int
    user_id: int
    zone: str


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open stretch of calendar days `[start, end)`."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


def require_aware(at: datetime) -> datetime:
    """Refuse naive datetimes at the border of a rule: they have cost every product of this kind a DST bug."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise InvalidValue("A time without its zone was given.")
    return at
