"""Cards and connectors on their way from where they were to where they are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from msgspec.structs import replace
from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation

from rally_desktop.canvas.items.card import Card
from rally_desktop.canvas.items.frame import FrameItem
from rally_desktop.canvas.items.label import Pill
from rally_desktop.canvas.items.note import NoteItem
from rally_desktop.canvas.items.plus import Plus
from rally_desktop.canvas.items.wire import WireItem
from rally_desktop.canvas.plan import Plan, Spot, Wire
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.shapes import FrameBox
from rally_desktop.canvas.stage import Stage
from rally_desktop.model.graph import Place

HERE = QPointF()
Moving = Card | Plus | Pill | NoteItem


class Glide(QObject):
    """Moves what is on the stage; only what is near the view is moved at all."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._stage = stage
        self._moves: list[tuple[Moving, QPointF, QPointF]] = []
        self._wires: list[tuple[WireItem, Wire, Wire, tuple[Point, ...]]] = []
        self._frames: list[tuple[FrameItem, FrameBox]] = []
        self._slid = HERE
        self.held: Mapping[Spot, Point] = {}  # where cards are let go, for the next time
        self._clock = QVariantAnimation(self)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._clock.valueChanged.connect(self._place)
        self._clock.finished.connect(self._land)

    def start(self, before: Plan, milliseconds: int, slid: QPointF = HERE) -> None:
        """Go from the places of an earlier plan, moved by ``slid``, to those of the stage's."""
        self.finish()
        self._slid = slid
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
            if spot in self.held:
                self._move(card, self.held[spot])
            elif was is not None:
                self._move(card, (was.x, was.y))
        self.held = {}
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
            if was is None:
                continue
            was = replace(was, x=was.x + self._slid.x(), y=was.y + self._slid.y())
            if was != frame.box:
                self._frames.append((frame, was))

    def _gather_wires(self, before: Plan) -> None:
        old = {wire.slot: wire.points for wire in before.wires if wire.slot is not None}
        for item in self._stage.wires.values():
            points = old.get(item.wire.slot) if item.wire.slot else None
            if points is None:
                continue
            across, down = self._slid.x(), self._slid.y()
            was = tuple((x + across, y + down) for x, y in points)
            if was != item.wire.points:
                count = max(len(was), len(item.wire.points))
                will = replace(item.wire, points=_with(item.wire.points, count))
                self._wires.append((item, item.wire, will, _with(was, count)))

    def _move(self, item: Moving, was: Point | None) -> None:
        here = item.pos()
        start = None if was is None else QPointF(*was) + self._slid
        if start is not None and start != here:
            self._moves.append((item, start, here))

    def _place(self, value: object) -> None:
        share = cast("float", value)
        for item, start, end in self._moves:
            if item.scene() is not None:
                item.setPos(start + (end - start) * share)
        for frame, was in self._frames:
            if frame.scene() is not None:
                frame.stand_between(was, share)
        for item, _, wire, points in self._wires:
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
        for item, wire, _, _ in self._wires:
            item.change(wire, self._stage.sight.look, item.stroke)
        self._moves.clear()
        self._frames.clear()
        self._wires.clear()


def _with(points: tuple[Point, ...], count: int) -> tuple[Point, ...]:
    """Return a connector with that many points, the new ones all in its middle."""
    half = len(points) // 2
    (x0, y0), (x1, y1) = points[half - 1], points[half]
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    return (*points[:half], *[middle] * (count - len(points)), *points[half:])
