"""Drafts of another time: kinds that are gone are kept, and so is what cannot be read."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from sqlalchemy import update

from rally_desktop.canvas.plan import Spot
from rally_desktop.core.errors import Refused
from rally_desktop.engine import publishing
from rally_desktop.model import joining
from rally_desktop.model.graph import Graph, Place, Step
from rally_desktop.model.tables import workflow
from rally_desktop.services import drafts, workflows
from tests.ui.drafting import FLOW, rename, rest, save, shown, stored

pytestmark = pytest.mark.slow

LEFT = Qt.MouseButton.LeftButton
FAX = Step("fax", "send_fax", {"to": "+49 30", "pages": [1, 2]}, {"next": "task1"}, "Fax it")
OLD = FLOW.with_step(FAX).connected(Place("wait1"), "fax")


@pytest.fixture
def spoil(store):
    """Put something else in the place of a draft in the database."""

    def put(number, text):
        with store.engine.begin() as connection:
            connection.execute(update(workflow).where(workflow.c.id == number).values(draft=text))

    return put


def document(**more):
    """The stored draft with something changed."""
    return json.dumps({**FLOW.dump(), **more})


UNREADABLE = {
    "of a newer program": (document(format=99), "Update this program to open it"),
    "with an unknown field": (document(colour="red"), "‘colour’ is not known to this version"),
    "with an unknown field of a step": (
        document(steps=[*FLOW.dump()["steps"], {"id": "x", "kind": "wait", "colour": "red"}]),
        "step 3 (‘x’): ‘colour’ is not known to this version",
    ),
    "of another program": ('{"nodes": [], "edges": []}', "not a Rally workflow file"),
    "that is no document at all": ("<html>", "stored workflow cannot be read"),
    "that goes round in a circle": (
        document(steps=[{**step, "exits": {"next": "wait1"}} for step in FLOW.dump()["steps"]]),
        "go round in a circle",
    ),
}


# -- kinds that are gone -----------------------------------------------------------------------


@pytest.fixture
def old(desk, store, qtbot):
    """A page with a step whose kind this program does not have."""
    return shown(desk, store.write(workflows.create, OLD), qtbot)


def test_a_step_whose_kind_is_gone_is_shown(old):
    """It has a card and a problem that says what is the matter."""
    assert Spot("step", "fax") in old.view.flow.plan.boxes
    assert any(problem.step == "fax" for problem in old.problems)


def test_a_step_whose_kind_is_gone_is_kept(old, desk, store, qtbot):
    """Saving, undoing, reopening and copying the workflow leave every setting of it."""
    rename(old, "A")
    old.draft.edit("Remove Fax it", joining.without(old.draft.own, {"fax"}, {}))
    save(old, qtbot)
    old.leave()
    rest(qtbot)
    again = shown(desk, old.workflow_id, qtbot)
    again.draft.undo()
    save(again, qtbot)
    assert stored(store, again).steps["fax"] == FAX
    copied = store.write(drafts.copy, again.draft.own)
    assert store.read(workflows.draft, copied).graph.steps["fax"] == FAX


def test_a_step_whose_kind_is_gone_is_not_published(old, store, qtbot):
    """Neither from the page nor by any other way."""
    assert any(problem.severity == "error" for problem in old.problems)
    with pytest.raises(Refused, match="cannot be published"):
        store.write(publishing.publish, old.workflow_id)
    assert store.read(workflows.draft, old.workflow_id).published is None


# -- documents that cannot be read -------------------------------------------------------------


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_draft_that_cannot_be_read_says_why(desk, store, spoil, qtbot, what):
    """The page says why and what to do, shows nothing to edit, and leaves the draft alone."""
    text, said = UNREADABLE[what]
    number = store.write(workflows.create, FLOW)
    spoil(number, text)
    page = shown(desk, number, qtbot)
    panel = page.saving.unreadable
    assert panel.isVisible()
    assert said in panel.why.text()
    assert not page.body.isVisible()
    assert not panel.older.isVisible()
    page.leave()
    rest(qtbot)
    assert store.read(drafts.document, number) == text


def test_what_cannot_be_read_can_be_saved_as_a_file(desk, store, spoil, qtbot, tmp_path):
    """The file holds the draft as it is stored, letter by letter."""
    number = store.write(workflows.create, FLOW)
    spoil(number, document(colour="é"))
    page = shown(desk, number, qtbot)
    page.saving.unreadable.write(str(tmp_path / "draft.json"))
    rest(qtbot)
    assert (tmp_path / "draft.json").read_text("utf-8") == document(colour="é")


def test_the_published_version_can_be_opened_instead(desk, store, spoil, qtbot):
    """After a question the draft is what is published, and can be edited."""
    number = store.write(workflows.create, FLOW)
    store.write(publishing.publish, number)
    spoil(number, "<html>")
    page = shown(desk, number, qtbot)
    panel = page.saving.unreadable
    assert panel.older.text() == " Open version 1"
    qtbot.mouseClick(panel.older, LEFT)
    qtbot.waitUntil(lambda: panel.findChild(QMessageBox) is not None)
    box = panel.findChild(QMessageBox)
    qtbot.mouseClick(next(b for b in box.buttons() if b.text() == "Replace it"), LEFT)
    qtbot.waitUntil(page.body.isVisible)
    rest(qtbot)
    assert not panel.isVisible()
    assert page.draft.own == FLOW
    rename(page, "A")
    save(page, qtbot)
    assert stored(store, page).name == "A"


def test_without_a_published_version_there_is_nothing_to_go_back_to(store):
    """It says so."""
    number = store.write(workflows.create, Graph("Empty"))
    assert store.read(drafts.published, number) is None
    with pytest.raises(Refused, match="not published"):
        store.write(drafts.go_back, number)
