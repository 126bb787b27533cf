"""One field on a record's card: its name, its value, and an editor in the value's place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.model.fields import FieldInfo
from rally_desktop.ui import figures
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.field_editor import FieldEditor
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel
from rally_desktop.ui.widgets.relative_time import exactly

LABEL_WIDTH = 128
# In whatever direction a value is written: all of them stand in one column.
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
COPYABLE = ("email", "phone", "mobile", "linkedin", "website", "domain")
MakeEditor = Callable[[FieldInfo], FieldEditor]


class FieldRow(QWidget):
    """Shows a value; F2, Enter or a double click edits it, Enter saves, Esc leaves it as it was."""

    opened = Signal()
    saved = Signal(str, object)
    copied = Signal(str)

    def __init__(self, theme: Theme, field: FieldInfo, make: MakeEditor | None) -> None:
        super().__init__()
        self.field = field
        self._theme, self._make = theme, make
        self._value: Any = None
        self.editor: FieldEditor | None = None
        self._below: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("field_row")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if make else Qt.FocusPolicy.ClickFocus)
        label = PlainLabel(field.label)
        label.set_tone("quiet")
        label.setFixedWidth(LABEL_WIDTH)
        label.setWordWrap(True)
        self.value_label = ShortLabel()
        self.value_label.setMinimumHeight(28)
        self.value_label.setAlignment(LEFT)
        self.copy_button = QToolButton(autoRaise=True)
        self.copy_button.setToolTip(f"Copy {field.label.lower()}")
        self.copy_button.setAccessibleName(f"Copy {field.label}")
        self.copy_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.copy_button.setFixedSize(24, 24)
        self.copy_button.setVisible(False)
        self.problem = PlainLabel(role="sub")
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._line = QHBoxLayout()
        self._line.setSpacing(8)
        self._line.addWidget(label)
        self._line.addWidget(self.value_label, 1)
        self._line.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 1, 4, 1)
        layout.setSpacing(2)
        layout.addLayout(self._line)
        layout.addWidget(self.problem)
        self.copy_button.clicked.connect(self.copy)
        theme.changed.connect(self._dress)
        self._dress()

    def show_value(self, value: Any) -> None:
        """Show a value, unless it is being edited."""
        self._value = value
        if self.editor is not None:
            return
        said = in_words(self.field, value)
        self.value_label.setText(said or "–")
        self.value_label.set_tone("plain" if said else "quiet")
        self.setAccessibleName(f"{self.field.label}: {said or 'empty'}")

    def has_value(self) -> bool:
        """Say whether there is anything to show."""
        return bool(in_words(self.field, self._value))

    def copy(self) -> None:
        """Put the value on the clipboard."""
        said = in_words(self.field, self._value)
        QGuiApplication.clipboard().setText(said)
        self.copied.emit(f"{self.field.label} copied.")

    # -- editing -------------------------------------------------------------------------

    def edit(self, typed: Any = None) -> None:
        """Put an editor in the value's place, with what was typed before where that is so."""
        if self._make is None or self.editor is not None:
            return
        self.editor = self._make(self.field)
        widget = self.editor.widget
        widget.setAccessibleName(self.field.label)
        self.editor.fill(self._value if typed is None else typed)
        self.value_label.hide()
        self.copy_button.hide()
        self._line.insertWidget(1, widget, 1)
        widget.installEventFilter(self)
        self.setFocusProxy(widget)
        widget.setFocus()
        self.opened.emit()
        if isinstance(widget, QComboBox):
            widget.activated.connect(self._commit_soon)
            if typed is None:
                widget.showPopup()
        elif hasattr(widget, "selectAll"):
            widget.selectAll()  # type: ignore[attr-defined]

    def leave(self) -> None:
        """Take the editor away and show the value as it was."""
        self._close_editor()
        self.show_problem("")

    def show_problem(self, text: str) -> None:
        """Say under the value why it was not taken; an empty text takes that away."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def show_below(self, widget: QWidget) -> None:
        """Show something below the editor, for as long as it is open."""
        self._below = widget
        self.layout().addWidget(widget)

    def commit(self) -> None:
        """Hand the edited value over, if it differs."""
        if self.editor is None:
            return
        value = self.editor.read()
        if _same(value, self._value):
            self.leave()
            return
        self.saved.emit(self.field.name, value)

    def taken(self, value: Any) -> None:
        """Show that an edited value was saved."""
        self._close_editor()
        self.show_problem("")
        self.show_value(value)

    def _commit_soon(self) -> None:
        QTimer.singleShot(0, self, self.commit)

    def _close_editor(self) -> None:
        if self.editor is None:
            return
        widget, self.editor = self.editor.widget, None
        if self._below is not None:
            self._below.hide()
            self._below.deleteLater()
            self._below = None
        had_focus = widget.hasFocus() or widget.isAncestorOf(QApplication.focusWidget() or self)
        widget.removeEventFilter(self)
        self.setFocusProxy(None)  # type: ignore[arg-type]
        self._line.removeWidget(widget)
        widget.hide()
        widget.deleteLater()
        self.value_label.show()
        self.show_value(self._value)
        if had_focus:
            self.setFocus()

    # -- keys and pointer ----------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Save with Enter and by leaving, give up with Esc."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.commit()
                return True
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut:
            # A list or calendar that belongs to the editor takes the focus only for a while.
            passing = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
            if event.reason() not in passing and self.problem.isHidden():
                self._commit_soon()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit with F2 or Enter; copy with the usual keys."""
        if event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit."""
        self.edit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Offer to copy what one often copies."""
        shown = self.field.name in COPYABLE and self.has_value() and self.editor is None
        self.copy_button.setVisible(shown)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the offer away."""
        self.copy_button.hide()
        super().leaveEvent(event)

    def _dress(self) -> None:
        self.copy_button.setIcon(self._theme.icon("copy", "ink3"))
        tint, accent = self._theme.value("flow_tint"), self._theme.value("accent")
        self.setStyleSheet(
            "QWidget#field_row { border-radius: 6px; border: 1px solid transparent; }"
            f"QWidget#field_row:hover {{ background: {tint}; }}"
            f"QWidget#field_row:focus {{ border-color: {accent}; }}"
        )


def in_words(field: FieldInfo, value: Any) -> str:
    """Say a field's value as the card shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else ""
    if isinstance(value, datetime):
        return exactly(value) if field.type == "moment" else figures.day(value)
    if isinstance(value, float):
        return figures.money(value) if field.name == "amount" else figures.number(value)
    return str(value)


def _same(new: Any, old: Any) -> bool:
    if isinstance(old, (int, float)) and not isinstance(old, bool):
        return new == f"{old:.15g}"
    return (new or None) == (old or None)
