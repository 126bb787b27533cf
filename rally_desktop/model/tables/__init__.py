"""Every table of the product, one aggregate a file."""

from rally_desktop.model.tables.audit import audit_forgotten, audit_link
from rally_desktop.model.tables.base import metadata
from rally_desktop.model.tables.company import company
from rally_desktop.model.tables.contact import contact
from rally_desktop.model.tables.deal import deal, pipeline, stage
from rally_desktop.model.tables.mail import (
    account_bucket,
    attachment,
    letter_draft,
    mail_account,
    message,
    outbox,
    sent_copy,
    sms_arrival,
    suppression,
    template,
    template_version,
)
from rally_desktop.model.tables.mailbox import (
    contact_address,
    ignored_sender,
    mail_seen,
    mail_stranger,
    mailbox,
)
from rally_desktop.model.tables.office import (
    choice,
    custom_field,
    erasure,
    import_batch,
    import_job,
    lease,
    saved_view,
    secret,
    setting,
    user_account,
)
from rally_desktop.model.tables.search import search_pending, search_word
from rally_desktop.model.tables.texting import sms_told
from rally_desktop.model.tables.timeline import activity, event_later, event_queue
from rally_desktop.model.tables.web import api_key, form_entry, mail_link, touch, web_form
from rally_desktop.model.tables.work import (
    call,
    distinct_pair,
    meeting,
    note,
    notification,
    record_merge,
    record_tag,
    tag,
    task,
)
from rally_desktop.model.tables.workflow import (
    draft_history,
    draft_seat,
    enrolment,
    job,
    matching,
    rotation,
    run,
    verdict,
    visit,
    watermark,
    workflow,
    workflow_version,
)

__all__ = [
    "account_bucket", "activity", "api_key", "attachment", "audit_forgotten", "audit_link",
    "call", "choice", "company", "contact", "contact_address", "custom_field", "deal",
    "distinct_pair", "draft_history", "draft_seat", "enrolment", "erasure", "event_later",
    "event_queue", "form_entry", "ignored_sender", "import_batch", "import_job", "job", "lease",
    "letter_draft", "mail_account", "mail_link", "mail_seen", "mail_stranger", "mailbox",
    "matching", "meeting", "message", "metadata", "note", "notification", "outbox",
    "pipeline", "record_merge", "record_tag", "rotation", "run", "saved_view", "search_pending",
    "search_word", "secret", "sent_copy", "setting", "sms_arrival", "sms_told", "stage",
    "suppression", "tag", "task", "template", "template_version", "touch", "user_account",
    "verdict", "visit", "watermark", "web_form", "workflow", "workflow_version",
]  # fmt: skip

# A row number is never given out twice: the timeline must not point at somebody else's record.
for _table in metadata.tables.values():
    if [column.name for column in _table.primary_key] == ["id"]:
        _table.dialect_options["sqlite"]["autoincrement"] = True
