"""A workflow opened on the canvas page by one person or two, each with a desk of their own."""

from __future__ import annotations

from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

FLOW = Graph(
    "Call new contacts",
    triggers=(Trigger("t1", "record_created"),),
    start="wait1",
    steps={
        "wait1": Step("wait1", "wait", {"amount": 2, "unit": "days"}, {"next": "task1"}),
        "task1": Step("task1", "create_task", {"task": "Call back"}),
    },
)


def shown(desk, number, qtbot):
    """A workflow on the canvas page."""
    page = WorkflowEditor(desk, number)
    page.view.motion = False
    qtbot.addWidget(page)
    page.resize(1280, 800)
    with qtbot.waitExposed(page):
        page.show()
    rest(qtbot)
    return page


def rest(qtbot):
    """Wait until nothing is being read or written."""
    qtbot.waitUntil(lambda: not later.busy())


def rename(page, name):
    """Give the workflow another name, as one change."""
    page.draft.seal()
    page.draft.edit(f"Rename to {name}", page.draft.own.with_(name=name))


def save(page, qtbot):
    """Save at once instead of after the pause in typing."""
    page.saving.save()
    rest(qtbot)


def look(page, qtbot):
    """Look at once how the draft stands, instead of every few seconds."""
    rest(qtbot)
    page.saving.sharing.look()
    rest(qtbot)


def stored(store, page):
    """The draft as the office has it."""
    return store.read(workflows.draft, page.workflow_id).graph


def names(store):
    """What the workflows of the office are called."""
    return [row.name for row in store.read(workflows.listed)]
