"""Customers: accounts, what they are found by, and their contacts."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from domain.accounts import SuppressionReason
from storage.tables.base import Folded, Key, one_of, scoped, to
from storage.types import UtcDateTime

accounts = scoped(
    "accounts",
    Column("external_id", String(200), nullable=False),
    Column("name", String(300), nullable=False),
    Column("country", String(2)),
    Column("region", String(8)),
    Column("zone", String(64)),
    Column("industry", String(100)),
    Column("domain", String(253)),
    Column("owner_email", String(320)),  # lower case
    Column("legal_hold", String(500)),
    Column("renewal_on", Date),
    Column("risk", String(8)),  # policies.RISKS, as the books say
    Column("synced_at", UtcDateTime),
    UniqueConstraint("org_id", "external_id"),
    Index(None, "org_id", "owner_email"),
)

# What an account is found by, one row per name, alias, domain, address, external id and
# word of a name, as `storage.search_keys` folds them.
account_keys = scoped(
    "account_keys",
    Column("account_id", Key, nullable=False),
    Column("kind", String(16), nullable=False),  # search_keys.KeyKind
    Column("shown", String(320), nullable=False),
    Column("folded", Folded, nullable=False),
    # The account's own, '' for nobody's: people who see only their accounts search by it. Triggers keep it so, and fill
    # it in for who writes NULL.
    Column("owner_email", String(320)),
    to("accounts", "account_id"),
    UniqueConstraint("org_id", "account_id", "kind", "folded"),
    Index("ix_account_keys_folded", "org_id", "kind", "folded", "account_id"),
    Index("ix_account_keys_owned", "org_id", "owner_email", "kind", "folded", "account_id"),
)

# Every word of an account's names once, for words with slips: far fewer rows than accounts have keys. Kept by triggers
# on `account_keys`; a word that no account has any more stays and is harmless. The trigram index is the migration's.
search_words = scoped(
    "search_words",
    Column("word", Folded, nullable=False),
    UniqueConstraint("org_id", "word"),
)

search_words_text = Table(
    "search_words_text",
    MetaData(),  # a virtual table of SQLite's alone, made by the migration
    Column("rowid", Integer, primary_key=True),
    Column("org_id", Integer),
    Column("word", Text),
    Column("rank", Float),
)

contacts = scoped(
    "contacts",
    Column("account_id", Key, nullable=False),
    Column("email", String(320), nullable=False),
    Column("name", String(200), nullable=False, server_default=""),
    Column("is_primary", Boolean, nullable=False, server_default=text("false")),
    Column("is_valid", Boolean, nullable=False, server_default=text("true")),
    Column("zone", String(64)),
    to("accounts", "account_id"),
    UniqueConstraint("org_id", "account_id", "email"),
)

suppressions = scoped(
    "suppressions",
    Column("email", String(320), nullable=False),  # lower case; a person is suppressed for every account
    Column("reason", String(16), nullable=False),
    Column("until", Date),
    Column("since", UtcDateTime, nullable=False),
    Column("detail", String(200)),  # what a mail server answered, without addresses
    one_of("reason", SuppressionReason),
    UniqueConstraint("org_id", "email"),
)
