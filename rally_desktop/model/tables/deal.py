"""Deals, and the pipelines and stages they move through."""

from __future__ import annotations

from sqlalchemy import Double, Index, Integer, String, Table, Text, UniqueConstraint

from rally_desktop.core.schema import Moment, Number, Pick
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

deal = Table(
    "deal",
    metadata,
    key(),
    text("name", Line("Name")),
    text("pipeline", Pick("Pipeline", source="pipeline")),
    text("stage", Pick("Stage", source="stage")),
    shown("amount", Double, Number("Amount", required=False, least=0)),
    linked("contact_id", "contact.id", Pick("Contact", source="contact", required=False)),
    linked("company_id", "company.id", Pick("Company", source="company", required=False)),
    linked("owner_id", "user_account.id", Pick("Owner", source="user", required=False)),
    shown("expected_close", Instant, Moment("Expected close", required=False)),
    shown("stage_moved_at", Instant, Moment("Stage since", required=False, time=True)),
    shown("last_activity_at", Instant, Moment("Last activity", required=False, time=True)),
    shown("created_at", Instant, Moment("Created", required=False, time=True), nullable=False),
    shown("updated_at", Instant, Moment("Updated", required=False, time=True), nullable=False),
    hidden("deleted_at"),
    hidden("custom", Json),
    hidden("sort_name", String(400), nullable=False, server_default=""),
    hidden("search_text", Text, nullable=False, server_default=""),
)
Index("ix_deal_stage", deal.c.pipeline, deal.c.stage, deal.c.id)
Index("ix_deal_contact", deal.c.contact_id)
Index("ix_deal_company", deal.c.company_id)

trash_index(deal)

pipeline = Table(
    "pipeline",
    metadata,
    key(),
    hidden("name", String(200), nullable=False, unique=True),
    hidden("position", Integer, nullable=False),
)

stage = Table(
    "stage",
    metadata,
    key(),
    linked("pipeline_id", "pipeline.id"),
    hidden("name", String(200), nullable=False),
    hidden("position", Integer, nullable=False),
    hidden("probability", Integer, nullable=False),
    hidden("outcome", String(8), nullable=False),
    hidden("colour", String(16), nullable=False, server_default=""),
    UniqueConstraint("pipeline_id", "name"),
)
