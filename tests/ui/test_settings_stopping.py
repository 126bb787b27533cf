"""Changes in the settings that take long: they say so, and are stopped without a trace."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.services import list_edits, lists
from rally_desktop.ui.pages.settings_lists import Lists
from rally_desktop.ui.pages.settings_own import STOPPED

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def told(desk):
    """What was told, the newest last."""
    heard = []
    desk.notices.posted.connect(heard.append)
    return heard


@pytest.fixture
def page(qtbot, desk, told):
    """The office's lists."""
    made = Lists(desk)
    qtbot.addWidget(made)
    made.resize(1100, 640)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_a_change_that_takes_long_says_so(page, qtbot, monkeypatch):
    """Nothing is said of what is over at once, and nothing stays behind."""
    monkeypatch.setattr("rally_desktop.ui.pages.settings_own.PATIENCE", 5)
    gate = Event()
    page.take_back(lambda work: gate.wait())
    assert page.under_way.isHidden()
    qtbot.waitUntil(page.under_way.isVisible)
    gate.set()
    qtbot.waitUntil(page.under_way.isHidden)


def test_a_long_rename_is_stopped_and_leaves_nothing_half_done(page, world, told, qtbot):
    """Stopped in the middle, every record says what it said before, and so does the list."""
    number = world.rows("select id from choice where value = 'Referral'")[0][0]
    ana = world.contact(lead_source="Referral")

    def endless(work):
        list_edits.rename(work, number, "Word of mouth")
        work.connection.exec_driver_sql(
            "with recursive n(x) as (select 1 union all select x + 1 from n) select sum(x) from n"
        )

    page.change(endless)
    qtbot.waitUntil(page.under_way.isVisible)
    QTest.mouseClick(page.under_way.stop_button, LEFT)
    qtbot.waitUntil(page.under_way.isHidden)
    assert told[-1].text == STOPPED
    assert world.record(ana)["lead_source"] == "Referral"
    assert "Referral" in world.ask(lists.of, "lead_source")
