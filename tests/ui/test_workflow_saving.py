"""Saving on the canvas page: as one goes, on leaving in any way, again where it failed."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from rally_desktop.core.errors import DatabaseUnusable
from rally_desktop.engine import publishing
from rally_desktop.model.graph import MAX_STEPS, Graph, Step
from rally_desktop.model.patch import Patch
from rally_desktop.services import drafts, workflows
from rally_desktop.services.drafts import Basis, Page
from rally_desktop.ui.pages import workflow_saving
from tests.ui.drafting import FLOW, names, rename, rest, save, shown, stored

pytestmark = pytest.mark.slow

OTHER = Page("other", "Ben", "back-office", 1)


@pytest.fixture
def number(store):
    """A draft in the office."""
    return store.write(workflows.create, FLOW)


@pytest.fixture
def page(desk, number, qtbot):
    """That draft on the canvas."""
    return shown(desk, number, qtbot)


@pytest.fixture
def trouble(monkeypatch):
    """Let saving fail for as long as this list is not empty, without anybody having to wait."""
    reasons = []

    def save(*args, **kw):
        if reasons:
            raise DatabaseUnusable(reasons[0])
        return kept(*args, **kw)

    kept = drafts.save
    monkeypatch.setattr(drafts, "save", save)
    monkeypatch.setattr(workflow_saving, "PAUSES", (0.2,))
    return reasons


def files(page):
    """What this computer keeps until it is saved."""
    return page.saving.keeping.files.left("nobody")


def test_what_is_typed_is_saved_after_a_pause(page, store, qtbot):
    """Nobody has to ask for it; the head says when it is done, and this computer forgets it."""
    rename(page, "A")
    assert page.head.saved.text() == "Saving …"
    qtbot.waitUntil(lambda: page.head.saved.text() == "Saved")
    assert stored(store, page).name == "A"
    qtbot.waitUntil(lambda: not files(page))


@pytest.mark.parametrize("way", ["hide", "close", "leave"])
def test_going_away_in_any_way_saves_at_once(page, store, qtbot, way):
    """Another page, the window's cross, back to the list: what was typed last is saved."""
    rename(page, "A")
    getattr(page, way)()
    rest(qtbot)
    assert stored(store, page).name == "A"


def test_leaving_the_window_saves_at_once(page, store, qtbot):
    """When the keys go to something else, what was typed is saved without the pause."""
    elsewhere = QLineEdit()
    qtbot.addWidget(elsewhere)
    page.saving.soon.setInterval(600_000)
    qtbot.keyClicks(page.head.name, "!")
    with qtbot.waitActive(page):
        page.activateWindow()
        page.head.name.setFocus()
    with qtbot.waitActive(elsewhere):
        elsewhere.show()
        elsewhere.activateWindow()
        elsewhere.setFocus()
    rest(qtbot)
    assert stored(store, page).name == "Call new contacts!"


def test_a_failed_save_is_said_and_tried_again(page, store, trouble, qtbot):
    """The head says why and that it goes on trying; once it works, it says so."""
    trouble.append("The disk is full. Free some space and try again.")
    rename(page, "A")
    save(page, qtbot)
    assert page.head.saved.text() == "Not saved, trying again"
    said = page.saving.trouble.words.text()
    assert said.startswith("Not saved: the disk is full. Trying again; until then")
    qtbot.waitUntil(lambda: [one.document["name"] for one in files(page)] == ["A"])
    trouble.clear()
    qtbot.waitUntil(lambda: page.head.saved.text() == "Saved")
    assert not page.saving.trouble.isVisible()
    assert stored(store, page).name == "A"
    qtbot.waitUntil(lambda: not files(page))


def test_the_pauses_between_attempts_grow(page, trouble, qtbot, monkeypatch):
    """Trouble that lasts is not made worse by asking ever so often."""
    monkeypatch.setattr(workflow_saving, "PAUSES", (1, 2, 4, 8, 16, 30))
    trouble.append("The disk is full.")
    rename(page, "A")
    pauses = []
    for _ in range(8):
        save(page, qtbot)
        pauses.append(page.saving.again.interval() // 1000)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_page_that_was_left_goes_on_trying(page, store, trouble, desk, qtbot):
    """Whoever leaves is told that it is not saved yet; the page stays until it is."""
    told = []
    desk.notices.posted.connect(told.append)
    trouble.append("The disk is full. Free some space.")
    rename(page, "A")
    page.leave()
    rest(qtbot)
    assert told[0].text == "‘A’ is not saved yet. The disk is full. Free some space."
    with qtbot.waitSignal(page.saving.over):
        trouble.clear()
    assert stored(store, page).name == "A"
    assert store.read(drafts.look, page.workflow_id, OTHER).holder is None


def test_nothing_is_published_that_is_not_saved(page, store, trouble, desk, qtbot):
    """Publishing takes what the office has, so it has to have everything first."""
    told = []
    desk.notices.posted.connect(told.append)
    trouble.append("The disk is full.")
    rename(page, "A")
    page.publish()
    rest(qtbot)
    assert told[0].text == "Not everything is saved yet, so nothing was published."
    trouble.clear()
    qtbot.waitUntil(lambda: page.head.saved.text() == "Saved")


def test_what_cannot_be_stored_at_all_says_why(page, store, qtbot):
    """A text that no database takes is no reason to try again and again."""
    rename(page, "A\0")
    save(page, qtbot)
    assert page.head.saved.text() == "Not saved"
    assert page.saving.trouble.words.text().startswith("Not saved: name")
    assert not page.saving.again.isActive()
    rename(page, "A")
    save(page, qtbot)
    assert stored(store, page).name == "A"


def test_opening_again_at_once_waits_for_the_page_before(page, desk, store, qtbot):
    """Whoever goes back and opens the same workflow at once finds what they typed last."""
    rename(page, "A")
    page.leave()
    again = shown(desk, page.workflow_id, qtbot)
    assert again.draft.own.name == "A"
    assert not again.draft.locked
    assert not again.saving.sharing.strip.isVisible()
    assert names(store) == ["A"]


# -- history -----------------------------------------------------------------------------------


def test_undo_and_redo_survive_closing_the_page(page, desk, store, qtbot):
    """A draft that is opened again goes back and forth as before, under the same names."""
    for name in ("A", "B", "C"):
        rename(page, name)
    page.draft.undo()
    page.leave()
    rest(qtbot)
    again = shown(desk, page.workflow_id, qtbot)
    stack = again.draft.stack
    assert (stack.undoText(), stack.redoText()) == ("Rename to B", "Rename to C")
    again.draft.redo()
    assert again.draft.own.name == "C"
    for _ in range(3):
        again.draft.undo()
    assert again.draft.own == FLOW
    assert not stack.canUndo()


def test_a_history_goes_on_growing_over_many_sittings(page, desk, qtbot):
    """Each sitting adds its steps, and what was undone and replaced is gone."""
    rename(page, "A")
    page.leave()
    rest(qtbot)
    second = shown(desk, page.workflow_id, qtbot)
    second.draft.undo()
    rename(second, "B")
    save(second, qtbot)
    rename(second, "C")
    second.leave()
    rest(qtbot)
    third = shown(desk, page.workflow_id, qtbot)
    assert [edit.text() for edit in third.draft.history()] == ["Rename to B", "Rename to C"]
    third.draft.undo()
    third.draft.undo()
    assert third.draft.own == FLOW


def test_typing_that_goes_on_after_a_save_is_one_step_still(page, desk, store, qtbot):
    """A save in the middle of a word does not cut it in two, neither here nor when reopened."""
    for text in ("x", "y"):
        qtbot.keyClicks(page.head.name, text)
        save(page, qtbot)
    page.leave()
    rest(qtbot)
    again = shown(desk, page.workflow_id, qtbot)
    assert again.draft.own.name == "Call new contactsxy"
    again.draft.undo()
    assert again.draft.own == FLOW


def test_a_save_writes_only_what_is_new_of_the_history(page, monkeypatch, qtbot):
    """The tenth change does not write the nine before it again."""
    written = []
    kept = drafts.save

    def save_one(work, number, graph, basis, history, **how):
        written.append(len(history.entries))
        return kept(work, number, graph, basis, history, **how)

    monkeypatch.setattr(drafts, "save", save_one)
    for name in "ABCDE":
        rename(page, name)
        save(page, qtbot)
    page.draft.undo()
    save(page, qtbot)
    assert written == [1, 1, 1, 1, 1, 0]


def test_publishing_keeps_the_history(page, desk, store, qtbot):
    """After publishing, and after opening again, one can still undo what came before."""
    rename(page, "A")
    save(page, qtbot)
    store.write(publishing.publish, page.workflow_id)
    rename(page, "B")
    page.leave()
    rest(qtbot)
    again = shown(desk, page.workflow_id, qtbot)
    assert len(again.draft.history()) == 2


# -- what a program that crashed has left ------------------------------------------------------


def crashed(page, trouble, qtbot, name="A"):
    """Let a page end with a change that it could not save, and its program with it."""
    trouble.append("The disk is full.")
    rename(page, name)
    save(page, qtbot)
    qtbot.waitUntil(lambda: [one.document["name"] for one in files(page)] == [name])
    saving = page.saving
    saving.again.timeout.disconnect()
    saving.again.stop()
    saving.keeping.left = saving.keeping.stuck = True
    page.close()
    rest(qtbot)
    trouble.clear()


def vacate(store, page):
    """What the office does by itself a minute after a computer crashed."""
    store.write(drafts.get_up, page.workflow_id, page.saving.keeping.me)


def press(strip, qtbot, words):
    """Press a button of a strip."""
    found = next(one for one in strip.buttons if one.text().startswith(words))
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)
    rest(qtbot)


def test_what_was_not_saved_is_offered_when_opened_again(page, desk, store, trouble, qtbot):
    """It says from when it is; restoring it is a change that can be undone, and is saved."""
    at = f"{desk.clock.now().astimezone():%H:%M}"
    crashed(page, trouble, qtbot)
    vacate(store, page)
    again = shown(desk, page.workflow_id, qtbot)
    strip = again.saving.restoring.strip
    assert strip.isVisible()
    assert again.draft.own == FLOW
    press(strip, qtbot, f"Restore what was not saved at {at}")
    assert again.draft.own.name == "A"
    assert stored(store, again).name == "A"
    assert not strip.isVisible()
    again.draft.undo()
    assert again.draft.own == FLOW


def test_nothing_is_restored_into_a_locked_draft(page, desk, store, trouble, qtbot):
    """While a published version is on screen, say, the offer stays and so does the file."""
    crashed(page, trouble, qtbot)
    vacate(store, page)
    again = shown(desk, page.workflow_id, qtbot)
    again.draft.lock("This is version 1.", "test")
    press(again.saving.restoring.strip, qtbot, "Restore")
    assert (again.draft.own, len(files(page))) == (FLOW, 1)
    again.draft.lock("", "test")
    press(again.saving.restoring.strip, qtbot, "Restore")
    assert again.draft.own.name == "A"


def test_what_was_not_saved_can_be_discarded(page, desk, store, trouble, qtbot):
    """It is gone then, and not offered again."""
    crashed(page, trouble, qtbot)
    vacate(store, page)
    again = shown(desk, page.workflow_id, qtbot)
    press(again.saving.restoring.strip, qtbot, "Discard")
    assert not again.saving.restoring.strip.isVisible()
    assert files(page) == []
    assert stored(store, again) == FLOW


def test_what_the_office_has_by_now_is_not_offered(page, desk, store, trouble, qtbot):
    """A save whose answer never came was a save all the same."""
    crashed(page, trouble, qtbot)
    vacate(store, page)
    me = page.saving.keeping.me
    store.write(drafts.save, page.workflow_id, FLOW.with_(name="A"), Basis(me, 1, 1))
    again = shown(desk, page.workflow_id, qtbot)
    assert not again.saving.restoring.strip.isVisible()
    assert files(page) == []


def test_another_workflow_offers_nothing(page, desk, store, trouble, qtbot):
    """What was not saved belongs to its own workflow."""
    crashed(page, trouble, qtbot)
    other = shown(desk, store.write(workflows.create, FLOW), qtbot)
    assert not other.saving.restoring.strip.isVisible()
    assert names(store) == ["Call new contacts"] * 2


def test_a_large_workflow_is_saved_off_the_screens_thread(desk, store, monkeypatch, qtbot):
    """With thousands of steps, neither saving nor what goes with it holds up the screen."""
    steps = {f"s{n}": Step(f"s{n}", "end") for n in range(MAX_STEPS - len(FLOW.steps))}
    page = shown(desk, store.write(workflows.create, FLOW), qtbot)
    threads = set()
    for owner, name in ((Graph, "dump"), (Graph, "load"), (Patch, "between")):
        kept = getattr(owner, name)

        def noted(*args, kept=kept):
            threads.add(threading.current_thread())
            return kept(*args)

        monkeypatch.setattr(owner, name, noted)
    page.draft.changed.disconnect(page._changed)
    page.draft.changed.disconnect(page.canvas._changed)
    page.draft.edit("Fill it", page.draft.own.with_(steps=page.draft.own.steps | steps))
    save(page, qtbot)
    assert len(threads) >= 2
    assert threading.main_thread() not in threads
