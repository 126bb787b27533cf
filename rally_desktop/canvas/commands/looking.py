"""Zooming by keys, and asking for what stands around the sheet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from rally_desktop.canvas import camera

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

PAGE = 0.8
VIEWS = ("view_draft", "view_published", "view_live", "view_rehearsal")
AROUND = (  # what these mean is up to whoever has the sheet on a page
    "find", "find_next", "find_before", "mend", "minimap", "palette", "keys",
    "next_part", "part_before", "outline", "publish", "next_visit", "visit_before", *VIEWS,
    "picture", "copy_picture", "print", "read",
)  # fmt: skip


def _fit_selected(editor: FlowEditor) -> None:
    around = QRectF()
    for spot in editor.scene.chosen:
        around |= editor.where(spot) or QRectF()
    if not around.isEmpty():
        editor.view.fit(around, 1.5)


def _zoom(editor: FlowEditor, up: bool) -> None:
    view = editor.view
    view.glide_zoom(camera.stepped(view.heading().zoom, up, view.least_zoom()))


def _fit_all(editor: FlowEditor) -> None:
    """Show everything; a second time, go back to where one was."""
    view, whole = editor.view, editor.scene.sceneRect()
    if not view.heading().is_near(view.fitting(whole)) or not view.look_back():
        view.fit(whole)


def _look(editor: FlowEditor, back: bool) -> None:
    view = editor.view
    if not (view.look_back() if back else view.look_forward()):
        editor.say("There is no place before this one." if back else "There is no place after.")


def _page(editor: FlowEditor, across: int, down: int) -> None:
    """Move on by most of a window, so that some of what was seen is seen still."""
    size = editor.view.viewport().size() * PAGE
    editor.view.shift(across * size.width(), down * size.height())


def _want(editor: FlowEditor, what: str) -> None:
    editor.wanted.emit(what)


COMMANDS = {
    "zoom_100": lambda editor: editor.view.glide_zoom(1.0),
    "fit_all": _fit_all,
    "fit_selected": _fit_selected,
    "zoom_in": partial(_zoom, up=True),
    "zoom_out": partial(_zoom, up=False),
    "page_down": partial(_page, across=0, down=1),
    "page_up": partial(_page, across=0, down=-1),
    "page_right": partial(_page, across=1, down=0),
    "page_left": partial(_page, across=-1, down=0),
    "look_back": partial(_look, back=True),
    "look_forward": partial(_look, back=False),
    **{name: partial(_want, what=name) for name in AROUND},
}
