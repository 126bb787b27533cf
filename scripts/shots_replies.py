"""What the pictures show of mail: a conversation with files, replies, an absence, a bounce."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.outside.mail import arrived, judging
from rally_desktop.services import mail_accounts, received, receiving
from rally_desktop.services.matching import Mail

OFFICE, ANA = "Hill Dental <hello@example.com>", "Ana Alvarez <ana@example.com>"
BEN, EVA = "Ben Berger <ben@example.com>", "Eva Ek <eva@example.com>"
QUOTED = """

On Monday, 1 June 2026 at 10:12, Hill Dental <hello@example.com> wrote:
> Dear Ana,
>
> blue and white are in stock. Shall we send a sample of each?
>
> Hill Dental"""
# Name, hours before now, who to whom, what it answers, subject, text.
LETTERS = (
    ("offer", 74, OFFICE, ANA, "", "New chairs", "Dear Ana,\n\nhere is our offer for three."),
    ("which", 50, ANA, OFFICE, "offer", "Re: New chairs", "Which colours are there?"),
    ("blue", 27, OFFICE, ANA, "which", "Re: New chairs",
     "Dear Ana,\n\nblue and white are in stock. Shall we send a sample of each?"),
    ("both", 1, ANA, OFFICE, "blue", "Re: New chairs",
     "Yes, please, one of each. The plan of the room is attached.\n\nBest regards\nAna" + QUOTED),
    ("van", 5, "Ana <ana@home.example>", OFFICE, "offer", "Parking on Thursday",
     "Is there room for a van in front of the house?"),
    ("away", 30, ANA, OFFICE, "", "Out of office: Prices", "I am back on Monday, 15 June 2026."),
    ("price", 3, BEN, OFFICE, "", "Price list",
     "Could you call me about the price list? I have two questions about the warranty."),
    ("no", 20, EVA, OFFICE, "", "Re: Saturdays", "Thank you, Saturday at ten suits us."),
)  # fmt: skip
FILES = {"Plan of the room.pdf": 310_000, "Old chairs.jpg": 1_450_000, "Viewer.exe": 90_000}


def fill(store: Store) -> None:
    """Let the office’s mailbox be read."""
    account_id = store.read(mail_accounts.accounts)[0].id
    for role, folder in (("inbox", "INBOX"), ("sent", "Sent")):
        box = store.write(receiving.opened, account_id, folder, role, validity=1, top=0)
        mails = [
            _mail(store, uid, one)
            for uid, one in enumerate(LETTERS)
            if (one[2] == OFFICE) == (role == "sent")
        ]
        store.write(_take, box, mails)


def _take(work: Work, box: receiving.Box, mails: list[Mail]) -> None:
    # History is shown, and starts nothing.
    work.listened = lambda line: False
    received.take(work, box, mails)


def _mail(store: Store, uid: int, one: tuple[str, int, str, str, str, str, str]) -> Mail:
    name, hours, sender, recipient, answers, subject, text = one
    at = store.clock.now() - timedelta(hours=hours)
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, recipient, subject
    letter["Message-ID"], letter["Date"] = f"<{name}@example.com>", format_datetime(at)
    if answers:
        letter["In-Reply-To"] = f"<{answers}@example.com>"
    if name == "away":
        letter["Auto-Submitted"] = "auto-replied"
    letter.set_content(text)
    for title, size in FILES.items() if name == "both" else ():
        letter.add_attachment(b"\0" * size, "application", "octet-stream", filename=title)
    read = arrived.read(letter.as_bytes())
    return Mail(uid, name, at, read, judging.judge(read, at.date()))
