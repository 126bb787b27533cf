"""Cards and connectors on their way from where they were to where they are now."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace
from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation

from rally_desktop.canvas.items.card import Card
from rally_desktop.canvas.items.frame import FrameItem
from rally_desktop.canvas.items.label import Pill
from rally_desktop.canvas.items.note import NoteItem
from rally_desktop.canvas.items.plus import Plus
from rally_desktop.canvas.items.wire import WireItem
from rally_desktop.canvas.plan import Plan, Wire
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.shapes import FrameBox
from rally_desktop.canvas.stage import Stage
from rally_desktop.model.graph import Place

Moving = Card | Plus | Pill | NoteItem


class Glide(QObject):
    """Moves what is on the stage; only what is near the view is moved at all."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._stage = stage
        self._moves: list[tuple[Moving, QPointF, QPointF]] = []
        self._wires: list[tuple[WireItem, Wire, tuple[Point, ...]]] = []
        self._frames: list[tuple[FrameItem, FrameBox]] = []
        self._clock = QVariantAnimation(self)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._clock.valueChanged.connect(self._place)
        self._clock.finished.connect(self._land)

    def start(self, before: Plan, milliseconds: int) -> None:
        """Go from the places of an earlier plan to those of the stage's."""
        self.finish()
        self._gather(before)
        if milliseconds <= 0 or not (self._moves or self._wires or self._frames):
            self._land()
            return
        self._clock.setDuration(milliseconds)
        self._place(0.0)
        self._clock.start()

    def finish(self) -> None:
        """Be there at once."""
        if self._clock.state() is QVariantAnimation.State.Running:
            self._clock.stop()
            self._land()

    def _gather(self, before: Plan) -> None:
        stage = self._stage
        for spot, card in stage.cards.items():
            was = before.boxes.get(spot)
            if was is not None:
                self._move(card, (was.x, was.y))
        for slot, plus in stage.pluses.items():
            self._move(plus, before.pluses.get(slot))
        labels = {label.place: label.at for label in before.labels}
        for place, pill in stage.pills.items():
            if isinstance(place, Place):
                self._move(pill, labels.get(place))
        self._gather_remarks(before)
        self._gather_wires(before)

    def _gather_remarks(self, before: Plan) -> None:
        for spot, note in self._stage.notes.items():
            if spot in before.notes:
                self._move(note, (before.notes[spot].x, before.notes[spot].y))
        for spot, frame in self._stage.frames.items():
            was = before.frames.get(spot)
            if was is not None and was != frame.box:
                self._frames.append((frame, was))

    def _gather_wires(self, before: Plan) -> None:
        old = {wire.slot: wire.points for wire in before.wires if wire.slot is not None}
        for item in self._stage.wires.values():
            points = old.get(item.wire.slot) if item.wire.slot else None
            if points is None or len(points) != len(item.wire.points):
                continue
            if points != item.wire.points:
                self._wires.append((item, item.wire, points))

    def _move(self, item: Moving, was: Point | None) -> None:
        here = item.pos()
        if was is not None and (was[0] != here.x() or was[1] != here.y()):
            self._moves.append((item, QPointF(*was), here))

    def _place(self, value: object) -> None:
        share = cast("float", value)
        for item, start, end in self._moves:
            if item.scene() is not None:
                item.setPos(start + (end - start) * share)
        for frame, was in self._frames:
            if frame.scene() is not None:
                frame.stand_between(was, share)
        for item, wire, points in self._wires:
            if item.scene() is not None:
                moved = tuple(
                    (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)
                    for (x0, y0), (x1, y1) in zip(points, wire.points, strict=True)
                )
                item.change(replace(wire, points=moved), self._stage.sight.look, item.stroke)

    def _land(self) -> None:
        self._place(1.0)
        for item, _, _ in self._moves:
            if isinstance(item, Card | NoteItem):
                item.align(self._stage.sight.look, self._stage.sight.scale)
        for item, wire, _ in self._wires:
            item.wire = wire
        self._moves.clear()
        self._frames.clear()
        self._wires.clear()
