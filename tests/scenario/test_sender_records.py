"""SPF, DKIM and DMARC on the console: looked up by a job, read by people, told to the Controllers when one is gone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from urllib.request import urlopen

import pytest

from bot.chores import CHORES, who_is_due
from bot.looks import LastHeard
from bot.loop import Loop
from bot.sender_records import SECONDS, look_up, sender_records
from bot.watching import watch
from bot.world import World
from domain.errors import Unavailable
from domain.rules.sender_records import Kind
from storage import tables
from tests.factories import make_organisation
from tests.names import FakeNames
from tests.scenario.office import CARL, OLGA, Office
from tests.scenario.test_maintenance import plixo

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DOMAIN = "northwind.example"
SPF_GOOD = ":large_green_circle: *SPF* It says which servers may send for the domain."
(RECORDS,) = (chore for chore in CHORES if chore.name == "records")


class House:
    """An office whose mail leaves by a mail server, and the names that it asks."""

    def __init__(self, office: Office) -> None:
        self.office, self.world = office, sending(office)
        names = self.world.names
        assert isinstance(names, FakeNames)
        self.names = names

    def publish(self, name: str, *texts: str) -> None:
        self.names.published = {**self.names.published, name: list(texts)}

    def look(self, *, after: timedelta = HOUR) -> int:
        """The job looks, and the watch of the house until it is sure of what it sees."""
        self.office.clock.advance(after)
        turned = look_up(self.world, self.office.bot.org_id)
        for _ in range(2):
            self.office.clock.advance(2 * MINUTE)
            watch(self.world, self.office.bot.org_id)
        self.office.bot.loop.notices()
        return turned

    def told(self, user: str = CARL) -> list[str]:
        return [text for text in self.office.told(user) if "*SPF*" in text]


def sending(office: Office) -> World:
    world = office.bot.world
    settings = world.settings.model_copy(update={"smtp_url": "smtp://relay.example", "maildir": None})
    return replace(world, settings=settings)


class Watch:
    """Name servers that use all the time they are given, and say nothing."""

    seconds = 0.0

    def texts(self, name: str, *, within: float) -> list[str]:
        self.seconds += within
        raise Unavailable("The domain name system did not answer.", code="Timeout")


def another_replica(world: World) -> World:
    return replace(world, last_heard=LastHeard())


@pytest.fixture
def house(office: Office) -> House:
    return House(office)


def test_the_console_shows_each_with_its_age_and_asks_nobody(house: House) -> None:
    before = plixo(house.office, "ops")
    fix = "`/plixo cron run records` asks for it; `/plixo deliverability` looks at once."
    assert f"*SPF* Nobody has looked it up yet.\n      → {fix}" in before
    assert house.look() == 3
    asked = list(house.names.asked)
    house.office.clock.advance(16 * MINUTE)
    told = plixo(house.office, "ops")
    assert f"{SPF_GOOD} Looked up 20 minutes ago." in told
    assert ":white_circle: *DKIM* It is not known under which name the public key stands." in told
    assert "→ Set PLIXO_DKIM_SELECTOR" in told
    assert ":large_yellow_circle: *DMARC* It asks receivers to report forged mail" in told
    with urlopen(f"http://127.0.0.1:{house.office.bot.port}/status") as answer:
        (found,) = json.load(answer)["organisations"]
    levels = {row["name"]: row["level"] for row in found["rows"]}
    assert (levels["SPF"], levels["DKIM"], levels["DMARC"]) == ("green", "white", "amber")
    assert house.names.asked == asked


def test_a_record_that_is_gone_is_told_once_and_once_that_it_is_back(house: House) -> None:
    house.look()
    house.publish(DOMAIN)
    assert house.look() == 1
    for _ in range(3):
        house.look()
    (told,) = house.told()
    assert "Nothing says which servers may send for the domain." in told
    assert "→ Publish this. `/plixo deliverability` shows the record." in told
    assert not house.told(OLGA)
    house.publish(DOMAIN, "v=spf1 include:relay.example ~all")
    for _ in range(3):
        house.look()
    assert [("*SPF* is no longer red" in text) for text in house.told()] == [False, True]


def test_name_servers_that_do_not_answer_make_nothing_red_and_are_told_to_nobody(house: House) -> None:
    house.look()
    house.names.silent = frozenset({DOMAIN, f"_dmarc.{DOMAIN}"})
    assert house.look() == 0
    assert SPF_GOOD in plixo(house.office, "ops")
    house.look(after=25 * HOUR)
    assert ":large_yellow_circle: *SPF*" in plixo(house.office, "ops")
    assert "There was no answer since." in plixo(house.office, "ops")
    assert house.told() == []


def test_silence_does_not_mend_what_is_red(house: House) -> None:
    house.publish(DOMAIN)
    house.look()
    house.names.silent = frozenset({DOMAIN})
    house.look(after=25 * HOUR)
    assert len(house.told()) == 1
    assert ":red_circle: *SPF*" in plixo(house.office, "ops")


def test_they_are_looked_up_every_hour_by_whoever_comes_first(house: House) -> None:
    def is_due() -> bool:
        return house.office.bot.org_id in who_is_due(house.world, [RECORDS], house.office.clock.now())["records"]

    assert is_due()
    look_up(house.world, house.office.bot.org_id)
    house.office.clock.advance(59 * MINUTE)
    assert not is_due()
    house.office.clock.advance(MINUTE)
    assert is_due()


def test_the_look_that_began_later_has_the_last_word_however_long_another_took(house: House) -> None:
    """This replica asks; before it has its answers the record is published, and another replica finds it."""
    org_id, names = house.office.bot.org_id, house.names

    def another_looks() -> None:
        names.during = lambda: None
        house.office.clock.advance(seconds=1)
        house.publish(DOMAIN, "v=spf1 include:relay.example ~all")
        look_up(another_replica(house.world), org_id)
        house.office.clock.advance(seconds=1)

    house.publish(DOMAIN)
    names.during = another_looks
    look_up(house.world, org_id)
    assert SPF_GOOD in plixo(house.office, "ops")


def test_one_look_serves_every_organisation_until_it_is_time_again(house: House) -> None:
    world, clock = house.world, house.office.clock
    orgs = [house.office.bot.org_id, *(make_organisation(world.across, name=f"Org {n}") for n in range(3))]

    def all_look() -> int:
        house.names.asked.clear()
        for org_id in orgs:
            look_up(world, org_id)
        return house.names.asked.count(DOMAIN)

    assert all_look() == 1
    late = make_organisation(world.across, name="Latecomer")
    clock.advance(30 * MINUTE)
    look_up(world, late)
    assert {row["asked_at"] for row in house.office.rows(tables.sender_records)} == {clock.now() - 30 * MINUTE}
    orgs.append(late)
    clock.advance(30 * MINUTE)
    assert all_look() == 1, "the latecomer is due with the others from then on"


def test_nobody_is_asked_where_another_replica_has_looked_meanwhile(house: House) -> None:
    look_up(another_replica(house.world), house.office.bot.org_id)
    house.names.asked.clear()
    assert look_up(house.world, house.office.bot.org_id) == 0
    assert house.names.asked == []


def test_a_run_that_somebody_asked_for_looks_again_at_once(house: House) -> None:
    house.publish(DOMAIN)
    look_up(house.world, house.office.bot.org_id)
    house.publish(DOMAIN, "v=spf1 include:relay.example ~all")
    plixo(house.office, "cron run records")
    loop = Loop(house.world, lambda org_id: pytest.fail("nothing is posted"))
    loop._rota.chores = (RECORDS,)
    loop.chores()
    assert SPF_GOOD in plixo(house.office, "ops")


def test_name_servers_that_never_answer_take_a_few_seconds_in_all(house: House) -> None:
    watch = Watch()
    records = sender_records(house.world, f"mail.of.{DOMAIN}", names=watch, elapsed=lambda: watch.seconds)
    assert not any(record.is_answered for record in records if record.kind is not Kind.DKIM)
    assert watch.seconds == SECONDS


def test_a_house_that_sends_no_mail_asks_nobody_and_is_not_alarmed(office: Office) -> None:
    office.chores()
    names = office.bot.world.names
    assert isinstance(names, FakeNames)
    assert names.asked == []
    told = plixo(office, "ops")
    for name in ("SPF", "DKIM", "DMARC"):
        assert f":white_circle: *{name}* No mail server is set, so it is looked up only when somebody asks." in told
    assert not {"SPF", "DKIM", "DMARC"} & {row["name"] for row in office.rows(tables.alarms)}
