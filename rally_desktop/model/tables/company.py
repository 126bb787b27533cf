"""Companies: the organisations that contacts work for."""

from __future__ import annotations

from sqlalchemy import Index, String, Table, Text

from rally_desktop.core.schema import Moment, Pick
from rally_desktop.core.schema import Text as Line
from rally_desktop.model.tables.base import (
    Instant,
    Json,
    hidden,
    key,
    linked,
    metadata,
    shown,
    text,
    trash_index,
)

company = Table(
    "company",
    metadata,
    key(),
    text("name", Line("Name")),
    text("domain", Line("Domain", required=False)),
    text("phone", Line("Phone", required=False)),
    text("website", Line("Website", required=False)),
    text("industry", Line("Industry", required=False)),
    text("street", Line("Street", required=False)),
    text("city", Line("City", required=False)),
    text("state", Line("State", required=False)),
    text("postal_code", Line("Postal code", required=False)),
    text("country", Line("Country", required=False)),
    text("time_zone", Line("Time zone", "An IANA name, such as Europe/Paris.", required=False)),
    linked("owner_id", "user_account.id", Pick("Owner", source="user", required=False)),
    shown("last_activity_at", Instant, Moment("Last activity", required=False, time=True)),
    shown("created_at", Instant, Moment("Created", required=False, time=True), nullable=False),
    shown("updated_at", Instant, Moment("Updated", required=False, time=True), nullable=False),
    hidden("deleted_at"),
    hidden("custom", Json),
    hidden("sort_name", String(400), nullable=False, server_default=""),
    hidden("search_text", Text, nullable=False, server_default=""),
)
# Those in the trash too, as contacts are listed by the company they belong to, wherever that is.
Index("ix_company_sort", company.c.sort_name, company.c.id, company.c.deleted_at)
Index(
    "ix_company_zone",
    company.c.id,
    sqlite_where=company.c.time_zone != "",
    postgresql_where=company.c.time_zone != "",
)
trash_index(company)
