"""What every table is made of."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite only counts up by itself on a plain INTEGER primary key.
Key = BigInteger().with_variant(Integer, "sqlite")
Minor = BigInteger()
# Compared byte by byte on both databases, so that one index serves equality and prefixes.
Folded = String(320).with_variant(String(320, collation="C"), "postgresql")


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def scoped(
    name: str, *parts: Column[object] | CheckConstraint | ForeignKeyConstraint | UniqueConstraint | Index
) -> Table:
    """A table of one organisation's rows, with `id`, `org_id` and (org_id, id) to be referred to."""
    return Table(
        name,
        metadata,
        Column("id", Key, primary_key=True, autoincrement=True),
        Column("org_id", Key, ForeignKey("organisations.id"), nullable=False),
        *parts,
        UniqueConstraint("org_id", "id"),
    )


def to(table: str, column: str) -> ForeignKeyConstraint:
    """A reference that cannot leave the organisation."""
    return ForeignKeyConstraint(["org_id", column], [f"{table}.org_id", f"{table}.id"])
