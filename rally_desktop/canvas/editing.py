"""What the parts of an editor need of the editor that they are parts of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QRectF

from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.faces import Face, Faces
from rally_desktop.canvas.plan import Plan, Spot
from rally_desktop.canvas.scene import FlowScene, Target
from rally_desktop.canvas.view import FlowView
from rally_desktop.model.graph import Graph


class Editing(Protocol):
    """The draft, the sheet it is on, and ways to ask and tell."""

    draft: Draft
    faces: Faces
    view: FlowView
    scene: FlowScene

    def say(self, text: str) -> None: ...
    def refresh(self, glide: bool = False) -> None: ...
    def select(self, target: Target | None, by_keys: bool = False) -> None: ...
    def choose(self, spots: Iterable[Spot], current: Target | None = None) -> None: ...
    def chosen_steps(self) -> list[str]: ...
    def face_of(self, key: str) -> Face: ...
    def name_of(self, keys: Sequence[str]) -> str: ...
    def time(self, name: str, glide: bool = True) -> int: ...
    def where(self, target: Target | None) -> QRectF | None: ...
    def plan_of(self, graph: Graph) -> Plan: ...
