"""The card of one record: its score, consent, the office's own fields, the records around."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.model.changes import RowAdded, RowChanged
from rally_desktop.services import scoring
from rally_desktop.ui.later import busy
from rally_desktop.ui.widgets.record_card import RecordCard

pytestmark = pytest.mark.slow


@pytest.fixture
def ana(world):
    """Ana, who works at Hill Dental and has answered twice."""
    world.do(scoring.save, scoring.Scoring(on=True))
    hill = world.company("Hill Dental")
    ana = world.contact("Ana", company_id=hill.id, score=40, consent_email="granted")
    world.contact("Ben", company_id=hill.id)
    world.say(ana, "email_received", subject="Yes")
    world.say(ana, "email_received", subject="Yes again")
    world.do(scoring.work_out, [ana.id])
    return ana


@pytest.fixture
def card(desk, qtbot, ana):
    """Her card."""
    made = RecordCard(desk)
    qtbot.addWidget(made)
    made.resize(420, 900)
    made.show()
    made.activateWindow()
    made.show_ref(ana)
    qtbot.waitUntil(lambda: bool(made.rows) and not busy())
    return made


def field(world, number, name, kind, **more):
    """Make one of the office's own fields."""
    row = {"id": number, "record_kind": "contact", "name": name, "label": name.capitalize(),
           "kind": kind, "position": number, **more}  # fmt: skip
    world.do(lambda work: work.change(RowAdded("custom_field", row)))


def test_a_score_is_explained_and_moved_by_hand(qtbot, card, world, ana, desk):
    """The card says the band and each part of the score; plus moves it, and Undo moves it back."""
    told = []
    desk.notices.posted.connect(told.append)
    assert card.score.band.text() == "Hot"
    said = "40 given by hand or by workflows\n+30 they answer an e-mail, 2 times"
    assert card.score.why.text() == said
    QTest.mouseClick(card.score.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.rows["score"].value_label.whole() == "75")
    qtbot.waitUntil(lambda: card.score.why.text().startswith("45 given") and bool(told))
    told[0].action[1]()
    qtbot.waitUntil(lambda: world.record(ana)["score"] == 70)


def test_consent_says_since_when_and_how(qtbot, card, world, ana):
    """The day stands beside a consent that was given, and how it was given is a field."""
    assert not card.rows["consent_email_at"].isHidden()
    assert card.rows["consent_email_at"].has_value()
    card.more.setChecked(True)
    row = card.rows["consent_email_how"]
    row.edit()
    QTest.keyClicks(row.editor.widget, "On paper")
    QTest.keyClick(row.editor.widget, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: world.record(ana)["consent_email_how"] == "On paper")


def test_own_fields_of_every_kind_appear_at_once(qtbot, card, world, ana):
    """What the office makes stands on the open card by itself, and takes a value there."""
    for number, kind in enumerate(("text", "number", "date", "yes_no", "choice"), 1):
        field(world, number, f"my_{kind}", kind, options=["Red", "Blue"])
    qtbot.waitUntil(lambda: "custom.my_choice" in card.rows and not busy())
    card.more.setChecked(True)
    for name, value in (("text", "Chairs"), ("number", "12"), ("choice", "Blue")):
        row = card.rows[f"custom.my_{name}"]
        row.edit()
        row.editor.fill(value)
        row.commit()
    qtbot.waitUntil(lambda: len(world.record(ana)["custom"] or {}) == 3)
    held = {"my_text": "Chairs", "my_number": 12.0, "my_choice": "Blue"}
    assert world.record(ana)["custom"] == held
    assert {"custom.my_date", "custom.my_yes_no"} <= card.rows.keys()


def test_a_field_that_is_made_meanwhile_does_not_disturb_an_edit(qtbot, card, world):
    """What one is typing stays typed while the office's fields change."""
    row = card.rows["title"]
    row.edit()
    QTest.keyClicks(row.editor.widget, "Dent")
    field(world, 1, "budget", "number")
    qtbot.waitUntil(lambda: "custom.budget" in card.rows)
    assert card.rows["title"].editor.read() == "Dent"
    world.do(lambda work: work.change(RowChanged("custom_field", 1, {"archived": True})))
    qtbot.waitUntil(lambda: "custom.budget" not in card.rows)
    card.rows["title"].leave()


def test_the_records_around_lead_on(qtbot, card, desk, world):
    """Company and colleagues stand on the card of a contact, and a click goes there."""
    gone = []
    desk.wanted.connect(lambda page, what: gone.append((page, what[0].kind)))
    qtbot.waitUntil(lambda: [row.one.name for row in card.related.rows] == ["Hill Dental", "Ben"])
    for row in card.related.rows:
        row.wanted.emit(row.one.ref)
    assert gone == [("companies", "company"), ("contacts", "contact")]


def test_what_was_changed_on_the_card_is_taken_back(qtbot, card, world, ana, desk):
    """Each field says so as it is saved; Undo, or Ctrl+Z in the grid beside it, puts it back."""
    told = []
    desk.notices.posted.connect(told.append)
    row = card.rows["last_name"]
    row.edit()
    QTest.keyClicks(row.editor.widget, "Silva")
    QTest.keyClick(row.editor.widget, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [one.text for one in told] == ["Last name of Ana changed."])
    assert card.edits.history.last() == "Last name of Ana changed."
    told[0].action[1]()
    qtbot.waitUntil(lambda: world.record(ana)["last_name"] == "")


def test_an_address_that_is_none_is_said_where_it_was_typed(qtbot, card, world, ana):
    """The words stay in the box to be put right; Esc shows what was there."""
    row = card.rows["email"]
    row.edit()
    QTest.keyClicks(row.editor.widget, "ask her")
    QTest.keyClick(row.editor.widget, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: row.problem.text().startswith("E-mail must be one address"))
    assert row.editor.widget.text() == "ask her"
    QTest.keyClick(row.editor.widget, Qt.Key.Key_Escape)
    assert row.editor is None
    assert row.problem.isHidden()


def test_the_last_of_a_name_is_not_taken_away(qtbot, card, world, ana):
    """A contact that nobody could find again is refused where it would come to be."""
    row = card.rows["first_name"]
    row.edit()
    row.editor.widget.clear()
    QTest.keyClick(row.editor.widget, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: row.problem.text().startswith("A contact needs a name"))
    assert world.record(ana)["first_name"] == "Ana"
