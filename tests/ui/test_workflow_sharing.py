"""Two people and one draft: one edits, one looks on, and nobody's work is overwritten silently."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from rally_desktop.core.errors import DatabaseUnusable
from rally_desktop.model import joining
from rally_desktop.model.store import Store
from rally_desktop.services import drafts, users, workflows
from rally_desktop.ui import later
from rally_desktop.ui.background import Background
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.notices import Notices
from rally_desktop.ui.pages import workflow_saving
from rally_desktop.ui.pages.workflow_conflict import COPY, OVERWRITE, THEIRS
from tests.ui.drafting import FLOW, look, names, rename, rest, save, shown, stored

pytestmark = pytest.mark.slow


class Person:
    """One of the two: their desk, and what they were told."""

    def __init__(self, name, store, theme, clock):
        self.store = store
        self.desk = Desk(Background(store), theme, Notices(), clock)
        self.told = []
        self.desk.notices.posted.connect(lambda notice: self.told.append(notice.text))
        store.user_id = store.write(users.add, name)


@pytest.fixture
def number(store):
    """A draft in the office."""
    return store.write(workflows.create, FLOW)


@pytest.fixture
def people(store, sqlite_url, theme, clock, screen, qtbot, monkeypatch):
    """Ben and Anna, each at a computer of their own, with the same office."""
    theme.wish("light")
    made = [
        Person("Ben", store, theme, clock),
        Person("Anna", Store.open(sqlite_url, clock), theme, clock),
    ]
    monkeypatch.setattr("platform.node", iter(["back-office", "front-desk"] * 9).__next__)
    yield made
    qtbot.waitUntil(lambda: not later.busy())
    for person in made:
        person.desk.background.close()
    made[1].store.close()


@pytest.fixture
def ben(people):
    """Who opened the draft first."""
    return people[0]


@pytest.fixture
def anna(people):
    """Who came second."""
    return people[1]


@pytest.fixture
def both(ben, anna, number, qtbot):
    """The page of each of them, once neither is about to look again by itself."""
    pages = shown(ben.desk, number, qtbot), shown(anna.desk, number, qtbot)
    qtbot.waitUntil(lambda: not any(page.saving.sharing._soon.isActive() for page in pages))
    rest(qtbot)
    return pages


def press(strip, qtbot, words):
    """Press a button of a strip."""
    found = next(one for one in strip.buttons if one.text() == words)
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def answer(page, qtbot, words):
    """Answer the question that stands open."""
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is not None)
    box = page.findChild(QMessageBox)
    said = box.text(), box.informativeText()
    button = next(one for one in box.buttons() if one.text() == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    rest(qtbot)
    return said


def strip_of(page):
    """What says who has the draft."""
    return page.saving.sharing.strip


# -- looking on --------------------------------------------------------------------------------


def test_the_second_is_told_who_has_it_and_since_when(both, clock):
    """Nothing can be changed there, and the page says why; the first is not bothered."""
    ben, anna = both
    since = f"{clock.now().astimezone():%H:%M}"
    assert strip_of(anna).words.text() == (
        f"Ben has been editing this since {since} on back-office. "
        "You can look at it; it updates as Ben saves."
    )
    assert anna.draft.locked == "Ben is editing this workflow. You can look at it."
    rename(anna, "X")
    assert anna.draft.own == FLOW
    assert not anna.head.publish_button.isEnabled()
    assert not strip_of(ben).isVisible()
    assert not ben.draft.locked


def test_whoever_looks_on_sees_what_is_saved(both, qtbot):
    """The page of the second shows each save of the first, and nothing of it is unsaved there."""
    ben, anna = both
    rename(ben, "A")
    save(ben, qtbot)
    look(anna, qtbot)
    assert anna.draft.own.name == "A"
    assert not anna.saving.keeping.unsaved
    assert anna.draft.locked


def test_when_the_first_leaves_the_second_may_edit(both, anna, qtbot):
    """It is told, the sheet is unlocked, and what is saved then is the second's."""
    ben, page = both
    rename(ben, "A")
    ben.leave()
    look(page, qtbot)
    assert "Ben has left. You can edit now." in anna.told
    assert not page.draft.locked
    rename(page, "B")
    save(page, qtbot)
    assert stored(anna.store, page).name == "B"


def test_a_computer_that_crashed_makes_room(both, clock, anna, qtbot):
    """A minute after the last sign of life the draft is free."""
    ben, page = both
    ben.saving.sharing.rest()
    clock.advance(seconds=59)
    look(page, qtbot)
    assert page.draft.locked
    clock.advance(seconds=2)
    look(page, qtbot)
    assert not page.draft.locked


def test_the_first_keeps_it_however_long_it_takes(both, clock, qtbot):
    """Every few seconds a page says that it is still there."""
    ben, anna = both
    for _ in range(5):
        clock.advance(seconds=25)
        ben.saving.sharing.renew()
        look(anna, qtbot)
    assert anna.draft.locked
    assert not ben.draft.locked


def test_two_windows_on_one_computer_are_two(desk, number, qtbot, monkeypatch):
    """The second says where the first is."""
    shown(desk, number, qtbot)
    second = shown(desk, number, qtbot)
    assert "another window on this computer" in strip_of(second).words.text()
    assert second.draft.locked


def test_one_person_alone_is_never_asked(desk, number, qtbot):
    """Opening, editing, leaving and opening again: no line above the sheet, ever."""
    for name in "ABC":
        page = shown(desk, number, qtbot)
        strips = strip_of(page), page.saving.conflicts.strip, page.saving.restoring.strip
        assert not any(strip.isVisible() for strip in strips)
        rename(page, name)
        page.leave()
        rest(qtbot)


def test_a_page_at_rest_writes_nothing(desk, number, qtbot, monkeypatch):
    """Hearing of its own seat is no reason to renew it, nor to put off renewing it in time."""
    page = shown(desk, number, qtbot)
    sits, kept = [], drafts.sit
    beat = page.saving.sharing._beat
    running = beat.timerId()
    monkeypatch.setattr(drafts, "sit", lambda *args, **kw: sits.append(kept(*args, **kw)))
    for _ in range(3):
        desk.background.changed.emit(frozenset({"draft_seat", "workflow"}))
        qtbot.waitUntil(lambda: not page.saving.sharing._soon.isActive())
        rest(qtbot)
    assert sits == []
    assert beat.timerId() == running


# -- editing anyway ----------------------------------------------------------------------------


def test_edit_anyway_takes_over_and_the_other_is_told(both, ben, qtbot):
    """The first is locked and told by whom; what is saved from then on is the second's."""
    page, other = both
    press(strip_of(other), qtbot, "Edit anyway")
    rest(qtbot)
    assert not other.draft.locked
    look(page, qtbot)
    assert "Anna has taken over this workflow." in ben.told
    assert page.draft.locked
    rename(other, "B")
    save(other, qtbot)
    look(page, qtbot)
    assert page.draft.own.name == "B"


def test_what_the_first_had_not_saved_becomes_a_copy(both, ben, anna, qtbot):
    """Nothing of it is lost, and nothing of it overwrites the second's."""
    page, other = both
    page.saving.sharing.rest()
    press(strip_of(other), qtbot, "Edit anyway")
    rest(qtbot)
    rename(page, "Mine")
    rename(other, "Theirs")
    save(other, qtbot)
    page.saving.sharing.wake()
    save(page, qtbot)
    assert names(ben.store) == ["Mine (copy)", "Theirs"]
    assert any("kept as a workflow of its own" in text for text in ben.told)
    assert (page.draft.own.name, bool(page.draft.locked)) == ("Theirs", True)


def test_a_draft_can_be_taken_back(both, qtbot):
    """The one who lost it may take over again in the same way."""
    page, other = both
    press(strip_of(other), qtbot, "Edit anyway")
    rest(qtbot)
    look(page, qtbot)
    press(strip_of(page), qtbot, "Edit anyway")
    rest(qtbot)
    look(other, qtbot)
    assert (bool(page.draft.locked), bool(other.draft.locked)) == (False, True)


def test_a_clock_that_jumps_ahead_loses_nothing(both, clock, ben, qtbot):
    """The second gets the draft by the office's clock; what the first types becomes a copy."""
    page, other = both
    clock.advance(days=400)
    look(other, qtbot)
    rename(other, "Theirs")
    save(other, qtbot)
    rename(page, "Mine")
    save(page, qtbot)
    look(page, qtbot)
    assert names(ben.store) == ["Mine (copy)", "Theirs"]


def test_a_lost_connection_loses_nothing(both, anna, ben, clock, qtbot, monkeypatch):
    """Ben is cut off for minutes and goes on typing; Anna takes over; both works are there."""
    page, other = both
    kept, cut = ben.store.write, []

    def write(*args, **kw):
        if cut:
            raise DatabaseUnusable("The connection to the office's server was lost.")
        return kept(*args, **kw)

    monkeypatch.setattr(ben.store, "write", write)
    monkeypatch.setattr(workflow_saving, "PAUSES", (0.3,))
    cut.append(True)
    rename(page, "Mine")
    save(page, qtbot)
    assert "server was lost" in page.saving.trouble.words.text()
    clock.advance(minutes=3)
    look(other, qtbot)
    rename(other, "Theirs")
    save(other, qtbot)
    cut.clear()
    qtbot.waitUntil(lambda: "Mine (copy)" in names(anna.store))
    look(page, qtbot)
    assert names(anna.store) == ["Mine (copy)", "Theirs"]
    assert page.draft.locked


# -- changed by something else -----------------------------------------------------------------


def elsewhere(store, number, name):
    """Let a program write the draft, as an import does."""
    store.write(workflows.save_draft, number, FLOW.with_(name=name))


def test_what_a_program_writes_is_shown_and_can_be_undone(both, ben, number, qtbot):
    """With nothing unsaved the newest is shown, as a step of the history."""
    page = both[0]
    rename(page, "Mine")
    save(page, qtbot)
    elsewhere(ben.store, number, "By a program")
    look(page, qtbot)
    assert page.draft.own.name == "By a program"
    page.draft.undo()
    save(page, qtbot)
    assert stored(ben.store, page).name == "Mine"


def conflict(both, ben, number, qtbot):
    """Change a draft here while a program writes it."""
    page = both[0]
    mine = joining.without(FLOW, {"wait1"}, {}).with_(name="Mine")
    page.draft.edit("Remove", mine)
    elsewhere(ben.store, number, "By a program")
    page.saving.save()
    return page


@pytest.mark.parametrize(
    ("words", "here", "office"),
    [
        (THEIRS, "By a program", ["By a program"]),
        (COPY, "By a program", ["By a program", "Mine (copy)"]),
        (OVERWRITE, "Mine", ["Mine"]),
    ],
)
def test_a_save_on_top_of_another_asks(both, ben, number, qtbot, words, here, office):
    """What differs is said in words; each answer does what it says, and nothing else is lost."""
    page = conflict(both, ben, number, qtbot)
    said, differs = answer(page, qtbot, words)
    assert said.startswith("Ben saved this workflow at")
    assert "Renamed from ‘By a program’ to ‘Mine’" in differs
    assert "Removed: " in differs
    assert page.draft.own.name == here
    save(page, qtbot)
    assert names(ben.store) == office


def test_theirs_can_be_undone_again(both, ben, number, qtbot):
    """Whoever shows theirs still has their own one step back."""
    page = conflict(both, ben, number, qtbot)
    answer(page, qtbot, THEIRS)
    page.draft.undo()
    save(page, qtbot)
    assert stored(ben.store, page).name == "Mine"


def test_a_question_that_is_put_off_stays(both, ben, number, qtbot):
    """Nothing is saved until somebody decides; a line says so and asks again."""
    page = conflict(both, ben, number, qtbot)
    answer(page, qtbot, "Cancel")
    strip = page.saving.conflicts.strip
    assert strip.isVisible()
    rename(page, "Mine too")
    save(page, qtbot)
    assert page.findChild(QMessageBox) is None or page.findChild(QMessageBox).isHidden()
    assert stored(ben.store, page).name == "By a program"
    press(strip, qtbot, "Decide …")
    answer(page, qtbot, OVERWRITE)
    assert stored(ben.store, page).name == "Mine too"
    assert not strip.isVisible()


def test_leaving_a_conflict_undecided_keeps_a_copy(both, ben, number, qtbot):
    """Whoever goes away without deciding loses nothing."""
    page = conflict(both, ben, number, qtbot)
    answer(page, qtbot, "Cancel")
    with qtbot.waitSignal(page.saving.over):
        page.leave()
    rest(qtbot)
    assert names(ben.store) == ["By a program", "Mine (copy)"]


def test_a_workflow_that_was_deleted_can_be_kept(both, ben, number, qtbot):
    """The line above the sheet says so, and makes a new workflow of what is on screen."""
    page = both[0]
    ben.store.write(workflows.delete, number)
    wanted = []
    ben.desk.wanted.connect(lambda key, what: wanted.append((key, *what)))
    rename(page, "Mine")
    save(page, qtbot)
    press(page.saving.conflicts.strip, qtbot, "Keep it as a new workflow")
    rest(qtbot)
    assert names(ben.store) == ["Mine (copy)"]
    assert wanted[0][0] == "workflows"


def test_a_draft_that_looks_on_is_never_saved(both, ben, anna, number, qtbot):
    """Looking on and leaving writes nothing, not even that one was there."""
    _, other = both
    before = ben.store.read(drafts.look, number, other.saving.keeping.me)
    other.leave()
    rest(qtbot)
    assert ben.store.read(drafts.look, number, other.saving.keeping.me) == before
