"""A web form: its fields and what it does at the left, how it looks at the right, its HTML."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import BadSettings, RallyError
from rally_desktop.model.work import Work
from rally_desktop.services import form_html, forms, lists
from rally_desktop.services.forms import FIRST, FormField, FormSettings, Input, WebForm
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.form import Form
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.form_fields import FormFields
from rally_desktop.ui.pages.form_preview import FormPreview
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH, HEIGHT = 1_060, 700
COPY_SAYS = (
    "Paste it where the form is to stand. It needs no script and takes the look of your page. List "
    "the website under ‘What it does’, or its forms are refused."
)


@dataclass(frozen=True)
class Draft:
    """A form as it stands in the dialog."""

    number: int
    name: str
    key: str
    settings: FormSettings
    fields: tuple[FormField, ...]

    def form(self) -> WebForm:
        """Return it as the services know forms."""
        return WebForm(self.number, self.key, self.name, True, self.settings, self.fields)


@dataclass(frozen=True)
class Start:
    """What the dialog begins with: the form, what can be asked for, the office's tags."""

    draft: Draft
    known: dict[str, str]
    tags: tuple[str, ...]


class FormDialog(QDialog):
    """Edits one form; ``saved`` tells its number."""

    saved = Signal(int)

    def __init__(self, desk: Desk, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Edit form" if number else "New form")
        self.resize(WIDTH, HEIGHT)
        self.desk, self.number = desk, number
        self._key_is_own = bool(number)
        self.name = QLineEdit(placeholderText="Contact us")
        self.name.setAccessibleName("Name")
        self.key = QLineEdit(placeholderText="contact-us")
        self.key.setAccessibleName("Key")
        self.tabs = QTabBar(drawBase=False, expanding=False)
        self.area = QStackedWidget()
        self.fields = FormFields(desk.theme)
        self.settings: Form[FormSettings] = Form(FormSettings, {})
        self.html = QPlainTextEdit(readOnly=True)
        self.html.setAccessibleName("HTML to copy")
        self.html.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy = button(desk.theme, "Copy HTML", "copy")
        self.preview = FormPreview()
        self.problem = PlainLabel()
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.save = button(desk.theme, "Save" if number else "Add form", "check", "primary")
        self.cancel = button(desk.theme, "Cancel")
        self._build()
        self.name.textChanged.connect(self._follow_name)
        self.key.textEdited.connect(self._own_key)
        self.tabs.currentChanged.connect(self.area.setCurrentIndex)
        self.fields.changed.connect(lambda: self.draw())
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(lambda: self.keep())
        self.cancel.clicked.connect(self.reject)

    async def begin(self) -> None:
        """Read the form and what can be picked, then show the dialog."""
        start = await self.desk.background.read(_start, self.number)
        self._take_settings(start)
        self.name.setText(start.draft.name)
        self.key.setText(start.draft.key)
        self.fields.show_fields(start.known, start.draft.fields)
        self.open()
        self.name.setFocus()
        self.draw()

    @later
    @newest
    async def draw(self) -> None:
        """Draw the form as it stands, and its HTML."""
        draft = self.draft()
        asked, html = await self.desk.background.read(_drawn, draft)
        self.preview.show_form(draft.name, asked, draft.settings)
        self.html.setPlainText(html)

    @later
    async def keep(self) -> None:
        """Save the form, or say what is wrong with it."""
        try:
            self.settings.value()
            number = await self.desk.background.write(_keep, self.draft())
        except BadSettings as error:
            self.settings.show_problems()
            self._say(" ".join(f"{name} {what}." for name, what in error.problems.items()))
            return
        except RallyError as error:
            self._say(str(error))
            return
        self.saved.emit(number)
        self.accept()

    def draft(self) -> Draft:
        """Return the form as it stands."""
        try:
            settings = self.settings.value()
        except BadSettings:
            settings = FormSettings()
        name, key = self.name.text().strip(), self.key.text().strip()
        return Draft(self.number, name, key, settings, self.fields.value())

    def show_error(self, error: Exception) -> None:
        """Say in place what went wrong."""
        self._say(str(error))

    def _take_settings(self, start: Start) -> None:
        """Make the form of the settings, now that it is known which tags there are."""
        offer = Offer({"tag": start.tags})
        self.settings = Form(FormSettings, start.draft.settings.dump(), offer)
        self.settings.changed.connect(lambda: self.draw())
        body = QWidget(objectName="scrolled")
        inside = QVBoxLayout(body)
        inside.setContentsMargins(16, 14, 16, 14)
        inside.addWidget(self.settings)
        self._scroll.setWidget(body)

    def _follow_name(self, name: str) -> None:
        if not self._key_is_own:
            self.key.setText(forms.key_for(name) if name.strip() else "")
        self.draw()

    def _own_key(self) -> None:
        self._key_is_own = bool(self.key.text())
        self.draw()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.html.toPlainText())
        self.desk.notices.tell("The HTML is copied.", "ok")

    def _say(self, text: str) -> None:
        self.problem.setText(text)

    def _build(self) -> None:
        top = QGridLayout()
        top.setHorizontalSpacing(16)
        top.setVerticalSpacing(4)
        for column, (label, box) in enumerate((("Name", self.name), ("Key", self.key))):
            said = PlainLabel(label, "sub")
            said.setBuddy(box)
            top.addWidget(said, 0, column)
            top.addWidget(box, 1, column)
            top.setColumnStretch(column, 1)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        parts = (
            ("Fields", self.fields),
            ("What it does", self._scroll),
            ("HTML", self._html_part()),
        )
        for title, part in parts:
            self.tabs.addTab(title)
            self.area.addWidget(part)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(top)
        left.addSpacing(4)
        left.addWidget(self.tabs)
        frame = QFrame(objectName="card")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.area)
        left.addWidget(frame, 1)
        right = QVBoxLayout()
        right.addWidget(PlainLabel("How it looks on its own page", "sub"))
        right.addWidget(self.preview, 1)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addLayout(left, 1)
        middle.addLayout(right)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.problem, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel(self.windowTitle(), "heading"))
        column.addLayout(middle, 1)
        column.addLayout(foot)

    def _html_part(self) -> QWidget:
        part = QWidget()
        said = PlainLabel(COPY_SAYS, "sub")
        said.setWordWrap(True)
        foot = QHBoxLayout()
        foot.addWidget(self.copy)
        foot.addStretch(1)
        column = QVBoxLayout(part)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(said)
        column.addWidget(self.html, 1)
        column.addLayout(foot)
        return part


def _start(work: Work, number: int) -> Start:
    known, tags = forms.askable(work), tuple(lists.of(work, "tag"))
    if not number:
        return Start(Draft(0, "", "", FormSettings(), FIRST), known, tags)
    form = forms.one(work, number)
    return Start(Draft(number, form.name, form.key, form.settings, form.fields), known, tags)


def _drawn(work: Work, draft: Draft) -> tuple[tuple[Input, ...], str]:
    form = draft.form()
    return forms.inputs(work, form), form_html.to_copy(work, form)


def _keep(work: Work, draft: Draft) -> int:
    values = (draft.name, draft.key, draft.settings, draft.fields)
    if not draft.number:
        return forms.add(work, *values)
    forms.save(work, draft.number, *values)
    return draft.number
