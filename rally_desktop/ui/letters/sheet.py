"""All that is typed of a letter: its head, what it says, its files, when it goes out."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from rally_desktop.engine.letter_desk import Scene
from rally_desktop.services import composing
from rally_desktop.services.attachments import File
from rally_desktop.services.writing import Draft
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.letters.awaited_files import AwaitedFiles
from rally_desktop.ui.letters.body import LetterBody
from rally_desktop.ui.letters.fields import LetterOffer
from rally_desktop.ui.letters.head import LetterHead
from rally_desktop.ui.letters.when import WhenBox
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.file_list import FileList


class LetterSheet(QWidget):
    """``changed`` is heard with every letter that somebody types, not with what is filled in."""

    changed = Signal()

    def __init__(self, desk: Desk, scene: Scene, draft: Draft, offer: LetterOffer) -> None:
        super().__init__()
        self._desk, self._scene, self._offer = desk, scene, offer
        self._begun = draft
        self._template = (draft.template, draft.template_version)
        self._from_template = ""  # the text as a template began it
        self._filling = False
        self.head = LetterHead(desk, offer)
        self.body = LetterBody(desk, offer)
        self.files = FileList(desk)
        self.awaited = AwaitedFiles(desk, lambda: self.files.files)
        self.when = WhenBox(desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addWidget(self.body, 1)
        column.addWidget(self.awaited)
        column.addWidget(self.files)
        column.addWidget(self.when)
        self.head.begin(scene)
        self.when.begin(scene.first_name, scene.zone)
        self.fill(draft)
        for part in (self.head, self.body, self.files, self.awaited, self.when):
            part.changed.connect(self._touch)
        self.awaited.came.connect(self._attach)
        self.awaited.read.connect(self._quote)
        self.head.template_chosen.connect(self.use_template)
        self.body.words_wanted.connect(self._give_up_template)

    def read(self) -> Draft:
        """Return the letter as it stands."""
        head, body = self.head, self.body
        name, version = self._template
        lines = {line: getattr(head, line).text() for line in ("to", "cc", "bcc")}
        return replace(
            self._begun,
            **lines,
            subject=head.subject.read(),
            text=body.text.read(),
            quoted=body.quoted(),
            html=body.html,
            template=name,
            template_version=version,
            account_id=head.account.currentData(),
            files=self.files.files,
            awaited=self.awaited.files,
            send_at=self.when.moment(),
        )

    def fill(self, draft: Draft) -> None:
        """Show a letter as it is kept."""
        self._filling = True
        self._template = (draft.template, draft.template_version)
        self.head.fill(draft)
        self.body.fill(draft)
        self.files.fill(draft.files)
        self.awaited.fill(draft.passed_on, draft.awaited)
        self.when.show_moment(draft.send_at)
        self._filling = False
        self._sign()
        if draft.html:
            self._draw_design()

    def first(self) -> QWidget:
        """Return where one begins to write."""
        if not self.head.to.text().strip():
            return self.head.to
        return self.body.text if self.head.subject.read().strip() else self.head.subject

    def is_begun(self) -> bool:
        """Say whether there is anything that one would miss."""
        now, before = self.read(), self._begun
        if before.id:
            return bool(now.text.strip() or now.html or now.files or now.subject.strip())
        return now != replace(before, account_id=now.account_id, awaited=now.awaited)

    def correct(self, wrong: str, meant: str) -> None:
        """Put an address in the place of the one that was mistyped."""
        for line in (self.head.to, self.head.cc, self.head.bcc):
            line.correct(wrong, meant)

    # -- templates -----------------------------------------------------------------------

    @later
    async def use_template(self, name: str) -> None:
        """Begin with a template, filled in; what was written is given up only if one says so."""
        if not name:
            self._give_up_template()
            return
        words = f"‘{name}’ takes the place of your text."
        if self._is_own() and not await ask(self, "Replace what you wrote?", words, "Replace"):
            self.head.show_template(self._template[0])
            return
        filled = await self._desk.background.read(composing.fill, self._begun.contact, name)
        made, now = filled.template, self.read()
        keeps_subject = now.kind != "new" and bool(now.subject.strip())
        files = {one.name: one for one in (*now.files, *made.files)}
        self.fill(
            replace(
                now,
                subject=now.subject if keeps_subject else filled.subject,
                text=filled.text,
                html=filled.html,
                template=made.name,
                template_version=made.version,
                files=tuple(files.values()),
            )
        )
        self._from_template = self.body.text.read()
        self._touch()

    def _give_up_template(self) -> None:
        """Write plain words; those that a design had go with it."""
        now = self.read()
        text = "" if now.html else now.text
        self.fill(replace(now, html="", text=text, template="", template_version=None))
        self._touch()

    def _is_own(self) -> bool:
        said = self.body.text.read().strip()
        return bool(said) and said != self._from_template.strip() and not self.body.html

    @later
    @newest
    async def _draw_design(self) -> None:
        sample = self._offer.sample
        if sample is not None:
            found = await sample.fill(self.body.html, html=True)
            self.body.show_design(found.text or self.body.html)

    # -- inside --------------------------------------------------------------------------

    def _attach(self, came: File) -> None:
        """Attach a file of what is passed on; nobody would miss it who wrote nothing."""
        self.files.fill((*self.files.files, came))
        self._begun = replace(self._begun, files=(*self._begun.files, came))

    def _quote(self, quoted: str) -> None:
        """Quote all of what is passed on, now that it is read."""
        self.body.fill_quote(quoted)
        self._begun = replace(self._begun, quoted=quoted)

    def _sign(self) -> None:
        number = self.head.account.currentData()
        self.body.show_signature(self._scene.signatures.get(number, ""))

    def _touch(self) -> None:
        if not self._filling:
            self._sign()
            self.changed.emit()


class SheetArea(QScrollArea):
    """Lets a sheet be scrolled where the screen has no room for all of it."""

    def __init__(self, sheet: LetterSheet) -> None:
        super().__init__()
        self._sheet = sheet
        sheet.setObjectName("scrolled")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(sheet)
        sheet.when.opened.connect(lambda: QTimer.singleShot(0, self, self._show_when))

    def _show_when(self) -> None:
        self.ensureWidgetVisible(self._sheet.when)
