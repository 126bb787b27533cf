"""The office's own fields and lists in the settings, by real keys and a real mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rally_desktop.model.graph import Graph, Step
from rally_desktop.services import entry, field_edits, people, pipelines, tags, workflows
from rally_desktop.ui.commands import commands
from rally_desktop.ui.pages.settings import SettingsPage
from rally_desktop.ui.pages.settings_fields import Fields
from rally_desktop.ui.pages.settings_lists import Lists
from rally_desktop.ui.pages.settings_people import People
from rally_desktop.ui.pages.settings_pipelines import Pipelines
from rally_desktop.ui.pages.settings_tags import Tags
from rally_desktop.ui.widgets.tag_line import TagLine

pytestmark = pytest.mark.slow

LEFT, KEY, ALT = Qt.MouseButton.LeftButton, Qt.Key, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def told(desk):
    """What was told, the newest last."""
    heard = []
    desk.notices.posted.connect(heard.append)
    return heard


@pytest.fixture
def shown(qtbot, desk, told):
    """Show a section, filled."""

    def make(kind):
        made = kind(desk)
        qtbot.addWidget(made)
        made.resize(1100, 640)
        with qtbot.waitExposed(made):
            made.show()
        return made

    return make


def names(pane):
    """What stands in a list, from above."""
    return [item.name for item in pane.list.items.items]


def type_into(box, text):
    """Type a text and press Enter."""
    box.setFocus()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, KEY.Key_Return)


def rename(pane, text):
    """Type over the chosen line's name."""
    pane.list.setFocus()
    QTest.keyClick(pane.list, KEY.Key_F2)
    box = pane.list.findChild(type(pane.box), "")
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, KEY.Key_Return)


def answer(qtbot, place=0):
    """Press a button of the question; return what was asked."""
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    box = QApplication.activeModalWidget()
    said = box.informativeText()
    QTest.mouseClick(box.buttons()[place], LEFT)
    return said


def test_a_field_is_made_and_given_options(shown, world, qtbot):
    """Type its name, choose what it holds, press Enter; then type the options."""
    page = shown(Fields)
    assert page.fields.empty.isVisible()
    page.holds.setCurrentIndex(page.holds.findData("choice"))
    type_into(page.fields.box, "Colour")
    qtbot.waitUntil(page.options.isVisible)
    for option in ("Red", "Blue"):
        type_into(page.options.box, option)
        qtbot.waitUntil(lambda option=option: option in names(page.options))
    assert world.ask(field_edits.listed, "contact")[0].options == ("Red", "Blue")
    assert page.fields.box.text() == page.options.box.text() == ""


def test_what_is_refused_stays_in_the_box_and_is_explained(shown, told, qtbot):
    """A label that is taken is told, and can be corrected."""
    page = shown(Fields)
    type_into(page.fields.box, "E-mail")
    qtbot.waitUntil(lambda: bool(told))
    assert "Choose another name" in told[-1].text
    assert page.fields.box.text() == "E-mail"


def test_a_field_is_renamed_by_f2_and_undone(shown, world, told, qtbot):
    """The toast takes it back."""
    world.do(field_edits.add, "contact", "Motto", "text")
    page = shown(Fields)
    qtbot.waitUntil(lambda: names(page.fields) == ["Motto"])
    rename(page.fields, "Battle cry")
    qtbot.waitUntil(lambda: names(page.fields) == ["Battle cry"])
    qtbot.waitUntil(lambda: bool(told))
    told[-1].action[1]()
    qtbot.waitUntil(lambda: names(page.fields) == ["Motto"])


def test_fields_are_moved_by_alt_and_arrows_and_undone(shown, world, told, qtbot):
    """The chosen one stays chosen."""
    for label in ("One", "Two", "Three"):
        world.do(field_edits.add, "contact", label, "text")
    page = shown(Fields)
    qtbot.waitUntil(lambda: len(names(page.fields)) == 3)
    QTest.keyClick(page.fields.list, KEY.Key_Down, ALT)
    qtbot.waitUntil(lambda: names(page.fields) == ["Two", "One", "Three"])
    assert page.fields.list.current().name == "One"
    qtbot.waitUntil(lambda: bool(told))
    told[-1].action[1]()
    qtbot.waitUntil(lambda: names(page.fields) == ["One", "Two", "Three"])


def test_archiving_a_field_says_what_asks_for_it(shown, world, qtbot):
    """The workflow is named before anything is done; the field stands below after."""
    world.do(field_edits.add, "contact", "Motto", "text")
    note = Step("s", "create_note", {"text": "{{ contact.custom.motto }}"})
    world.publish(note)
    page = shown(Fields)
    qtbot.waitUntil(lambda: names(page.fields) == ["Motto"])
    QTest.keyClick(page.fields.list, KEY.Key_Delete)
    assert "is published" in answer(qtbot)
    qtbot.waitUntil(lambda: page.fields.list.items.items[0].archived)


def test_what_another_computer_makes_shows_at_once(shown, world, qtbot):
    """And how many records have a value."""
    page = shown(Fields)
    world.do(field_edits.add, "contact", "Motto", "text")
    qtbot.waitUntil(lambda: names(page.fields) == ["Motto"])
    world.do(entry.update, world.contact(), {"custom.motto": "Ahoy"})
    qtbot.waitUntil(lambda: page.fields.list.items.items[0].note == "1 contact")


def test_what_is_being_typed_outlives_news(shown, world, qtbot):
    """Somebody else's change shows when the name is kept or left."""
    number = world.do(field_edits.add, "contact", "Motto", "text")
    page = shown(Fields)
    qtbot.waitUntil(lambda: names(page.fields) == ["Motto"])
    page.fields.list.setFocus()
    QTest.keyClick(page.fields.list, KEY.Key_F2)
    box = page.fields.list.findChild(type(page.fields.box), "")
    QTest.keyClicks(box, "Battle")
    world.do(field_edits.rename, number, "Saying")
    qtbot.waitUntil(lambda: names(page.fields) == ["Saying"])
    assert box.text() == "Battle"
    QTest.keyClick(box, KEY.Key_Escape)


def test_a_value_is_renamed_once_it_was_said_who_follows(shown, world, qtbot):
    """Contacts and drafts are counted and named; «Cancel» leaves everything."""
    ana = world.contact(lead_status="New")
    step = Step("s", "update_lead_status", {"status": "New"})
    world.do(workflows.create, Graph(name="Follow up", start="s", steps={"s": step}))
    page = shown(Lists)
    qtbot.waitUntil(lambda: "New" in names(page.pane))
    rename(page.pane, "Fresh")
    assert answer(qtbot) == "1 contact and the draft of ‘Follow up’ will say so at once."
    qtbot.waitUntil(lambda: "Fresh" in names(page.pane))
    assert world.record(ana)["lead_status"] == "Fresh"


def drop(pane, row, above):
    """Drop a line that is dragged, a little above another one's middle."""
    view = pane.list
    dragged = view.items.mimeData([view.items.index(row)])
    where = view.visualRect(view.items.index(above)).center() - QPoint(0, 4)
    action, none = Qt.DropAction.MoveAction, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(where), action, dragged, LEFT, none)
    view.dropEvent(event)


def test_a_value_is_dragged_to_another_place(shown, qtbot):
    """It stands above the one that it was dropped on; a drop on itself changes nothing."""
    page = shown(Lists)
    qtbot.waitUntil(lambda: len(names(page.pane)) == 5)
    drop(page.pane, 1, 1)
    drop(page.pane, 0, 3)
    qtbot.waitUntil(lambda: names(page.pane)[:3] == ["Contacted", "In conversation", "New"])


def test_two_values_are_merged_and_parted(shown, world, told, qtbot):
    """Chosen from the others, told before, undone from the toast."""
    ana = world.contact(lead_status="New")
    page = shown(Lists)
    qtbot.waitUntil(lambda: "New" in names(page.pane))
    (merge,) = [b for b, _ in page.pane._acts if "Merge" in b.text()]
    QTest.mouseClick(merge, LEFT)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    QTest.mouseClick(QApplication.activeModalWidget().yes, LEFT)
    qtbot.waitUntil(lambda: hasattr(QApplication.activeModalWidget(), "informativeText"))
    answer(qtbot)
    qtbot.waitUntil(lambda: "New" not in names(page.pane) and bool(told))
    assert world.record(ana)["lead_status"] == "Contacted"
    told[-1].action[1]()
    qtbot.waitUntil(lambda: "New" in names(page.pane))
    assert world.record(ana)["lead_status"] == "New"


def test_won_and_lost_offer_no_way_out(shown, qtbot):
    """No button that would be refused is offered for them."""
    page = shown(Lists)
    qtbot.waitUntil(lambda: "Won" in names(page.pane))
    won = next(item for item in page.pane.list.items.items if item.name == "Won")
    page.pane.list.choose(won.key)
    assert [b.text().strip() for b, _ in page.pane._acts if b.isVisible()] == ["Rename"]


def test_a_stage_is_coloured_and_its_odds_are_set(shown, world, told, qtbot):
    """What is chosen is kept at once, and taken back from the toast."""
    page = shown(Pipelines)
    qtbot.waitUntil(lambda: "New" in names(page.stages))
    number = page.lines.list.current().key
    QTest.mouseClick(page.stages.colours.buttons["talk"], LEFT)
    qtbot.waitUntil(lambda: world.ask(pipelines.steps, number)[0].colour == "talk")
    page.stages.odds.setFocus()
    page.stages.odds.selectAll()
    QTest.keyClicks(page.stages.odds, "25")
    QTest.keyClick(page.stages.odds, KEY.Key_Return)
    qtbot.waitUntil(lambda: world.ask(pipelines.steps, number)[0].probability == 25)
    qtbot.waitUntil(lambda: len(told) == 2)
    told[-1].action[1]()
    qtbot.waitUntil(lambda: world.ask(pipelines.steps, number)[0].probability == 10)
    assert world.ask(pipelines.steps, number)[0].colour == "talk"


def test_a_stage_goes_once_its_deals_have_somewhere_to_go(shown, world, told, qtbot):
    """Asked for first, said before, and undone from the toast."""
    deal = world.deal()
    page = shown(Pipelines)
    qtbot.waitUntil(lambda: "New" in names(page.stages))
    QTest.keyClick(page.stages.list, KEY.Key_Delete)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    QTest.mouseClick(QApplication.activeModalWidget().yes, LEFT)
    qtbot.waitUntil(lambda: hasattr(QApplication.activeModalWidget(), "informativeText"))
    assert answer(qtbot).startswith("1 deal moves to ‘Qualified’")
    qtbot.waitUntil(lambda: "New" not in names(page.stages))
    assert world.record(deal)["stage"] == "Qualified"
    qtbot.waitUntil(lambda: bool(told))
    told[-1].action[1]()
    qtbot.waitUntil(lambda: names(page.stages)[0] == "New")
    assert world.record(deal)["stage"] == "New"


def test_a_tag_says_who_wears_and_who_names_it(shown, world, qtbot):
    """Records of each kind, and workflows; it is coloured by a click."""
    world.contact(tags=("VIP",))
    world.publish(Step("s", "add_tag", {"tag": "vip"}))
    page = shown(Tags)
    qtbot.waitUntil(lambda: names(page.pane) == ["VIP"])
    assert page.pane.list.items.items[0].note == "1 contact · 1 workflow"
    QTest.mouseClick(page.colours.buttons["bad"], LEFT)
    qtbot.waitUntil(lambda: world.ask(tags.colours) == {"VIP": "bad"})
    qtbot.waitUntil(lambda: page.pane.list.items.items[0].colour == "bad")


def test_a_tag_is_deleted_and_brought_back(shown, world, told, qtbot):
    """Nobody asks where nothing names it."""
    ana = world.contact(tags=("VIP",))
    page = shown(Tags)
    qtbot.waitUntil(lambda: names(page.pane) == ["VIP"])
    QTest.keyClick(page.pane.list, KEY.Key_Delete)
    qtbot.waitUntil(page.pane.empty.isVisible)
    qtbot.waitUntil(lambda: bool(told))
    told[-1].action[1]()
    qtbot.waitUntil(lambda: names(page.pane) == ["VIP"])
    assert world.record(ana)["tags"] == {"VIP"}


def test_renaming_a_tag_that_is_published_says_what_stays(shown, world, qtbot):
    """The draft follows; what runs goes on with the former name until it is published again."""
    number = world.publish(Step("s", "add_tag", {"tag": "VIP"}))
    world.do(tags.add, "VIP")
    page = shown(Tags)
    qtbot.waitUntil(lambda: names(page.pane) == ["VIP"])
    rename(page.pane, "Gold")
    assert "it still looks for ‘VIP’ until you publish it again" in answer(qtbot)
    qtbot.waitUntil(lambda: names(page.pane) == ["Gold"])
    draft = world.ask(workflows.draft, number)
    assert draft.graph.steps["s"].settings == {"tag": "Gold"}
    assert draft.published.steps["s"].settings == {"tag": "VIP"}


def test_chips_wear_the_colour_of_their_tag(world, desk, qtbot):
    """On cards and in grids, as soon as it is chosen anywhere."""
    number = world.do(tags.add, "VIP")
    line = TagLine(desk)
    qtbot.addWidget(line)
    line.show_tags(("VIP", "Post"))
    world.do(tags.set_colour, number, "bad")
    qtbot.waitUntil(lambda: [chip.family for chip in line._chips] == ["bad", "flow"])
    assert desk.tag_colours.family("VIP") == "bad"


def person(world, name):
    """Somebody of the office, as the settings know them."""
    return next(one for one in world.ask(people.listed) if one.name == name)


def test_somebody_is_added_and_given_an_address(shown, world, qtbot):
    """A name is enough to begin with; the rest is typed beside it."""
    page = shown(People)
    qtbot.waitUntil(lambda: names(page.pane) == ["Admin"])
    type_into(page.pane.box, "Maria")
    qtbot.waitUntil(lambda: "Maria" in names(page.pane))
    page.pane.list.choose(person(world, "Maria").id)
    type_into(page.person.email, "maria@example.org")
    qtbot.waitUntil(lambda: person(world, "Maria").email == "maria@example.org")


def test_whoever_leaves_hands_over_and_can_be_brought_back(shown, world, told, qtbot):
    """It is asked to whom, said how much, done in the background, and undone at once."""
    maria = world.user("Maria")
    ana = world.contact(owner_id=maria)
    page = shown(People)
    qtbot.waitUntil(lambda: "Maria" in names(page.pane))
    page.pane.list.choose(maria)
    QTest.keyClick(page.pane.list, KEY.Key_Delete)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    QTest.mouseClick(QApplication.activeModalWidget().yes, LEFT)
    qtbot.waitUntil(lambda: hasattr(QApplication.activeModalWidget(), "informativeText"))
    assert answer(qtbot).startswith("1 contact will belong to Admin.")
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].text == "1 record went from Maria to Admin."
    assert not person(world, "Maria").active
    told[-1].action[1]()
    qtbot.waitUntil(lambda: person(world, "Maria").active)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert world.record(ana)["owner_id"] == maria


def test_somebody_is_away_until_a_day(shown, world, qtbot):
    """It stands beside the name, and one click says that the person is back."""
    maria = world.user("Maria")
    page = shown(People)
    qtbot.waitUntil(lambda: "Maria" in names(page.pane))
    page.pane.list.choose(maria)
    page.person.until.setDate(page.person.until.date().addDays(10))
    page.person.until.editingFinished.emit()
    qtbot.waitUntil(lambda: page.pane.list.current().note == "away until 12 June")
    QTest.mouseClick(page.person.back, LEFT)
    qtbot.waitUntil(lambda: page.pane.list.current().note == "")
    assert person(world, "Maria").away_until is None


def test_somebody_gets_a_time_zone_of_their_own(shown, world, qtbot):
    """Typed in and left, the zone is kept; emptied, it is the office's again."""
    maria = world.user("Maria")
    page = shown(People)
    qtbot.waitUntil(lambda: "Maria" in names(page.pane))
    page.pane.list.choose(maria)
    for said in ("Asia/Tokyo", ""):
        page.person.zone.setText(said)
        page.person.zone.editingFinished.emit()
        qtbot.waitUntil(lambda said=said: page.person._member.time_zone == said)


def test_each_section_is_found_in_the_palette(qtbot, desk):
    """By what one would type, and it comes to the front."""
    page = SettingsPage(desk)
    qtbot.addWidget(page)
    desk.wanted.connect(lambda key, what: page.open(*what))
    known = {one.title: one for one in commands()}
    for title, section in (
        ("Fields of our own", Fields), ("Pipelines and stages", Pipelines),
        ("Tags and their colours", Tags), ("People of the office", People),
        ("Lists: statuses, sources, types, outcomes", Lists),
    ):  # fmt: skip
        known[title].run(desk)
        assert isinstance(page.area.currentWidget(), section)


def test_renaming_somebody_says_which_workflows_follow(shown, world, qtbot):
    """The draft does; what is published is named."""
    maria = world.user("Maria")
    world.publish(Step("s", "notify", {"text": "Hi", "who": ["Maria"]}))
    page = shown(People)
    qtbot.waitUntil(lambda: "Maria" in names(page.pane))
    page.pane.list.choose(maria)
    rename(page.pane, "Mary")
    assert "it still looks for ‘Maria’" in answer(qtbot)
    qtbot.waitUntil(lambda: "Mary" in names(page.pane))
