"""Templates, mail accounts, the outbox and the messages that went out or came in."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from rally_desktop.model.tables.base import Id, Instant, Json, hidden, key, metadata

template = Table(
    "template",
    metadata,
    key(),
    hidden("name", String(200), nullable=False),
    hidden("channel", String(8), nullable=False),
    # basic, theme, custom
    hidden("family", String(8), nullable=False, server_default="basic"),
    hidden("subject", Text, nullable=False, server_default=""),
    hidden("preheader", Text, nullable=False, server_default=""),
    # What is sent: made when it is saved, from the theme and its slots or from the source.
    hidden("text", Text, nullable=False, server_default=""),
    hidden("html", Text, nullable=False, server_default=""),
    hidden("theme", String(32), nullable=False, server_default=""),
    hidden("slots", Json),
    hidden("source", Text, nullable=False, server_default=""),
    # [{name, kind, digest, size}]: what goes with every message; none for the most.
    hidden("files", Json),
    hidden("folder", String(80), nullable=False, server_default=""),
    hidden("version", Integer, nullable=False, server_default="1"),
    hidden("transactional", Boolean, nullable=False, server_default=false()),
    hidden("created_at", nullable=False),
    hidden("updated_at", nullable=False),
    hidden("deleted_at"),
)
# Two may have one name where one of them is in the trash.
Index(
    "uq_template_name",
    template.c.name,
    unique=True,
    sqlite_where=template.c.deleted_at.is_(None),
    postgresql_where=template.c.deleted_at.is_(None),
)

template_version = Table(
    "template_version",
    metadata,
    key(),
    Column("template_id", Id, nullable=False),
    Column("number", Integer, nullable=False),
    # What it said, as the columns of the template.
    Column("content", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("user_id", Id),
    UniqueConstraint("template_id", "number"),
)

attachment = Table(
    "attachment",
    metadata,
    # SHA-256 of the content: the same file is kept once.
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

mail_account = Table(
    "mail_account",
    metadata,
    key(),
    hidden("name", String(200), nullable=False),
    # email, sms
    hidden("channel", String(8), nullable=False, server_default="email"),
    hidden("address", String(320), nullable=False),
    hidden("host", String(255), nullable=False),
    hidden("port", Integer, nullable=False),
    # tls, starttls, none (loopback only)
    hidden("security", String(16), nullable=False),
    hidden("login", String(320), nullable=False, server_default=""),
    # Whom somebody signed in with (google, microsoft); empty where there is a password.
    hidden("provider", String(16), nullable=False, server_default=""),
    # What the recipient reads besides the address; empty: the account's name.
    hidden("sender_name", String(200), nullable=False, server_default=""),
    hidden("reply_to", String(320), nullable=False, server_default=""),
    # 0 is no limit.
    hidden("hourly_limit", Integer, nullable=False, server_default="300"),
    hidden("daily_limit", Integer, nullable=False, server_default="0"),
    # How many at once its servers are asked for, all of this program together.
    hidden("connections", Integer, nullable=False, server_default="1"),
    # The days and times between which it sends; none: at any time.
    hidden("hours", Json),
    # How many of its messages were refused one after the other.
    hidden("errors", Integer, nullable=False, server_default="0"),
    hidden("active", Boolean, nullable=False, server_default=true()),
    hidden("paused_why", Text, nullable=False, server_default=""),
    # The owners (ids of users) whose contacts hear from it; and whether from it all others do.
    hidden("writes_for", Json),
    hidden("fallback", Boolean, nullable=False, server_default=false()),
    hidden("signature", Text, nullable=False, server_default=""),
    hidden("signature_html", Text, nullable=False, server_default=""),
    hidden("signs_by_hand", Boolean, nullable=False, server_default=true()),
    hidden("signs_automated", Boolean, nullable=False, server_default=true()),
    # Where copies of what went out are looked for: none, sent (a folder) or bcc (to oneself).
    hidden("journal", String(8)),
    hidden("imap_host", String(255)),
    hidden("imap_port", Integer),
    hidden("imap_security", String(16)),
    # The user name there; empty: the same as for outgoing mail.
    hidden("imap_login", String(320), nullable=False, server_default=""),
    # What the test taught: does the server keep our Message-ID, after how many seconds is a
    # message in the Sent folder, does it put it there by itself? None: not known.
    hidden("keeps_id", Boolean),
    hidden("sent_lag", Integer),
    hidden("stores_sent", Boolean),
    # Of an account for SMS: which kind of gateway it is, where that is asked, by which secret name
    # it finds us, and how (services/sms_accounts.py).
    hidden("gateway", String(16), nullable=False, server_default=""),
    hidden("gateway_url", String(500), nullable=False, server_default=""),
    hidden("gateway_key", String(40), nullable=False, server_default=""),
    hidden("options", Json),
    # When its servers were spoken to and all was well; when its password was entered.
    hidden("checked_at", Instant),
    hidden("secret_at", Instant),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    # (installation epoch, run, step, visit, channel, address): the same message never twice.
    Column("key", String(500), nullable=False, unique=True),
    Column("channel", String(8), nullable=False),
    Column("account_id", Id),
    Column("workflow_id", Id),
    Column("contact_id", Id),
    # Who wrote it, where no workflow decided it.
    Column("user_id", Id),
    Column("run_id", Id),
    Column("step", String(64)),
    Column("seq", Integer),
    Column("record_kind", String(8), nullable=False),
    Column("record_id", Id, nullable=False),
    # held, ready, claimed, sending, dot, sent, retry, failed, doubt
    Column("state", String(16), nullable=False),
    Column("token", String(40)),
    Column("claimed_until", Instant),
    # How often a message in doubt was looked for in the account's journal, and since when.
    Column("doubted_at", Instant),
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("transactional", Boolean, nullable=False, server_default=false()),
    Column("template", String(200), nullable=False, server_default=""),
    Column("template_version", Integer),
    Column("files", Json),
    Column("message_id", String(300), nullable=False),
    Column("in_reply_to", String(300), nullable=False, server_default=""),
    Column("sender", String(400), nullable=False),
    Column("reply_to", String(320), nullable=False, server_default=""),
    Column("address", String(320), nullable=False),
    Column("recipient", String(400), nullable=False),
    # [[to, cc or bcc, mailbox]]: who else gets the very same message.
    Column("copies", Json),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False, server_default=""),
    Column("chain", String(200), nullable=False, server_default=""),
    # Why it was not sent, a code of the engine; the answer is the server's own word.
    Column("reason", String(40), nullable=False, server_default=""),
    Column("answer", Text, nullable=False, server_default=""),
)
Index(
    "ix_outbox_due",
    outbox.c.account_id,
    outbox.c.due_at,
    sqlite_where=text("state in ('held', 'ready', 'retry')"),
    postgresql_where=text("state in ('held', 'ready', 'retry')"),
)
Index(
    "ix_outbox_sent",
    outbox.c.account_id,
    outbox.c.sent_at,
    sqlite_where=outbox.c.sent_at.is_not(None),
    postgresql_where=outbox.c.sent_at.is_not(None),
)
Index(
    "ix_outbox_claimed",
    outbox.c.claimed_until,
    sqlite_where=text("state in ('claimed', 'sending', 'dot')"),
    postgresql_where=text("state in ('claimed', 'sending', 'dot')"),
)
Index(
    "ix_outbox_doubt",
    outbox.c.due_at,
    sqlite_where=text("state = 'doubt'"),
    postgresql_where=text("state = 'doubt'"),
)
Index("ix_outbox_message_id", outbox.c.message_id)
# How many automated messages a person got, and a workflow sent, in the last hours and days.
Index("ix_outbox_contact", outbox.c.contact_id, outbox.c.created_at)
# What became of a sequence's messages is counted from here alone (services/sequence_figures.py).
Index(
    "ix_outbox_workflow",
    outbox.c.workflow_id,
    outbox.c.created_at,
    outbox.c.sent_at,
    outbox.c.run_id,
    outbox.c.seq,
    outbox.c.step,
)
Index("ix_outbox_record", outbox.c.record_kind, outbox.c.record_id)

# What conversations are known by comes first: SQLite reads a long row from its beginning.
message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(8), nullable=False),
    Column("direction", String(8), nullable=False),
    Column("record_kind", String(8), nullable=False),
    Column("record_id", Id, nullable=False),
    Column("outbox_id", Id),
    Column("at", Instant, nullable=False),
    Column("message_id", String(300), nullable=False, server_default=""),
    # What our server called it, where that is not what we did.
    Column("server_id", String(300)),
    Column("in_reply_to", String(300), nullable=False, server_default=""),
    # The Message-ID of the first message of its conversation, as far as it says that.
    Column("root", String(300), nullable=False, server_default=""),
    # Of what was received: by which account, where it lies (see mail_seen), how many bytes it
    # has, where only its beginning was read.
    Column("account_id", Id),
    Column("digest", String(32), nullable=False, server_default=""),
    Column("size", Integer),
    Column("sender", String(400), nullable=False),
    Column("recipient", Text, nullable=False),
    # Where an answer is to go, where that is not the sender.
    Column("reply_to", Text, nullable=False, server_default=""),
    Column("subject", Text, nullable=False),
    # What came along [{name, type, size, start, end, encoding}], and what was wrong [words].
    Column("files", Json),
    Column("flaws", Json),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False, server_default=""),
)
Index("ix_message_record", message.c.record_kind, message.c.record_id)
Index("ix_message_message_id", message.c.message_id)
Index(
    "ix_message_digest",
    message.c.digest,
    sqlite_where=message.c.digest != "",
    postgresql_where=message.c.digest != "",
)
Index(
    "ix_message_server_id",
    message.c.server_id,
    sqlite_where=message.c.server_id.is_not(None),
    postgresql_where=message.c.server_id.is_not(None),
)

letter_draft = Table(
    "letter_draft",
    metadata,
    key(),
    # The person whom it is about; all of what follows is as it was typed.
    Column("record_kind", String(8), nullable=False),
    Column("record_id", Id, nullable=False),
    Column("user_id", Id),
    # new, reply, reply_all, forward
    Column("kind", String(10), nullable=False),
    Column("account_id", Id),
    Column("to_line", Text, nullable=False, server_default=""),
    Column("cc_line", Text, nullable=False, server_default=""),
    Column("bcc_line", Text, nullable=False, server_default=""),
    Column("subject", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Column("quoted", Text, nullable=False, server_default=""),
    # A design or HTML of the office, in the place of the text.
    Column("html", Text, nullable=False, server_default=""),
    Column("template", String(200), nullable=False, server_default=""),
    Column("template_version", Integer),
    Column("in_reply_to", String(300), nullable=False, server_default=""),
    Column("files", Json),
    # The message that is passed on, and its files that are not here [{name, size, place, why}].
    Column("passed_on", Id),
    Column("awaited", Json),
    Column("send_at", Instant),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("begun_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    # The message that it became; what is recalled becomes a draft again.
    Column("outbox_id", Id),
)
Index("ix_letter_draft_record", letter_draft.c.record_kind, letter_draft.c.record_id)

sms_arrival = Table(
    "sms_arrival",
    metadata,
    key(),
    Column("account_id", Id, nullable=False),
    # What the gateway calls it: the same message is told more than once.
    Column("gateway_id", String(120), nullable=False),
    Column("number", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    # Whose it is; none: nobody whom the office knows.
    Column("contact_id", Id),
    Column("ignored", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("account_id", "gateway_id"),
)
Index("ix_sms_arrival_number", sms_arrival.c.number)
Index("ix_sms_arrival_contact_id", sms_arrival.c.contact_id)

suppression = Table(
    "suppression",
    metadata,
    Column("channel", String(8), primary_key=True),
    Column("address", String(320), primary_key=True),
    Column("reason", String(40), nullable=False),
    Column("at", Instant, nullable=False),
)

# What the program puts into the Sent folder itself, where the server does not.
sent_copy = Table(
    "sent_copy",
    metadata,
    Column("outbox_id", Id, primary_key=True, autoincrement=False),
    Column("tries", Integer, nullable=False),
    # Until when one computer has it for itself, or when it is tried again; none: it is settled.
    Column("due_at", Instant),
)

account_bucket = Table(
    "account_bucket",
    metadata,
    Column("account_id", Id, primary_key=True, autoincrement=False),
    # Theoretical arrival time of the generic cell rate algorithm (ITU-T I.371), durable.
    Column("arrival_at", Instant, nullable=False),
)
