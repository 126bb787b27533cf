"""What gateways of text messages told before anybody here could know what it is about."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from rally_desktop.model.tables.base import Id, Instant, key, metadata

sms_told = Table(
    "sms_told",
    metadata,
    key(),
    Column("account_id", Id, nullable=False),
    # The gateway's name for the message, and ours.
    Column("name", String(300), nullable=False),
    Column("reference", String(64), nullable=False),
    # delivered, failed
    Column("state", String(12), nullable=False),
    Column("said", String(300), nullable=False),
    Column("at", Instant, nullable=False),
)
