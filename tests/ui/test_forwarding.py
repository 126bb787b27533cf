"""A message is passed on with its files; whatever stays behind is named."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.engine import receiving_files
from rally_desktop.model.changes import RowChanged
from rally_desktop.outside.mail.arrived import Arrived, Attachment
from rally_desktop.services import answering, composing, received, writing
from rally_desktop.ui.later import busy
from rally_desktop.ui.letters.composer import LetterComposer, open_composer
from tests.services.test_conversations import mail

pytestmark = pytest.mark.slow
FILE = {"content_id": "", "inline": False, "start": 0, "end": 9, "encoding": "", "section": "",
        "type": "application/pdf"}  # fmt: skip
FILES = [
    {**FILE, "name": "logo.png", "size": 70, "inline": True},
    {**FILE, "name": "plan.pdf", "size": 900},
    {**FILE, "name": "run.exe", "size": 500},
    {**FILE, "name": "film.mp4", "size": 12 * 1024 * 1024},
    {**FILE, "name": "gone.pdf", "size": 900},
]

LEFT_BEHIND = [
    "‘run.exe’ is not attached: mail servers turn files such as ‘.exe’ down: send a link instead.",
    "‘film.mp4’ is not attached: it has 12 MB; 10 MB are the most.",
    "‘gone.pdf’ is not attached: "
    "The message is not in the mailbox any more, and its files with it.",
]


@pytest.fixture
def box(monkeypatch):
    """Our mailbox, which has lost one of the files; ``stuck`` is the place of one that hangs."""
    made = {"asked": [], "stuck": None, "moment": Event()}

    def fetch(store, number, place, place_for, told):
        name = FILES[place]["name"]
        made["asked"].append(name)
        told(300)
        while made["stuck"] == place:
            told(300)
            made["moment"].wait(0.01)
        if name == "gone.pdf":
            raise NotFound("The message is not in the mailbox any more, and its files with it.")
        return receiving_files.Fetched(name, b"%PDF " + name.encode())

    monkeypatch.setattr(receiving_files, "fetch", fetch)
    return made


@pytest.fixture
def draft(world):
    """What Ana wrote, to be passed on."""
    world.mailbox()
    mail(world, world.contact("Ana", email="ana@example.org"), "m1", files=FILES)
    number = world.rows("select id from message")[0][0]
    return world.ask(answering.draft, number, "forward")


@pytest.fixture
def opened(desk, qtbot, draft, box):
    """Open the window of the letter."""
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()

    def make(begun=draft):
        open_composer(desk, parent, begun)
        qtbot.waitUntil(lambda: bool(parent.findChildren(LetterComposer)))
        return parent.findChildren(LetterComposer)[-1]

    yield make
    for window in parent.findChildren(LetterComposer):
        window.hide()


def click(button):
    """Press a button with the mouse."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def attached(composer):
    """The names of the files that go with a letter."""
    return [one.name for one in composer.sheet.files.files]


def test_files_are_passed_on_and_what_stays_behind_is_named(qtbot, opened, world, box):
    """What no server takes is not even fetched; the letter goes with what can be had."""
    composer = opened()
    qtbot.waitUntil(lambda: [one.text for one in composer.foot.remarks.shown] == LEFT_BEHIND)
    assert (attached(composer), box["asked"]) == (
        ["plan.pdf", "logo.png"], ["plan.pdf", "gone.pdf", "logo.png"],
    )  # fmt: skip
    QTest.keyClicks(composer.sheet.head.to, "ben@example.org")
    QTest.keyClick(composer, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(world.rows("select id from outbox")))
    (stored,) = world.rows("select files from outbox")[0]
    assert ["film.mp4" in str(stored), "plan.pdf" in str(stored)] == [False, True]


def test_fetching_for_a_letter_is_cancelled_and_tried_again(qtbot, opened, world, draft, box):
    """Nothing leaves meanwhile; a letter in which nobody wrote leaves nothing behind."""
    box["stuck"] = 1
    composer = opened()
    row = composer.sheet.awaited.rows[0]
    qtbot.waitUntil(lambda: row.bar.value() == 300 and not composer.foot.send.isEnabled())
    click(row.cancel)
    assert (row.left.isVisible(), row.bar.isVisible()) == (True, False)
    box["stuck"] = None
    qtbot.waitUntil(lambda: attached(composer) == ["logo.png"] and not busy())
    qtbot.waitUntil(composer.foot.send.isEnabled)
    click(row.again)
    qtbot.waitUntil(lambda: attached(composer) == ["logo.png", "plan.pdf"])
    composer.close()
    qtbot.waitUntil(lambda: not busy())
    assert world.ask(writing.begun, draft.contact) == []


@pytest.fixture
def in_part(world, draft, monkeypatch):
    """What she wrote is large, and only its beginning was read."""
    digest, rest = "large", {"stuck": True, "moment": Event()}

    def whole(store, number, place_for, told):
        while rest["stuck"]:
            told(1_000_000)
            rest["moment"].wait(0.01)
        file = Attachment(**{**FILE, "name": "plan.pdf", "size": 900})
        said = Arrived(text="All of it.", attachments=(file,), flaws=("It is 30 MB large.",))
        store.write(received.complete, digest, said)

    monkeypatch.setattr(receiving_files, "whole", whole)
    changes = {"digest": digest, "size": 3_000_000, "files": None, "text": "The beginning"}
    world.do(lambda work: work.change(RowChanged("message", draft.passed_on, changes)))
    return rest


def test_of_a_message_read_in_part_the_rest_is_fetched_with_its_files(
    qtbot, opened, world, draft, in_part, box, monkeypatch
):
    """Nobody forwards a beginning unawares: the rest is on its way, or named as not attached."""
    monkeypatch.setattr("tests.ui.test_forwarding.FILES", [{"name": "plan.pdf"}])
    partly = world.ask(answering.draft, draft.passed_on, "forward")
    composer = opened(partly)
    row = composer.sheet.awaited.rows[0]
    qtbot.waitUntil(lambda: row.bar.value() == 1_000_000 and not composer.foot.send.isEnabled())
    click(row.cancel)
    qtbot.waitUntil(composer.foot.send.isEnabled)
    assert [one.text for one in composer.foot.remarks.shown] == [
        "‘The rest of the message’ is not attached: fetching it was cancelled."
    ]
    in_part["stuck"] = False
    click(row.again)
    qtbot.waitUntil(lambda: attached(composer) == ["plan.pdf"])
    assert composer.sheet.read().quoted.endswith("All of it.")
    qtbot.waitUntil(lambda: [one.text for one in composer.foot.remarks.shown] == [
        "What you forward may not be all of it. It is 30 MB large."
    ])  # fmt: skip


def test_what_is_awaited_is_kept_with_the_letter(world, draft):
    """A letter that was begun knows later what it lacks, and does not go without it."""
    begun = world.ask(writing.begin, draft).draft
    kept = world.do(writing.save, replace(begun, to="ben@example.org"))
    again = world.ask(writing.begin, draft)
    assert (again.again, again.draft.awaited) == (True, draft.awaited)
    with pytest.raises(Refused, match=r"‘plan\.pdf’ is still being fetched"):
        world.do(composing.send, kept.id)
    assert not world.ask(writing.begin, replace(draft, passed_on=99)).again
