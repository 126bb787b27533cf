"""The audit page: read in words, narrowed, checked, alive, all by keys as well."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.model.sqlite import driver
from rally_desktop.outside.heads import Heads
from rally_desktop.services import contacts, safeguards
from rally_desktop.ui.pages.audit import AuditPage
from rally_desktop.ui.widgets.plain_label import PlainLabel

pytestmark = pytest.mark.slow


@pytest.fixture
def page(qtbot, desk, world, tmp_path):
    """The page of an office in which Maria changed Ana."""
    world.store.user_id = world.user("Maria")
    ana = world.contact("Ana", department="Sales")
    world.do(contacts.update, ana, {"department": "Support"})
    made = AuditPage(desk)
    made.proof._heads = Heads(tmp_path / "audit.json")
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    made.shown()
    qtbot.waitUntil(lambda: made.table.line() is not None)
    return made


def said(page):
    """What the list says in the rows that are at hand."""
    count = page.table.lines.rowCount()
    found = [page.table.lines.at(place) for place in range(min(count, 50))]
    return [f"{line.who} {line.said}" for line in found if line]


def shown(page):
    """What the pane beside the list says."""
    return [label.text() for label in page.detail.findChildren(PlainLabel)]


def test_the_newest_line_is_chosen_and_shown_in_full(qtbot, page):
    """Who changed what is a sentence; beside it stand before and after."""
    sentence = "Maria changed Department of Ana from ‘Sales’ to ‘Support’"
    assert said(page)[0] == sentence
    qtbot.waitUntil(lambda: sentence in shown(page))
    assert {"‘Sales’", "‘Support’", "Computer"} <= set(shown(page))


def test_what_happens_appears_at_the_top_and_the_choice_stays(qtbot, page, world):
    """While one reads a line, others are added above it."""
    number = page.table.number()
    world.contact("Ben")
    qtbot.waitUntil(lambda: said(page)[:1] == ["Maria created Ben"])
    assert page.table.number() == number


def test_it_is_narrowed_by_words_and_everything_comes_back(qtbot, page):
    """Typing narrows; Down goes into the list; a search for nothing offers to show all again."""
    QTest.keyClicks(page.filter.search, "created ana")
    qtbot.waitUntil(lambda: said(page) == ["Maria created Ana"])
    page.filter.search.setFocus()
    QTest.keyClick(page.filter.search, Qt.Key.Key_Down)
    assert page.table.hasFocus()
    page.filter.search.setText("zzz")
    qtbot.waitUntil(page.empty.isVisible)
    QTest.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(said(page)) > 10)


def test_the_log_of_one_record_alone_is_opened(qtbot, page, world):
    """From a card's menu only the lines about that record are listed, until that is taken off."""
    ben = world.contact("Ben")
    page.open(*ben)
    qtbot.waitUntil(lambda: said(page) == ["Maria created Ben"])
    assert page.filter.about.text().strip() == "About Ben"
    page.filter.about.click()
    qtbot.waitUntil(lambda: len(said(page)) > 10)


def test_enter_opens_what_a_line_is_about(qtbot, page, world):
    """A record's line leads to the record, a setting's to the settings."""
    with qtbot.waitSignal(page.desk.wanted) as heard:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert heard.args[0] == "contacts"
    world.do(safeguards.stop_sending)
    qtbot.waitUntil(lambda: said(page)[:1] == ["Maria stopped all sending"])
    QTest.keyClick(page.table, Qt.Key.Key_Home)
    with qtbot.waitSignal(page.desk.wanted) as heard:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert heard.args == ["settings", ("Safeguards",)]


def test_the_badge_says_what_a_check_found(qtbot, page, world):
    """A sound log is said to be so; one that was changed behind our back is not."""
    page.proof.check_button.click()
    qtbot.waitUntil(lambda: page.proof.verdict is not None)
    assert "as they were written" in page.proof.words.text()
    page.proof.verdict = None
    file = driver().connect(world.store.engine.url.database, isolation_level=None)
    file.execute("drop trigger activity_said")
    file.execute("update activity set detail = '{}' where kind = 'updated'")
    file.close()
    page.proof.check_button.click()
    qtbot.waitUntil(lambda: page.proof.verdict is not None)
    assert "changed afterwards" in page.proof.words.text()
    assert not page.proof.accept_button.isVisible()
