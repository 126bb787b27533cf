"""Pictures of every page, dialog and step form, in light and dark: ``poe shots [FOLDER]``.

Those of a screen with more pixels, at 150 %, go into a folder ``150`` inside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout

from rally_desktop import app
from rally_desktop.core.clock import ManualClock
from rally_desktop.core.themes import THEMES, first_slots
from rally_desktop.engine import cookbook, publishing
from rally_desktop.engine.heart import Heart
from rally_desktop.engine.nodes import step_kinds, trigger_kinds
from rally_desktop.engine.nodes.base import Node
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.services import (
    contacts,
    lists,
    mail_accounts,
    notes,
    office,
    records,
    tasks,
    templates,
    workflows,
)
from rally_desktop.ui.application import application
from rally_desktop.ui.forms.editor import Lists, Offer
from rally_desktop.ui.forms.form import Form
from rally_desktop.ui.pictures import LOOKS, save
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.opening import Trouble
from rally_desktop.ui.widgets.plain_label import PlainLabel
from scripts import shots_letters, shots_mail, shots_replies, shots_sequence, shots_sms, shots_web
from scripts.sixty_steps import sixty_steps

PEOPLE = (
    ("Ana", "Alvarez", "Customer", "Referral", 82),
    ("Ben", "Berger", "Lead", "Web form", 34),
    ("Carla", "Conti", "Opportunity", "Event", 61),
    ("Dev", "Desai", "Customer", "Partner", 77),
    ("Eva", "Ek", "Lead", "Web form", 12),
    ("Finn", "Flynn", "Qualified", "Inbound", 48),
    ("Gia", "Gallo", "Evangelist", "Referral", 95),
    ("Hugo", "Holm", "Lead", "Cold call", 20),
)
TO_DO = ("Call about the price list", "Send the offer", "Ask for the X-rays")
# Added once more by somebody in a hurry.
TWICE = (
    {"first_name": "Ben", "last_name": "Berger", "phone": "+351 912 345 678", "city": "Porto"},
    {"first_name": "B.", "last_name": "Berger", "mobile": "912345678", "title": "Owner"},
)
CUSTOMER = {"field": "lifecycle_stage", "op": "is", "value": "Customer"}
WELCOME = Graph(
    name="Welcome new contacts",
    triggers=(Trigger("t1", "record_created"),),
    start="tag",
    steps={
        "tag": Step("tag", "add_tag", {"tag": "New"}, {"next": "who"}),
        "who": Step(
            "who",
            "branch",
            {"paths": [{"name": "Customers", "exit": "yes", "filter": CUSTOMER}]},
            {"yes": "call", "else": "wait"},
        ),
        "call": Step("call", "create_task", {"task": "Call {{ contact.first_name }}"}),
        "wait": Step("wait", "wait", {"amount": 2, "unit": "days"}, {"next": "mail"}),
        "mail": Step("mail", "send_email", {"template": "Welcome"}),
    },
)
# Not wanted any more: what the trash shows.
GONE = ({"first_name": "Iris", "last_name": "Ivers", "email": "iris@example.com"}, "Bulk order?")
OPENING = {
    "heading": "We open on Saturdays",
    "body": 'Dear {{ contact.first_name | default("friend") }},\n\n'
    "from June on we see patients on Saturdays, too. Come over to "
    '{{ contact.city | default("our practice") }}.\n\nSee you soon.',
    "label": "Choose a time",
    "link": "https://hill.dental/times",
}
OWN_HTML = """<table width="100%" cellpadding="16">
  <tr>
    <td align="center" bgcolor="#EAF1FF">
      <h1>Our new rooms</h1>
      <p>Dear {{ contact.first_name | default("friend") }},</p>
      <p onclick="count()">come and see them. <a href="http://hill.dental">Look</a></p>
      <div>
    </td>
  </tr>
</table>"""
SCALE = "QT_SCALE_FACTOR"
SOURCES = ("template", "user", "tag", "stage", "pipeline", "lifecycle_stage", "lead_source")
SOURCES += ("lead_status", "task_type", "call_outcome", "mail_account")


def main(folder: Path) -> int:
    """Write the pictures at 100 %, then those at 150 %: the factor holds for a whole program."""
    code = _pictured(folder)
    if code or SCALE in os.environ:
        return code
    again = [sys.executable, "-m", "scripts.shots", str(folder / "150")]
    return subprocess.run(again, env={**os.environ, SCALE: "1.5"}, check=False).returncode


def _pictured(folder: Path) -> int:
    """Write the pictures and say where they are."""
    clock = ManualClock(datetime(2026, 6, 2, 9, tzinfo=UTC))
    with tempfile.TemporaryDirectory(prefix="rally-shots-") as place:
        url = f"sqlite:///{Path(place, 'Hill Dental.rally')}"
        known = _fill(url, clock)
        made = app.take_pictures(url, folder, clock)
    theme = Theme(application(), "light")
    for look in LOOKS:
        theme.wish(look)
        for key, kind in {**trigger_kinds(), **step_kinds()}.items():
            made.append(_form(kind, known, folder / f"form_{key}_{look}.png"))
        made.append(_trouble(theme, folder / f"trouble_{look}.png"))
        for name, part in shots_mail.mailbox(theme):
            made.append(_shown(part, folder / f"{name}_{look}.png", shots_mail.WIDTH))
        for name, part in shots_letters.parts(theme):
            made.append(_shown(part, folder / f"{name}_{look}.png", shots_letters.WIDTH))
        for name, part in shots_sms.parts(theme):
            made.append(_shown(part, folder / f"{name}_{look}.png", shots_sms.WIDTH))
        for name, part in shots_web.parts(theme):
            made.append(_shown(part, folder / f"{name}_{look}.png", shots_web.WIDTH))
    print(f"{len(made)} pictures in {folder}")
    return 0


def _fill(url: str, clock: ManualClock) -> Lists:
    """Make an office in which something happened, and return its lists."""
    store = Store.open(url, clock)
    store.write(office.found, "Hill Dental", "Ana Admin")
    subject = "Hello {{ contact.first_name }}"
    store.write(templates.save, "Welcome", subject=subject, text="Welcome!")
    _write_templates(store)
    store.write(
        mail_accounts.add, "Hill Dental", "hello@example.com",
        host="memory", port=25, security="none",
    )  # fmt: skip
    store.write(publishing.publish, store.write(workflows.create, WELCOME))
    store.write(workflows.create, Graph(name="Thank you for a won deal", record="deal"))
    for recipe in cookbook.recipes_for("workflow"):
        store.write(cookbook.install, recipe)
    store.write(workflows.create, sixty_steps())
    heart = Heart(store)
    for place, (first, last, stage, source, score) in enumerate(PEOPLE):
        values = {"first_name": first, "last_name": last, "email": f"{first.lower()}@example.com"}
        values |= {"lifecycle_stage": stage, "lead_source": source}
        ref = store.write(contacts.create, {**values, "score": score}, ["Newsletter"])
        clock.advance(minutes=90)
        heart.tick()
        store.write(notes.add, ref, f"{first} asked for the price list.")
        _give_to_do(store, ref, place)
    for values in TWICE:
        store.write(contacts.create, values)
    _throw_away(store, store.write(contacts.create, GONE[0]))
    shots_sms.fill(store)
    shots_web.fill(store)
    shots_sequence.fill(store, clock)
    shots_letters.fill(store, Ref("contact", 1))
    shots_replies.fill(store)
    known = {source: store.read(lists.of, source) for source in SOURCES}
    store.close()
    return known


def _give_to_do(store: Store, ref: Ref, place: int) -> None:
    """Fill the list of tasks: what is overdue, due soon, and done."""
    due = store.clock.now() + timedelta(hours=20 * place - 30)
    number = store.write(tasks.create, ref, title=TO_DO[place % len(TO_DO)], due_at=due)
    if place % 4 == 1:
        store.write(tasks.complete, number)


def _write_templates(store: Store) -> None:
    """Write one of every kind that the office sends."""
    for key, design in THEMES.items():
        known = {slot.key for slot in design.slots}
        said = {name: text for name, text in OPENING.items() if name in known}
        store.write(
            templates.save, f"Saturdays, {design.title.lower()}",
            subject='Open on Saturdays, {{ contact.first_name | default("friend") }}',
            preheader="From June on, 8 to 4", theme=key, folder="Patients",
            slots={**first_slots(design), **said},
        )  # fmt: skip
    store.write(templates.save, "Our new rooms", subject="Our new rooms", html=OWN_HTML)
    text = "Hi {{ contact.first_name }}, see you tomorrow at 9:30. Hill Dental"
    store.write(templates.save, "Day before", subject="", text=text, channel="sms")


def _throw_away(store: Store, ref: Ref) -> None:
    """Fill the trash: a note, a contact, a workflow that nobody needed."""
    store.write(notes.remove, store.write(notes.add, ref, GONE[1]))
    store.write(records.delete, ref)
    store.write(workflows.delete, store.write(workflows.create, Graph(name="First try")))


def _form(kind: type[Node], known: Lists, path: Path) -> Path:
    """Picture the form of one kind of step, filled with its example."""
    panel = QFrame()
    panel.setObjectName("panel")
    column = QVBoxLayout(panel)
    column.setContentsMargins(20, 20, 20, 20)
    column.setSpacing(16)
    column.addWidget(PlainLabel(kind.title, "title"))
    column.addWidget(Form(kind, kind.example, Offer(known, kind.records[0])))
    return _shown(panel, path, 360)


def _trouble(theme: Theme, path: Path) -> Path:
    """Picture the page that says why an office could not be opened."""
    problem = "There is no folder /home/ana/office. Make it, or choose another place."
    return _shown(Trouble(theme, "office", problem), path, 900)


def _shown(widget: QFrame | Trouble, path: Path, width: int) -> Path:
    widget.setFixedWidth(width)
    widget.show()
    # Rows that wrap find their height from their width, a layer at a time.
    for _ in range(6):
        QApplication.processEvents()
        layout = widget.layout()
        if layout is not None:
            widget.resize(width, layout.totalHeightForWidth(width))
    save(widget, path)
    widget.close()
    widget.deleteLater()
    return path


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "shots")))
