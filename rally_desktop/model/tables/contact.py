"""Contacts: the people an office deals with."""

from __future__ import annotations

from sqlalchemy import Index, Integer, String, Table, Text

from rally_desktop.core.schema import Choice, Moment, Number, Pick, YesNo
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
    yes_no,
)

LIFECYCLE_STAGES = ("Lead", "Qualified", "Opportunity", "Customer", "Evangelist")
CONSENTS = ("unknown", "granted", "refused")


def _line(label: str, help_: str = "") -> Line:
    return Line(label, help=help_, required=False)


def _listed(label: str, source: str) -> Pick:
    return Pick(label, source=source, required=False)


contact = Table(
    "contact",
    metadata,
    key(),
    text("first_name", _line("First name")),
    text("last_name", _line("Last name")),
    text("email", _line("E-mail", "Unique; records are matched by it."), 320),
    hidden("email_key", String(320)),
    text("phone", _line("Phone")),
    text("mobile", _line("Mobile")),
    text("title", _line("Job title")),
    text("department", _line("Department")),
    text("linkedin", _line("LinkedIn")),
    text("twitter", _line("Twitter")),
    text("street", _line("Street")),
    text("city", _line("City")),
    text("state", _line("State")),
    text("postal_code", _line("Postal code")),
    text("country", _line("Country")),
    linked("company_id", "company.id", _listed("Company", "company")),
    text("lifecycle_stage", Choice("Lifecycle stage", required=False, options=LIFECYCLE_STAGES)),
    text("lead_status", _listed("Lead status", "lead_status")),
    text("lead_source", _listed("Lead source", "lead_source")),
    text("lead_type", _listed("Lead type", "lead_type")),
    text("lead_priority", _listed("Lead priority", "lead_priority")),
    text("gender", _line("Gender")),
    shown("score", Integer, Number("Score", required=False, least=0, most=100)),
    # How much of the score are points for engagement, and when they have sunk by one.
    hidden("score_points", Integer),
    hidden("score_due_at"),
    linked("owner_id", "user_account.id", _listed("Owner", "user")),
    text("time_zone", _line("Time zone", "An IANA name, such as Europe/Paris.")),
    text("consent_email", Choice("E-mail consent", required=False, options=CONSENTS)),
    shown("consent_email_at", Instant, Moment("E-mail consent since", required=False)),
    text("consent_email_how", _line("E-mail consent by", "On paper, by phone, a web form.")),
    text("consent_sms", Choice("SMS consent", required=False, options=CONSENTS)),
    shown("consent_sms_at", Instant, Moment("SMS consent since", required=False)),
    text("consent_sms_how", _line("SMS consent by", "On paper, by phone, a web form.")),
    yes_no("do_not_contact", YesNo("Do not contact", required=False)),
    yes_no("email_invalid", YesNo("E-mail invalid", required=False)),
    shown("last_email_sent_at", Instant, Moment("Last e-mail sent", required=False, time=True)),
    shown("last_email_opened_at", Instant, Moment("Last e-mail opened", required=False, time=True)),
    shown("last_link_clicked_at", Instant, Moment("Last link clicked", required=False, time=True)),
    shown("last_replied_at", Instant, Moment("Last reply", required=False, time=True)),
    shown("last_activity_at", Instant, Moment("Last activity", required=False, time=True)),
    shown("created_at", Instant, Moment("Created", required=False, time=True), nullable=False),
    shown("updated_at", Instant, Moment("Updated", required=False, time=True), nullable=False),
    # When somebody put the last reply aside, and until when; for good where that says nothing.
    hidden("reply_aside_at"),
    hidden("reply_aside_until"),
    hidden("deleted_at"),
    hidden("custom", Json),
    hidden("sort_name", String(400), nullable=False, server_default=""),
    hidden("search_text", Text, nullable=False, server_default=""),
)
Index(
    "ix_contact_email_key",
    contact.c.email_key,
    unique=True,
    sqlite_where=contact.c.email_key.is_not(None) & contact.c.deleted_at.is_(None),
    postgresql_where=contact.c.email_key.is_not(None) & contact.c.deleted_at.is_(None),
)
Index(
    "ix_contact_sort",
    contact.c.sort_name,
    contact.c.id,
    sqlite_where=contact.c.deleted_at.is_(None),
    postgresql_where=contact.c.deleted_at.is_(None),
)
# What a grid of a million is filtered and sorted by most. A column gets an index here where half a
# second more a sort, each time, outweighs what each import and each step then writes more: the
# others are sorted without one. Where many have one value, the names in it are in order too.
for _name, *_then in (
    ("lifecycle_stage", contact.c.sort_name),
    ("lead_source", contact.c.sort_name),
    ("score",),
    ("last_activity_at",),
    ("created_at",),
):
    Index(
        f"ix_contact_by_{_name}",
        contact.c[_name],
        *_then,
        contact.c.id,
        sqlite_where=contact.c.deleted_at.is_(None),
        postgresql_where=contact.c.deleted_at.is_(None),
    )
Index(
    "ix_contact_last_replied_at",
    contact.c.last_replied_at,
    sqlite_where=contact.c.last_replied_at.is_not(None),
    postgresql_where=contact.c.last_replied_at.is_not(None),
)
Index("ix_contact_owner", contact.c.owner_id)
Index("ix_contact_company", contact.c.company_id)
Index(
    "ix_contact_score_due",
    contact.c.score_due_at,
    sqlite_where=contact.c.score_due_at.is_not(None),
    postgresql_where=contact.c.score_due_at.is_not(None),
)
trash_index(contact)
