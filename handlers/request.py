"""What a listener is given: who asks, what they sent, and the use cases as they may call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.jobs import JobKind
from domain.ports import Profiles, UserGroups
from domain.readiness import Row
from domain.rules.sender_records import Record
from domain.values import Actor, Person
from handlers.answers import Tell
from handlers.cases import Cases
from handlers.desk import NoGroups, NoPermalinks, NoProfiles, Permalinks
from handlers.inputs import Body, Place
from handlers.presenters.reader import Reader
from handlers.seal import Signet


@dataclass(frozen=True, slots=True)
class Request:
    """`at` is the instant the request came in (UTC). `person` decides what is shown, never what may be done.

    `closed` is the banner when the house is under maintenance, for what would write. `jobs`, `readiness`: see `Desk`.
    """

    body: Body
    place: Place
    actor: Actor
    person: Person
    reader: Reader
    signet: Signet
    cases: Cases
    at: datetime
    profiles: Profiles = field(default_factory=NoProfiles)
    groups: UserGroups = field(default_factory=NoGroups)
    permalinks: Permalinks = field(default_factory=NoPermalinks)
    readiness: Callable[[], Sequence[Row]] = tuple
    jobs: Mapping[str, JobKind] = field(default_factory=dict)
    sender_records: Callable[[str], tuple[Record, ...]] = lambda domain: ()
    closed: Callable[[], Tell | None] = lambda: None

    @property
    def can_share(self) -> bool:
        """A channel or conversation stands behind it, so there is somewhere to share to."""
        return self.place in (Place.COMMAND, Place.OWN_MESSAGE, Place.MESSAGE)
