"""What the parts of the canvas page may know of each other."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.hands import EditorHands
from rally_desktop.canvas.minimap import MiniMap
from rally_desktop.canvas.palette import Palette
from rally_desktop.canvas.view import FlowView
from rally_desktop.engine.problems import Problem
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.workflow_faces import KindFaces
from rally_desktop.ui.pages.workflow_head import EditorHead
from rally_desktop.ui.pages.workflow_problems import ProblemList
from rally_desktop.ui.pages.workflow_settings import SettingsPanel


class CanvasPage(QWidget):
    """Base of the page, so that none of its parts needs the page itself.

    ``above`` takes what is said about all of it; ``left``, ``middle`` and ``right`` stand below.
    ``front`` is where one works in the middle: the view of the canvas, with all around it in
    ``sheet``, or what another page puts in its place.
    """

    desk: Desk
    workflow_id: int
    problems: list[Problem]
    draft: Draft
    faces: KindFaces
    view: FlowView
    canvas: FlowEditor
    hands: EditorHands
    head: EditorHead
    palette_list: Palette
    minimap: MiniMap
    settings: SettingsPanel
    problem_list: ProblemList
    above: QVBoxLayout
    foot: QHBoxLayout
    left: QTabWidget
    middle: QWidget
    sheet: QWidget
    front: QWidget
    right: QStackedWidget

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)
