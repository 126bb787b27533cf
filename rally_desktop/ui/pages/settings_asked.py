"""What waits for somebody's word: questions of workflows, paused accounts, messages in doubt."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from rally_desktop.services import asked, mail_accounts, safeguards
from rally_desktop.services.asked import Asked, Paused
from rally_desktop.services.safeguards import Question
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel


class Waits(QWidget):
    """A card for each thing that waits; nothing at all where nothing does."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shown = Asked()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 16)
        self._column.setSpacing(8)
        self.hide()

    @later
    @newest
    async def refresh(self) -> None:
        """Read what waits now."""
        found = await self._desk.background.read(asked.now)
        if found != self._shown:
            self._shown = found
            self._draw()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    @later
    async def let_go(self, question: Question) -> None:
        """Say that the first messages of a workflow were well."""
        count = await self._desk.background.write(safeguards.confirm, question.workflow_id)
        self._desk.notices.tell(f"{_many(count, 'message')} that waited go out.", "ok")
        self.refresh()

    @later
    async def let_in(self, question: Question) -> None:
        """Let those in who were too many at once."""
        count = await self._desk.background.write(safeguards.release, question.workflow_id)
        self._desk.notices.tell(f"{_many(count, 'person', 'people')} will enter now.", "ok")
        self.refresh()

    @later
    async def turn_away(self, question: Question) -> None:
        """Let none of them in, once somebody said so twice."""
        many = _many(question.enrolments, "person", "people")
        what = "They do not enter this time. Why is kept on the workflow."
        if await ask(self, f"Turn {many} away?", what, "Turn them away"):
            await self._desk.background.write(safeguards.turn_away, question.workflow_id)
            self.refresh()

    @later
    async def let_send(self, account: Paused) -> None:
        """Let a paused account send again."""
        await self._desk.background.write(mail_accounts.resume, account.id)
        self._desk.notices.tell(f"{account.address} sends again.", "ok")
        self.refresh()

    def _draw(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (card := item.widget()) is not None:
                card.hide()
                card.deleteLater()
        for card in self._cards(self._shown):
            self._column.addWidget(card)
        self.setVisible(self._column.count() > 0)

    def _cards(self, found: Asked) -> list[QFrame]:
        cards = [card for one in found.questions for card in self._questions(one)]
        for account in found.accounts:
            resume = self._button("Resume", "play", partial(self.let_send, account))
            cards.append(_card(f"{account.address} is paused", account.why, resume))
        if found.doubts:
            line = "The server’s answer was lost. Look, and say whether it arrived."
            look = self._button("Look", "search", lambda: self._desk.go("runs", "doubt"))
            cards.append(_card(f"{_many(found.doubts, 'message')} in doubt", line, look))
        return cards

    def _questions(self, one: Question) -> list[QFrame]:
        cards = []
        if one.messages:
            line = (
                f"{_many(one.messages, 'more message')} would go out. Look at what was sent, "
                "then let the others go."
            )
            look = self._button("Look", "", lambda: self._desk.go("runs", one.workflow_id))
            go = self._button("Let them go", "play", lambda: self.let_go(one))
            cards.append(_card(f"‘{one.workflow}’ has sent its first messages", line, look, go))
        if one.enrolments:
            title = f"‘{one.workflow}’ would take in many at once"
            line = f"{_many(one.enrolments, 'person', 'people')} would enter. Nobody has yet."
            away = self._button("Turn away", "", lambda: self.turn_away(one))
            enter = self._button("Let in", "play", lambda: self.let_in(one))
            cards.append(_card(title, line, away, enter))
        return cards

    def _button(self, text: str, icon: str, does: Callable[[], object]) -> QPushButton:
        made = button(self._desk.theme, text, icon)
        made.clicked.connect(lambda: does())
        return made


def _card(title: str, line: str, *buttons: QPushButton) -> QFrame:
    card = QFrame(objectName="card")
    card.setAccessibleName(f"{title}. {line}")
    words = QVBoxLayout()
    words.setSpacing(2)
    for label in (PlainLabel(title, "strong"), PlainLabel(line, "sub")):
        label.setWordWrap(True)
        words.addWidget(label)
    row = QHBoxLayout(card)
    row.setContentsMargins(14, 10, 14, 10)
    row.setSpacing(8)
    row.addLayout(words, 1)
    for each in buttons:
        row.addWidget(each)
    return card


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"
