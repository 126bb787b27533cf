"""The card of one record: who it is, its tags, and all its fields, edited in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import NotFound, RallyError
from rally_desktop.model.fields import FieldInfo
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.services import entry
from rally_desktop.services.entry import Card
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import dress
from rally_desktop.ui.widgets.card_edits import CardEdits
from rally_desktop.ui.widgets.field_editor import FieldEditor, field_editor
from rally_desktop.ui.widgets.field_row import LABEL_WIDTH, FieldRow
from rally_desktop.ui.widgets.grid_cells import tile
from rally_desktop.ui.widgets.like_line import CardLikes
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel
from rally_desktop.ui.widgets.related_list import PAGES, RelatedList
from rally_desktop.ui.widgets.score_line import ScoreLine
from rally_desktop.ui.widgets.tag_line import TagLine

TILE = 44
_ADDRESS = ("Address", ("street", "postal_code", "city", "state", "country", "time_zone"))
_ACTIVITY = ("Activity", ("last_activity_at", "last_email_sent_at", "last_email_opened_at",
                          "last_link_clicked_at", "last_replied_at", "stage_moved_at",
                          "created_at", "updated_at"))  # fmt: skip
Groups = tuple[tuple[str, tuple[str, ...]], ...]
# Groups and their fields, in order; a field that no group names goes to the last.
GROUPS: Mapping[RecordKind, Groups] = {
    "contact": (
        ("Contact", ("first_name", "last_name", "email", "phone", "mobile", "linkedin",
                     "twitter", "gender")),
        ("Work", ("company", "title", "department")),
        ("Sales", ("lifecycle_stage", "owner", "lead_status", "lead_source", "lead_type",
                   "lead_priority", "score")),
        _ADDRESS,
        ("Consent", ("consent_email", "consent_email_at", "consent_email_how", "consent_sms",
                     "consent_sms_at", "consent_sms_how", "do_not_contact", "email_invalid")),
        _ACTIVITY,
        ("Other", ()),
    ),
    "company": (
        ("Company", ("name", "domain", "phone", "website", "industry", "owner")),
        _ADDRESS,
        _ACTIVITY,
        ("Other", ()),
    ),
    "deal": (
        ("Deal", ("name", "amount", "pipeline", "stage", "expected_close", "owner")),
        ("With", ("contact", "company")),
        _ACTIVITY,
        ("Other", ()),
    ),
}  # fmt: skip
# Shown even while they are empty: what one most often fills in.
ALWAYS = frozenset(
    {"first_name", "last_name", "name", "email", "phone", "company", "title"}
    | {"lifecycle_stage", "owner", "lead_source", "stage", "amount", "contact", "expected_close"}
    | {"score", "consent_email", "consent_sms"}
)


WATCHED = frozenset(
    {"contact", "company", "deal", "record_tag", "tag", "user_account", "choice", "custom_field"}
)


class RecordCard(QWidget):
    """Shows one record; everything that is changed here is saved at once."""

    edited = Signal(object)
    """The Ref of a record after one of its fields was saved."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.ref: Ref | None = None
        self.card: Card | None = None
        self.edits = CardEdits(desk, self)
        self.rows: dict[str, FieldRow] = {}
        self._headings: list[tuple[PlainLabel, list[FieldRow]]] = []
        self.tile = QLabel()
        self.tile.setFixedSize(TILE, TILE)
        self.name = ShortLabel(role="heading")
        self.subtitle = ShortLabel()
        self.subtitle.set_tone("quiet")
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(4)
        self.tags = TagLine(desk)
        self._scroll = QScrollArea()
        self._body = QWidget()
        self._body.setObjectName("scrolled")
        self._groups = QVBoxLayout()
        self._groups.setSpacing(0)
        self.more = QPushButton()
        self.more.setProperty("kind", "quiet")
        self.more.setCheckable(True)
        self.related = RelatedList(desk)
        self.score = ScoreLine(desk, LABEL_WIDTH + 16)
        self.likes = CardLikes(desk, self)
        self._lay_out()
        self.more.toggled.connect(self._show_rows)
        self.likes.wanted.connect(lambda ref: desk.go(PAGES[ref.kind], ref))
        self.tags.added.connect(lambda name: self.edits.add_tag(self.ref, name))
        self.tags.removed.connect(lambda name: self.edits.take_tag(self.ref, name))
        desk.background.changed.connect(self._hear)
        desk.theme.changed.connect(self._draw_tile)

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.name)
        names.addWidget(self.subtitle)
        head = QHBoxLayout()
        head.setContentsMargins(16, 16, 12, 8)
        head.setSpacing(12)
        head.addWidget(self.tile)
        head.addLayout(names, 1)
        head.addLayout(self.buttons)
        tags = QHBoxLayout()
        tags.setContentsMargins(8, 0, 0, 8)
        tags.addWidget(self.tags)
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(8, 0, 12, 12)
        inside.setSpacing(0)
        inside.addLayout(tags)
        inside.addLayout(self._groups)
        scroll = self._scroll
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(scroll, 1)

    def add_button(self, icon: str, words: str) -> QToolButton:
        """Add a button to the head."""
        button = QToolButton()
        button.setIconSize(QSize(18, 18))
        button.setToolTip(words)
        button.setAccessibleName(words)
        dress(button, self.desk.theme, icon)
        self.buttons.addWidget(button)
        return button

    def sizeHint(self) -> QSize:
        """Return half of a page: the other half is the timeline's."""
        return QSize(420, 360)

    # -- showing -------------------------------------------------------------------------

    def show_ref(self, ref: Ref | None) -> None:
        """Show a record, or nothing."""
        if ref != self.ref:
            for row in self.rows.values():
                row.commit()
                row.leave()
        self.ref = ref
        if ref is not None:
            self._read()

    def focus_first(self) -> None:
        """Put the cursor on the first field."""
        for row in self.rows.values():
            if not row.isHidden():
                row.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def edit(self, name: str = "") -> None:
        """Edit a field, the first one unless named."""
        for row in self.rows.values():
            if (not name or row.field.name == name) and not row.isHidden():
                row.edit()
                return

    @later
    async def _read(self) -> None:
        ref = self.ref
        if ref is None:
            return
        try:
            found = await self.desk.background.read(entry.card, ref)
        except NotFound:
            # Deleted just now: whoever lists the records takes it off the screen.
            return
        if ref == self.ref:
            self._show(found)

    def _show(self, card: Card) -> None:
        if self.card is None or self.card.fields is not card.fields:
            self._build(card)
        self.card = card
        for name, row in self.rows.items():
            row.show_value(card.values.get(name))
        self.name.setText(card.name)
        self.subtitle.setText(_about(card))
        self.tags.show_tags(card.tags)
        self.tags.offer(card.lists.get("tag", ()))
        self._draw_tile()
        self._show_rows()
        self.related.show_ref(card.ref)
        if card.ref.kind == "contact":
            self.score.show_ref(card.ref)

    def _build(self, card: Card) -> None:
        """Make a row for each field; what is being edited goes on, also in a new row."""
        edited = {name: row.editor.read() for name, row in self.rows.items() if row.editor}
        self._clear()
        for title, fields in _grouped(card):
            heading = PlainLabel(title, role="small")
            heading.setContentsMargins(8, 12, 0, 4)
            self._groups.addWidget(heading)
            rows = [self._row(card, field) for field in fields]
            self._headings.append((heading, rows))
        self._groups.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._groups.addWidget(self.related)
        self._groups.addStretch(1)
        self.card = card
        for name in edited.keys() & self.rows.keys():
            self.rows[name].show_value(card.values.get(name))
            self.rows[name].edit(edited[name])

    def _clear(self) -> None:
        while item := self._groups.takeAt(0):
            widget = item.widget()
            if widget is not None and widget not in (self.more, self.related, self.score):
                widget.hide()
                widget.deleteLater()
        self.rows, self._headings = {}, []

    def _row(self, card: Card, field: FieldInfo) -> FieldRow:
        make = self._editor if field.name in card.editable else None
        row = FieldRow(self.desk.theme, field, make)
        row.opened.connect(lambda: self._scroll.ensureWidgetVisible(row))
        row.opened.connect(lambda: self.likes.begin(row, self.ref))
        row.saved.connect(self._save)
        row.copied.connect(self.desk.notices.tell)
        self.rows[field.name] = row
        self._groups.addWidget(row)
        if field.name == "score":
            self._groups.addWidget(self.score)
        return row

    def _editor(self, field: FieldInfo) -> FieldEditor:
        lists = self.card.lists if self.card else {}
        return field_editor(field, lists, self.desk)

    def _show_rows(self) -> None:
        everything, hidden = self.more.isChecked(), 0
        for heading, rows in self._headings:
            shown = 0
            for row in rows:
                wanted = row.has_value() or row.field.name in ALWAYS or row.editor is not None
                hidden += not wanted
                row.setVisible(wanted or everything)
                shown += wanted or everything
            heading.setVisible(bool(shown))
        words = f"{hidden} empty field{'s' * (hidden != 1)}"
        self.more.setText(f"Hide {words}" if everything else f"Show {words}")
        self.more.setVisible(hidden > 0)

    def _draw_tile(self) -> None:
        if self.card is not None:
            ratio = self.devicePixelRatioF()
            self.tile.setPixmap(tile(self.desk.theme, self.card.name, TILE, ratio))

    # -- saving --------------------------------------------------------------------------

    def _save(self, name: str, value: Any) -> None:
        # The record is the one shown now; by the time it is saved it may be another.
        if self.ref is not None:
            self._write(self.ref, name, value)

    @later
    async def _write(self, ref: Ref, name: str, value: Any) -> None:
        row, who = self.rows[name], self.name.whole()
        row.show_problem("")
        try:
            await self.edits.put(ref, name, value, f"{row.field.label} of {who}")
        except RallyError as error:
            if ref == self.ref:
                row.show_problem(_said(error))
            else:
                self.desk.notices.show_error(error)
            return
        if ref == self.ref:
            row.taken(value)
        self._read()
        self.edited.emit(ref)

    def _hear(self, touched: frozenset[str]) -> None:
        if self.ref is not None and touched & WATCHED:
            self._read()


_ABOUT: Mapping[RecordKind, tuple[tuple[str, ...], str]] = {
    "contact": (("title", "company"), "No company yet"),
    "company": (("industry", "city"), "Company"),
    "deal": (("pipeline", "stage"), "Deal"),
}


def _about(card: Card) -> str:
    """Return the line below the name."""
    names, else_ = _ABOUT[card.ref.kind]
    return " · ".join(filter(None, (card.values.get(name) for name in names))) or else_


def _said(error: RallyError) -> str:
    problems = getattr(error, "problems", None)
    if not problems:
        return str(error)
    return "; ".join(f"{name} {what}." for name, what in problems.items())


def _grouped(card: Card) -> list[tuple[str, list[FieldInfo]]]:
    fields = {
        field.name: field
        for field in card.fields.values()
        if (field.stored or field.name.startswith("custom.")) and field.name != "tags"
    }
    made = []
    for title, names in GROUPS[card.ref.kind]:
        found = [fields.pop(name) for name in names if name in fields]
        made.append((title, found))
    made[-1][1].extend(fields.values())
    return [(title, found) for title, found in made if found]
