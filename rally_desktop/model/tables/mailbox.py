"""Mailboxes that are read, what was seen in them, and who writes that is no contact yet."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint, false

from rally_desktop.model.tables.base import Id, Instant, Json, key, metadata

mailbox = Table(
    "mailbox",
    metadata,
    key(),
    Column("account_id", Id, nullable=False),
    # As the server writes it, quotes included.
    Column("folder", String(500), nullable=False),
    # inbox, sent
    Column("role", String(8), nullable=False),
    # The numbers of messages hold while this does (RFC 3501, 2.3.1.1); 0: never looked at.
    Column("validity", Id, nullable=False, server_default="0"),
    # All up to this one were taken; those of before are taken from ``back`` downwards, while any
    # are left, as far back as ``since``.
    Column("last", Id, nullable=False, server_default="0"),
    Column("back", Id),
    Column("since", Instant, nullable=False),
    # What came earlier is history: it is shown, and starts nothing.
    Column("began_at", Instant, nullable=False),
    Column("looked_at", Instant),
    # Why it cannot be read, how often in a row, and when it is tried again.
    Column("trouble", Text, nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant),
    # [[number, how often]]: what the server named and did not give; it is asked for again.
    Column("owed", Json),
    UniqueConstraint("account_id", "folder"),
)

mail_seen = Table(
    "mail_seen",
    metadata,
    # Stands for the Message-ID, or for what a message without one says of itself.
    Column("digest", String(32), primary_key=True),
    Column("mailbox_id", Id, primary_key=True, autoincrement=False),
    Column("uid", Id, nullable=False),
    # Whether something came of it; if not, the same message in another mailbox may.
    Column("taken", Boolean, nullable=False, server_default=false()),
)
Index("ix_mail_seen_uid", mail_seen.c.mailbox_id, mail_seen.c.uid)

mail_stranger = Table(
    "mail_stranger",
    metadata,
    key(),
    Column("address", String(320), nullable=False, unique=True),
    Column("name", String(200), nullable=False, server_default=""),
    # How often they wrote to us, and we to them.
    Column("wrote", Integer, nullable=False, server_default="0"),
    Column("written", Integer, nullable=False, server_default="0"),
    Column("last_at", Instant, nullable=False),
)
Index("ix_mail_stranger_last_at", mail_stranger.c.last_at)

ignored_sender = Table(
    "ignored_sender",
    metadata,
    key(),
    # An address, ``@`` and a domain, or a pattern with stars.
    Column("pattern", String(320), nullable=False, unique=True),
)

contact_address = Table(
    "contact_address",
    metadata,
    key(),
    Column("contact_id", Id, nullable=False),
    # Folded; another address by which a contact is known.
    Column("address", String(320), nullable=False, unique=True),
)
Index("ix_contact_address_contact_id", contact_address.c.contact_id)
