"""Letters for the pictures: one that is being written, one that waits, and the proof of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QFrame

from rally_desktop.engine.letter_desk import Remark
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.services import composing, mail_accounts, writing
from rally_desktop.services.writing import Draft
from rally_desktop.ui.letters.remarks import News, Remarks
from rally_desktop.ui.theme import Theme
from scripts.shots_mail import framed

WIDTH = 640
SIGNATURE = "{{ sender.name }}\nHill Dental, 12 High Street"
WORDS = (
    "Dear {{ contact.first_name }},\n\nthank you for your call. The price list is attached; shall "
    "we meet on Thursday at ten?\n\nKind regards"
)
REMARKS = (
    Remark("ana@gmial.com: did you mean ana@gmail.com?", fix=("ana@gmial.com", "ana@gmail.com")),
    Remark("Ana also got an automated message today: ‘Your appointment’ (Day before)."),
    Remark("‘Welcome inbound leads’ rests for 3 days once this is sent.", "quiet"),
)


def fill(store: Store, ana: Ref) -> None:
    """Let one letter wait for its time, and another be begun."""
    account = store.read(mail_accounts.accounts)[0]
    store.write(mail_accounts.edit, account.id, signature=SIGNATURE)
    _send_later(store, ana)
    begun = store.write(writing.begin, Draft(ana)).draft
    store.write(writing.save, replace(begun, subject="The price list", text=WORDS))


def _send_later(store: Store, ana: Ref) -> None:
    at = store.clock.now() + timedelta(days=2)
    begun = store.write(writing.begin, Draft(ana)).draft
    said = {"subject": "See you on Saturday", "text": "Until then!", "send_at": at}
    kept = store.write(writing.save, replace(begun, **said))
    store.write(composing.send, kept.id)


def parts(theme: Theme) -> Iterator[tuple[str, QFrame]]:
    """Yield what is said while one writes, by its name."""
    remarks = Remarks(theme)
    remarks.show_remarks(REMARKS)
    yield "letter_remarks", framed(remarks)
    news = News(theme, "Read it")
    news.say("Ana wrote just now: “Never mind, I found it on your page.”")
    yield "letter_news", framed(news)
