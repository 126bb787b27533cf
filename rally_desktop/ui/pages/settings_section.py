"""One section of the settings: a generated form in groups, saved or reverted as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from rally_desktop.core.schema import Described
from rally_desktop.model.work import Work
from rally_desktop.services import (
    calendar,
    lists,
    receiving_rules,
    safeguards,
    scoring,
    trash_keeping,
    web,
)
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.form import Form
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH, SIDE = 560, 24


@dataclass(frozen=True)
class Topic:
    """What a section is about; ``groups`` is the heading above each setting that begins one.

    ``offers`` reads what can be picked where that is the office's own.
    """

    title: str
    line: str
    kind: type[Described]
    read: Callable[[Work], Described]
    write: Callable[[Work, Any], None]
    groups: Mapping[str, str]
    lists: Callable[[], Mapping[str, Sequence[str]]] = dict
    offers: Callable[[Work], Mapping[str, Sequence[str]]] | None = None


def _web_lists(work: Work) -> Mapping[str, Sequence[str]]:
    return {source: lists.of(work, source) for source in ("template", "workflow")}


TOPICS = (
    Topic(
        "Safeguards",
        "What workflows may do by themselves. Nought switches a limit off.",
        safeguards.Safeguards,
        safeguards.of,
        safeguards.save,
        {
            "emails_a_day": "How often a person hears from us",
            "most_emails_a_day": "Ceilings that nothing passes",
            "sends_an_hour": "How much at once",
            "runs_a_record_hour": "Going round in circles",
            "failures": "What pauses a workflow",
            "expiry_hours": "Time",
            "http_hosts": "Network",
        },
    ),
    Topic(
        "Calendar",
        "When the office works, and when messages may go out, in each person's own time zone.",
        calendar.Calendar,
        calendar.of,
        calendar.save,
        {
            "time_zone": "Where the office is",
            "business_days": "The working week",
            "email_from": "Hours of messages",
        },
        lambda: {"weekday": calendar.WEEKDAYS, "time_zone": calendar.zones()},
    ),
    Topic(
        "Receiving",
        "How mail that arrives is read. Nothing in a mailbox is ever changed or marked as read.",
        receiving_rules.ReceivingRules,
        receiving_rules.of,
        receiving_rules.save,
        {},
    ),
    Topic(
        "Score",
        "What a contact does raises the score, from 0 to 100: up to 25 cold, up to 50 warm, up to "
        "75 hot, above that sales-ready. Time lets it sink again.",
        scoring.Scoring,
        scoring.of,
        scoring.save,
        {"email_received": "Points", "half_life": "How they fade"},
    ),
    Topic(
        "Trash",
        "What is deleted can be restored from the trash until it goes for good.",
        trash_keeping.Keeping,
        trash_keeping.of,
        trash_keeping.save,
        {},
    ),
    Topic(
        "Web",
        "People can leave the list by a link, fill in forms of your website, and what becomes of "
        "messages can be counted. All of it is off until you switch it on.",
        web.Web,
        web.of,
        web.save,
        {"on": "The service", "public": "How the world reaches it", "opens": "What is counted"},
        offers=_web_lists,
    ),
)


class Section(QScrollArea):
    """The form of one topic; ``changed`` tells that it may differ from what is stored."""

    changed = Signal()

    def __init__(self, topic: Topic) -> None:
        super().__init__()
        self.topic = topic
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._offered = topic.lists()
        self.form: Form[Described] = Form(topic.kind, {}, Offer(self._offered))
        self._kept: dict[str, Any] = self.form.stored()
        body = QWidget(objectName="scrolled")
        body.setMaximumWidth(WIDTH + 2 * SIDE)  # long lines of help are measured as they are shown
        self._column = column = QVBoxLayout(body)
        column.setContentsMargins(SIDE, 16, SIDE, 24)
        line = PlainLabel(topic.line, "sub")
        line.setWordWrap(True)
        line.setContentsMargins(0, 0, 0, 0 if topic.groups else 12)  # a heading has room above it
        for part in (line, self.form):
            part.setMaximumWidth(WIDTH)
            column.addWidget(part)
        column.addStretch(1)
        self._add_headings()
        self.setWidget(body)
        self.form.changed.connect(self.changed)
        self.setFocusProxy(self.form)

    def offer(self, lists: Mapping[str, Sequence[str]]) -> None:
        """Let other things be picked."""
        if lists == self._offered:
            return
        self._offered = lists
        before, self.form = self.form, Form(self.topic.kind, self.form.stored(), Offer(lists))
        self.form.setMaximumWidth(WIDTH)
        self._column.replaceWidget(before, self.form)
        before.hide()
        before.deleteLater()
        self._add_headings()
        self.form.changed.connect(self.changed)
        self.setFocusProxy(self.form)

    def show_stored(self, settings: Described) -> None:
        """Show what the office has set."""
        self.form.fill(settings.dump())
        self._kept = self.form.stored()
        self.changed.emit()

    def put_first(self, widget: QWidget) -> None:
        """Show something above the form."""
        widget.setMaximumWidth(WIDTH)
        self._column.insertWidget(0, widget)

    def revert(self) -> None:
        """Show again what was read last."""
        self.form.fill(self._kept)
        self.changed.emit()

    def is_edited(self) -> bool:
        """Say whether the form differs from what was read last."""
        return self.form.stored() != self._kept

    def _add_headings(self) -> None:
        column = self.form.layout()
        if not isinstance(column, QVBoxLayout):
            return
        for name, heading in self.topic.groups.items():
            label = PlainLabel(heading, "title")
            label.setContentsMargins(0, 14, 0, 0)
            column.insertWidget(column.indexOf(self.form.row(name)), label)
