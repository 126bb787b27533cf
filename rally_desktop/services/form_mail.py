"""The mail that asks whether somebody who filled in a form is who they say they are."""

from __future__ import annotations

from rally_desktop.core.errors import NotFound
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.work import Work
from rally_desktop.services import mail_accounts, mail_links, messages, settings, web
from rally_desktop.services.form_entries import Taken
from rally_desktop.services.forms import WebForm
from rally_desktop.services.messages import Content, Origin
from rally_desktop.services.web_words import WORDS

PURPOSE = "k"
_HEAD = "It cannot ask by e-mail yet: "


def obstacle(work: Work, form: WebForm) -> str:
    """Say why a form that is to ask by e-mail first cannot; empty where it can, or need not."""
    if not form.settings.confirm:
        return ""
    if not web.base(work):
        return f"{_HEAD}the web service has no public address, or is off."
    if mail_accounts.account_for(work, "", None) is None:
        return f"{_HEAD}there is no e-mail account to write from."
    return ""


def ask(work: Work, form: WebForm, taken: Taken, key: bytes, language: str) -> None:
    """Send the mail that a submission is to be confirmed by; it goes out at once."""
    account = mail_accounts.account_for(work, "", None)
    base = web.base(work)
    if account is None or not base:
        raise NotFound(f"‘{form.name}’: {obstacle(work, form)}")
    words = WORDS[language]
    link = mail_links.address(base, PURPOSE, key, taken.code)
    office = settings.get(work, "office_name", "")
    text = words.mail_text.format(office=office, link=link)
    content = Content(words.mail_subject, text, transactional=True)
    origin = Origin(None, None, "form", taken.entry, work.now)
    number = messages.queue(work, taken.ref, work.record(taken.ref), account, content, origin)
    work.change(RowChanged("outbox", number, {"state": "ready", "due_at": work.now}))
