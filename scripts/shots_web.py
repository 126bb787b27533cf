"""What the pictures show of the web: a form with what came in, its look, and keys of programs."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from rally_desktop.model.store import Store
from rally_desktop.services import api_keys, form_entries, forms
from rally_desktop.services.forms import FIRST, FormField, FormSettings, Input
from rally_desktop.ui.pages.form_fields import FormFields
from rally_desktop.ui.pages.form_preview import FormPreview
from rally_desktop.ui.theme import Theme

WIDTH = 640
CONSENT = FormSettings(consent="Hill Dental may write to me about its practice. I can leave again.")
ASKED = (*FIRST, FormField("phone", "Telephone"))
PATIENTS = (("Jan", "Jansen"), ("Kim", "Kaur"), ("Lea", "Lund"))


def fill(store: Store) -> None:
    """Add two forms, what three people sent, and the keys of two programs."""
    store.write(api_keys.make, "Online shop", adds=True)
    store.write(api_keys.make, "Booking system")
    number = store.write(forms.add, "Book a first visit", settings=CONSENT, fields=ASKED)
    store.write(forms.add, "Newsletter")
    form = store.read(forms.one, number)
    for first, last in PATIENTS:
        said = {"first_name": first, "last_name": last, "email": f"{first.lower()}@example.org"}
        store.write(form_entries.submit, form, said, agreed=first != "Kim")


def parts(theme: Theme) -> Iterator[tuple[str, QFrame]]:
    """Return the fields of a form as one lays them out, and the form as people see it."""
    fields = FormFields(theme)
    fields.show_fields({one.to: one.label for one in ASKED}, ASKED)
    fields.setMinimumHeight(320)
    yield "web_form_fields", _framed(fields)
    preview = FormPreview()
    asked = [Input(one.to, one.label, "text", one.required) for one in ASKED]
    preview.show_form("Book a first visit", asked, CONSENT)
    preview.setMinimumHeight(480)
    yield "web_form_preview", _framed(preview)


def _framed(part: QWidget) -> QFrame:
    panel = QFrame()
    panel.setObjectName("panel")
    QVBoxLayout(panel).addWidget(part)
    return panel
