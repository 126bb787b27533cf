"""A workflow opened with nothing selected, and short ways to work in the panel of its whole."""

from __future__ import annotations

from PySide6.QtCore import Qt

from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

KEY = Qt.Key
TASK = Step("task1", "create_task", {"task": "Call back"})
SOUND = Graph(
    "Call", triggers=(Trigger("t1", "record_created"),), start="task1", steps={"task1": TASK}
)


def opened(desk, store, qtbot, parts, graph):
    """Open a workflow on the canvas, some parts of its panel unfolded."""
    editor = WorkflowEditor(desk, store.write(workflows.create, graph))
    editor.view.motion = False
    qtbot.addWidget(editor)
    editor.resize(1280, 800)
    with qtbot.waitActive(editor):
        editor.show()
        editor.activateWindow()
    qtbot.waitUntil(lambda: editor.stored is not None and not later.busy())
    for key, fold in editor.settings.whole.folds.items():
        fold.open(key in parts)
    return editor


def checked(qtbot, editor):
    """Wait until it is known what is wrong."""
    qtbot.waitUntil(
        lambda: (
            not (editor.saving.soon.isActive() or editor._check_soon.isActive() or later.busy())
        ),
    )


def pick(qtbot, box, value):
    """Choose a value of a box with the arrow keys."""
    box.setFocus()
    while (ahead := box.findData(value) - box.currentIndex()) != 0:
        qtbot.keyClick(box, KEY.Key_Down if ahead > 0 else KEY.Key_Up)


def rules(editor):
    """The rules as they stand."""
    return editor.draft.graph.settings
