"""A conversation on the timeline: folded, opened, answered; its files fetched, opened or saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from rally_desktop.core.errors import Refused
from rally_desktop.engine import receiving_files
from rally_desktop.outside.files import from_outside
from rally_desktop.services import notes, strangers, timeline
from rally_desktop.ui.later import busy
from rally_desktop.ui.pages import timeline_deeds
from rally_desktop.ui.pages.timeline_pane import TimelinePane
from rally_desktop.ui.widgets.timeline_model import LINE_ROLE
from tests.services.test_conversations import mail

pytestmark = pytest.mark.slow
LEFT = Qt.MouseButton.LeftButton
FILE = {"content_id": "", "inline": False, "start": 0, "end": 9, "encoding": "", "section": ""}


@pytest.fixture
def ana(world):
    """Ana, who wrote twice in one conversation, the second time with files, and once apart."""
    made = world.contact("Ana", email="ana@example.org")
    files = [
        {**FILE, "name": "plan.pdf", "type": "application/pdf", "size": 900_000},
        {**FILE, "name": "run.exe", "type": "application/pdf", "size": 5_000},
        {**FILE, "name": "logo.png", "type": "image/png", "size": 70, "content_id": "logo@x"},
    ]
    mail(world, made, "offer", direction="out", hours=1)
    html = '<p>Yes.<img src="cid:logo@x"></p>'
    mail(world, made, "yes", in_reply_to="<offer>", hours=2, files=files, html=html)
    other = {"other_address": "ana@home.example"}
    mail(world, made, "apart", hours=-1, said=other, sender="ana@home.example")
    return made


@pytest.fixture
def kept(monkeypatch):
    """What lies in the mailbox; ``told`` may stop the fetching."""
    made = {"asked": 0, "stuck": False}

    def fetch(store, number, place, place_for, told):
        made["asked"] += 1
        told(300_000)
        while made["stuck"]:
            told(300_000)
        return receiving_files.Fetched("plan.pdf", b"%PDF")

    monkeypatch.setattr(receiving_files, "fetch", fetch)
    drawn = {"cid:logo@x": b"picture"}
    monkeypatch.setattr(receiving_files, "pictures", lambda *asked: drawn)
    return made


@pytest.fixture
def pane(desk, qtbot, ana, kept):
    """Her timeline, shown."""
    made = TimelinePane(desk)
    qtbot.addWidget(made)
    made.resize(460, 800)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.show_ref(ana)
    qtbot.waitUntil(lambda: bool(made.view.lines.lines) and not busy())
    return made


@pytest.fixture
def opened(pane, qtbot):
    """The conversation, opened by its link, its second message in front."""
    link(pane.view, 0, "open")
    qtbot.waitUntil(lambda: pane.deeds.letter is not None and pane.deeds.letter.isVisible())
    return pane.deeds.letter


def link(view, row, name):
    """Click a link of a line."""
    index = view.lines.index(row)
    area = view.painter.link_rects(view.visualRect(index), index)[name]
    QTest.mouseClick(view.viewport(), LEFT, pos=area.center())


def click(button):
    """Press a button."""
    QTest.mouseClick(button, LEFT, pos=QPoint(8, 8))


def test_a_conversation_is_one_line_that_opens_whole(pane, opened, qtbot):
    """The last message stands for both; the arrow keys lead to the first one."""
    assert [line.body for line in pane.view.lines.lines if line.mail] == ["yes", "apart"]
    assert opened.pane.letter.text == "yes"
    QTest.keyClick(opened.heads, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: opened.pane.letter.text == "offer")


def test_pictures_that_came_along_are_shown_at_once(opened, qtbot):
    """What lies in our own mailbox is fetched unasked, and is no file in the list."""
    qtbot.waitUntil(lambda: opened.pane.html.pictures == {"cid:logo@x": b"picture"})
    assert [row.name.whole() for row in opened.pane.files.rows] == ["plan.pdf", "run.exe"]


def test_a_file_is_fetched_once_and_opened_as_a_copy(opened, qtbot, kept, monkeypatch, tmp_path):
    """Opened and then saved it is fetched once; the copy to look at is read-only."""
    went = []
    monkeypatch.setattr(QDesktopServices, "openUrl", went.append)
    row = opened.pane.files.rows[0]
    assert row.about.text() == "PDF document, 879 KB"
    click(row.open_button)
    qtbot.waitUntil(lambda: bool(went))
    path = Path(went[0].toLocalFile())
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"%PDF", 0o400)
    row.save(tmp_path / "mine.pdf")
    qtbot.waitUntil((tmp_path / "mine.pdf").exists)
    assert kept["asked"] == 1


def test_a_message_that_was_found_stands_where_it_is(pane, world, ana, qtbot):
    """The finder leads to a message that is folded away: it is there, and stays."""
    first = next(line for line in world.ask(timeline.lines, ana) if line.body == "offer")
    pane.show_line(ana, first.id)
    qtbot.waitUntil(lambda: pane.view.currentIndex().data(LINE_ROLE).body == "offer")
    world.do(notes.add, ana, "Rang")
    bodies = ["yes", "offer", "", "Rang", "apart"]
    qtbot.waitUntil(lambda: sorted(line.body for line in pane.view.lines.lines) == sorted(bodies))


def test_a_file_that_may_run_is_only_saved(opened):
    """Whatever its sender says that it is, its name decides; nothing below the screen opens it."""
    row = opened.pane.files.rows[1]
    assert not row.open_button.isVisible()
    assert row.careful.isVisible()
    assert row.save_button.isVisible()
    with pytest.raises(Refused, match="Save it instead"):
        from_outside.laid_out("run.exe", b"MZ")


def test_fetching_can_be_stopped(opened, qtbot, kept):
    """The bar shows how far it is; Cancel leaves the file as it was, to be fetched again."""
    kept["stuck"] = True
    row = opened.pane.files.rows[0]
    click(row.open_button)
    qtbot.waitUntil(lambda: row.bar.value() == 300_000)
    click(row.stop_button)
    qtbot.waitUntil(row.open_button.isVisible)
    assert not row.bar.isVisible()


def test_an_answer_begins_with_the_message_in_front(opened, qtbot, monkeypatch):
    """R answers, with whom it goes to and what it quotes."""
    drafts = []
    monkeypatch.setattr(timeline_deeds, "open_composer", lambda *asked: drafts.append(asked[2]))
    QTest.keyClick(opened, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: bool(drafts))
    assert (drafts[0].to, drafts[0].in_reply_to) == ("ana@example.org", "<yes>")
    assert drafts[0].quoted.endswith("> yes")


def test_an_answer_from_elsewhere_is_hers_with_one_click(pane, world, ana, qtbot, desk):
    """The link takes the address as Ana’s and is gone; Undo gives it back."""
    told = []
    desk.notices.posted.connect(told.append)
    row = len(pane.view.lines.lines) - 1
    link(pane.view, row, "known")
    qtbot.waitUntil(lambda: not pane.view.lines.lines[-1].mail.stranger)
    assert world.ask(strangers.further_addresses, ana) == ["ana@home.example"]
    qtbot.waitUntil(lambda: bool(told))
    told[0].action[1]()
    qtbot.waitUntil(lambda: bool(pane.view.lines.lines[-1].mail.stranger))
