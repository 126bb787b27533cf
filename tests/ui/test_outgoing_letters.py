"""Letters on the screen once they are sent: counted down beside the timeline, and proved."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from rally_desktop.core.errors import Refused
from rally_desktop.engine.reasons import sentence
from rally_desktop.services import composing, letter_proof, outgoing, writing
from rally_desktop.services.writing import Draft
from rally_desktop.ui.later import busy
from rally_desktop.ui.letters.composer import LetterComposer
from rally_desktop.ui.letters.letter_button import LetterButton
from rally_desktop.ui.letters.outgoing_letters import OutgoingLetters
from rally_desktop.ui.letters.proof import ProofDialog, as_text

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def put_away():
    """Leave no letter open behind."""
    yield
    for window in QApplication.topLevelWidgets():
        if isinstance(window, LetterComposer):
            window.hide()


@pytest.fixture
def ana(world):
    """Ana, who can be written to."""
    world.mailbox()
    return world.contact("Ana", email="ana@example.org")


@pytest.fixture
def letter(world, ana):
    """The number of a letter to Ana that was sent this moment."""
    begun = world.do(writing.begin, Draft(ana)).draft
    kept = world.do(writing.save, replace(begun, subject="Roof", text="Dear Ana"))
    return world.do(composing.send, kept.id)


@pytest.fixture
def waiting(desk, qtbot, ana, letter):
    """What is to go out to Ana."""
    made = OutgoingLetters(desk)
    qtbot.addWidget(made)
    made.show_ref(ana)
    qtbot.waitUntil(made.isVisible)
    return made


def click(button):
    """Press a button with the mouse."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_seconds_are_counted_beside_the_timeline(waiting, clock):
    """The line says how long it still can be recalled, second by second."""
    assert waiting.lines[0].about.text() == "E-mail goes out in 00:20"
    clock.advance(seconds=8)
    waiting._tick()
    assert waiting.lines[0].about.text() == "E-mail goes out in 00:12"


def test_a_letter_is_recalled_beside_the_timeline(qtbot, waiting, world, letter):
    """Recalled, the line goes, and the letter is open to be changed."""
    click(waiting.lines[0].recall_button)
    qtbot.waitUntil(lambda: not waiting.lines and not busy())
    assert world.ask(outgoing.one, letter).reason == "recalled"
    assert waiting.findChildren(LetterComposer)[-1].sheet.head.subject.read() == "Roof"


def test_it_is_said_when_a_letter_was_quicker(qtbot, desk, waiting, monkeypatch):
    """A letter that left under the pointer cannot be recalled, and its line is gone by then."""
    told, gone = [], []
    desk.notices.posted.connect(told.append)
    waiting.lines[0].destroyed.connect(lambda: gone.append(True))

    async def slowly(*asked):
        waiting._draw((), ())
        while not gone:
            await asyncio.sleep(0)
        raise Refused("It was sent a moment ago.")

    monkeypatch.setattr(desk.background, "write", slowly)
    click(waiting.lines[0].recall_button)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].text == "It was sent a moment ago."


def test_a_letter_is_hurried_beside_the_timeline(qtbot, waiting, world, letter):
    """Send now lets it go at once."""
    click(waiting.lines[0].hurry_button)
    qtbot.waitUntil(lambda: world.ask(outgoing.one, letter).state == "ready")


def test_what_was_begun_stands_beside_the_timeline(qtbot, desk, world, ana):
    """A letter that was begun is gone on with or thrown away there, and brought back."""
    told = []
    desk.notices.posted.connect(told.append)
    world.do(writing.save, Draft(ana, "reply", subject="Re: Roof", text="Dear", in_reply_to="<1>"))
    made = OutgoingLetters(desk)
    qtbot.addWidget(made)
    made.show_ref(ana)
    qtbot.waitUntil(lambda: bool(made.drafts))
    click(made.drafts[0].discard_button)
    qtbot.waitUntil(lambda: not made.drafts and bool(told))
    assert world.ask(writing.begun, ana) == []
    told[0].action[1]()
    qtbot.waitUntil(lambda: bool(made.drafts) and not busy())
    assert made.findChildren(LetterComposer)[-1].sheet.body.text.read() == "Dear"


def test_the_button_writes_to_whom_a_record_is_about(qtbot, desk, world, ana):
    """Of a deal it is the contact; a company has none; what was begun is marked."""
    parent = QWidget()
    qtbot.addWidget(parent)
    made = LetterButton(desk, parent)
    made.show_ref(world.deal(contact_id=ana.id))
    qtbot.waitUntil(lambda: made.whom == ana)
    world.do(writing.save, Draft(ana, text="Dear"))
    qtbot.waitUntil(lambda: made.button.accessibleName() == "Write an e-mail, begun")
    made.show_ref(world.company())
    qtbot.waitUntil(lambda: made.whom is None and not busy())


def test_a_proof_is_copied_as_text(qtbot, desk, world, letter):
    """Every fact stands in the window and, once copied, on the clipboard."""
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ProofDialog(desk, world.ask(letter_proof.of, letter), parent)
    dialog.show()
    click(dialog.copy_button)
    said = QGuiApplication.clipboard().text()
    assert "  To: Ana <ana@example.org>\n" in said
    assert "  State: Not sent yet\n" in said
    assert "  Opened: not available\n" in said
    assert QApplication.clipboard().text() == said


@pytest.mark.parametrize(("report", "words"), [("", "Sent"), ("Gone", "Sent, with a report")])
def test_what_came_back_does_not_look_sound(qtbot, desk, world, letter, report, words):
    """The head of the proof says that there is more to read than that it was sent."""
    proof = replace(world.ask(letter_proof.of, letter), state="sent", report=report)
    parent = QWidget()
    qtbot.addWidget(parent)
    assert ProofDialog(desk, proof, parent).state.text() == words


def test_a_text_message_is_proved_in_its_own_words(world, letter):
    """It has no Message-ID, a gateway answers for it, and what held it back is said once."""
    why = sentence("suppressed")
    letter = world.ask(letter_proof.of, letter)
    held = {"channel": "sms", "state": "failed", "reason": "suppressed", "answer": why}
    said = as_text(replace(letter, **held))
    assert said.count(why) == 1
    assert "Reference: " in said
    assert "Message-ID" not in said
    assert "What became of it" not in said
    back = as_text(replace(letter, channel="sms", answer="202", report="SMS not delivered"))
    assert "The gateway’s answer: 202" in back
    assert "Report: SMS not delivered" in back
