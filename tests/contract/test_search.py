"""`/account` finds what people mean: exact first, then beginnings, then slips of the finger. Only what they may see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, update

from domain.outcomes import Candidate
from domain.ports import UnitOfWorkFactory
from storage.tables import accounts
from storage.transactions import transaction
from tests.factories import make_account, make_contact

RITA, SAM = "rita@northwind.example", "sam@northwind.example"
BOOK = [
    ("Acme Robotics GmbH", "C-1001", ["Acme Robotik"], "acme.example", RITA),
    ("Acme", "C-1002", [], None, SAM),
    ("Globex Corporation", "C-2001", ["GX Holdings"], "globex.example", RITA),
    ("Łódź-Chem S.p.A.", "PL/77", [], "lodz-chem.example", RITA),
    ("Müller & Söhne KG", "C-3001", [], None, RITA),
    ("O’Brien Shipping Ltd.", "C-4001", [], None, SAM),
    ("Initech Systems", "C-5001", [], None, RITA),
    ("Initrode Systems", "C-5002", [], None, RITA),
    ("東京電力", "JP-1", [], None, RITA),
]


@pytest.fixture
def book(database: Engine, organisation: int) -> Iterator[None]:
    for name, external_id, aliases, domain, owner in BOOK:
        account = make_account(
            database,
            organisation,
            name=name,
            external_id=external_id,
            aliases=aliases,
            domain=domain,
            owner_email=owner,
        )
        if name == "Globex Corporation":
            make_contact(database, organisation, account.id, email="Hank.Scorpio@globex.example")
    yield


def search(uow: UnitOfWorkFactory, words: str, *, owner_email: str | None = None, limit: int = 5) -> list[Candidate]:
    with uow() as work:
        return work.accounts.search(words, owner_email=owner_email, limit=limit)


def first(uow: UnitOfWorkFactory, words: str) -> str | None:
    found = search(uow, words)
    return found[0].account.name if found else None


@pytest.mark.usefixtures("book")
class TestSearch:
    def test_the_ladder_in_its_order(self, database: Engine, organisation: int, uow: UnitOfWorkFactory) -> None:
        """One word that is an id, a name, an alias, a domain and a beginning: that is the order of the answer."""
        for name, more in {
            "By beginning: zed": {},
            "Zed Works": {},
            "By domain": {"domain": "zed"},
            "By alias": {"aliases": ["Zed"]},
            "Zed": {},
            "By id": {"external_id": "ZED"},
        }.items():
            make_account(database, organisation, name=name, **more)  # type: ignore[arg-type]
        names = [hit.account.name for hit in search(uow, "zed", limit=9)]
        assert names == ["By id", "Zed", "By alias", "By domain", "Zed Works", "By beginning: zed"]

    def test_exact_ones_say_so(self, uow: UnitOfWorkFactory) -> None:
        for words, name in {
            "C-1001": "Acme Robotics GmbH",
            "c 1001": "Acme Robotics GmbH",
            "acme robotics gmbh": "Acme Robotics GmbH",
            "ACME": "Acme",
            "gx holdings": "Globex Corporation",
            "globex.example": "Globex Corporation",
            "https://www.globex.example/pricing": "Globex Corporation",
            "hank.scorpio@globex.example": "Globex Corporation",
            "lodz chem spa": "Łódź-Chem S.p.A.",
            "Łódź-Chem S.p.A.": "Łódź-Chem S.p.A.",
            "MULLER & SOHNE KG": "Müller & Söhne KG",
            "obrien shipping ltd": "O’Brien Shipping Ltd.",
            "東京電力": "東京電力",
        }.items():
            hit = search(uow, words)[0]
            assert (hit.account.name, hit.is_exact) == (name, True), words

    def test_what_matched_is_named_when_it_is_not_the_name(self, uow: UnitOfWorkFactory) -> None:
        assert search(uow, "gx holdings")[0].matched == "GX Holdings"
        assert search(uow, "c-2001")[0].matched == "C-2001"
        assert search(uow, "hank.scorpio@globex.example")[0].matched == "Hank.Scorpio@globex.example"
        assert search(uow, "globex corporation")[0].matched is None

    @pytest.mark.parametrize("words", ["acm", "acmee", "amce", "acne", "cme", "avme"])
    def test_every_slip_finds_acme(self, uow: UnitOfWorkFactory, words: str) -> None:
        hits = search(uow, words)
        assert {"Acme", "Acme Robotics GmbH"} <= {hit.account.name for hit in hits}
        assert not any(hit.is_exact for hit in hits)

    def test_slips_in_longer_words_and_words_in_the_middle(self, uow: UnitOfWorkFactory) -> None:
        for words, name in {
            "robotics": "Acme Robotics GmbH",
            "robtics": "Acme Robotics GmbH",
            "robotcis": "Acme Robotics GmbH",
            "robotix": "Acme Robotics GmbH",
            "acme robotic": "Acme Robotics GmbH",
            "robotics acme": "Acme Robotics GmbH",
            "acme robotics inc": "Acme Robotics GmbH",
            "globx": "Globex Corporation",
            "Globeks Corp": "Globex Corporation",
            "mueller": "Müller & Söhne KG",
            "shiping": "O’Brien Shipping Ltd.",
            "lodz": "Łódź-Chem S.p.A.",
            "東京": "東京電力",
        }.items():
            assert first(uow, words) == name, words

    def test_several_plausible_ones_are_all_there(self, uow: UnitOfWorkFactory) -> None:
        assert {hit.account.name for hit in search(uow, "init")} == {"Initech Systems", "Initrode Systems"}
        assert {hit.account.name for hit in search(uow, "systems")} == {"Initech Systems", "Initrode Systems"}
        assert first(uow, "initech system") == "Initech Systems"

    def test_best_first_and_scores_fall(self, uow: UnitOfWorkFactory) -> None:
        hits = search(uow, "acme")
        scores = [hit.score for hit in hits]
        assert hits[0].account.name == "Acme"
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)

    def test_chance_is_no_hit(self, uow: UnitOfWorkFactory) -> None:
        for words in ["zzzzzz", "qwertyuiop", "", "  ", "!!!", "%", "_", "*", '"', "' OR 1=1 --", "\x00", "x" * 5000]:
            assert search(uow, words) == [], words

    def test_the_limit_holds(self, uow: UnitOfWorkFactory) -> None:
        assert len(search(uow, "acme", limit=1)) == 1
        assert search(uow, "acme", limit=0) == []

    def test_only_the_owners_accounts(self, uow: UnitOfWorkFactory) -> None:
        for words in ["acme", "C-1002", "amce", "acm"]:
            assert "Acme" not in {hit.account.name for hit in search(uow, words, owner_email=RITA)}
            assert {hit.account.name for hit in search(uow, words, owner_email="Sam@Northwind.example")} == {"Acme"}
        assert search(uow, "acme", owner_email="nobody@northwind.example") == []

    def test_an_account_is_found_by_who_owns_it_now(
        self, database: Engine, organisation: int, uow: UnitOfWorkFactory
    ) -> None:
        """Keys know the owner by themselves, whoever wrote them and whoever hands the account over."""
        acme = search(uow, "C-1002")[0].account.id
        for owner, others in [(RITA, SAM), (SAM, RITA), (None, SAM)]:
            with transaction(database, org_id=organisation) as connection:
                handed_over = update(accounts).where(accounts.c.id == acme).values(owner_email=owner)
                connection.execute(handed_over)
            for words in ["C-1002", "acme", "acm"]:
                assert acme not in {hit.account.id for hit in search(uow, words, owner_email=others)}
                if owner is not None:
                    assert acme in {hit.account.id for hit in search(uow, words, owner_email=owner)}

    def test_a_slipped_legal_form_is_no_word(self, uow: UnitOfWorkFactory) -> None:
        assert first(uow, "acme robotics gmhb") == "Acme Robotics GmbH"

    def test_never_another_organisations(self, other_uow: UnitOfWorkFactory) -> None:
        for words in ["acme", "C-1001", "amce", "robtics", "globex.example"]:
            assert search(other_uow, words) == []
