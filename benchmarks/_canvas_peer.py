"""One node editor from elsewhere with a given sheet: what each of its frames takes.

Run by the interpreter of a scratch environment, not imported: ``_canvas_peer.py NAME SHEET``.
Every step goes through the editor's own event handlers, and a frame ends when all that was to
be painted is. Each figure is printed as soon as it is known, as a line of JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# One of them knows no other binding.
BINDING = "PyQt6" if "orange-canvas-core" in sys.argv else "PySide6"
os.environ.update(QT_API=BINDING.lower(), QT_PREFERRED_BINDING=BINDING)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
core, gui, widgets = (
    importlib.import_module(f"{BINDING}.{name}") for name in ("QtCore", "QtGui", "QtWidgets")
)
Qt, Event, Point, Rect = core.Qt, core.QEvent.Type, core.QPointF, core.QRectF
NONE, LEFT, MIDDLE = (getattr(Qt.MouseButton, f"{x}Button") for x in ("No", "Left", "Middle"))
WINDOW = (1920, 1080)
SECONDS = 4.0  # at most for one figure
CARD = (272, 72)


class Editor:
    """What all have in common; most move by their scroll bars and zoom by the wheel."""

    view: Any
    window: Any
    items: list[Any]

    def whole(self) -> Any:
        """Return the rectangle around all there is."""
        return self.view.scene().itemsBoundingRect()

    def fit(self) -> None:
        """Look at everything."""
        self.view.fitInView(self.whole(), Qt.AspectRatioMode.KeepAspectRatio)

    def close_up(self, number: int) -> None:
        """Look at one card at 100 %."""
        self.view.setTransform(gui.QTransform())
        self.view.centerOn(self.items[number].sceneBoundingRect().center())

    def pan(self, across: int, down: int) -> None:
        """Move the sheet."""
        for bar, by in (
            (self.view.horizontalScrollBar(), across),
            (self.view.verticalScrollBar(), down),
        ):
            bar.setValue(bar.value() + by)

    def stop(self) -> None:
        """Let go after moving the sheet."""

    def zoom(self, way: int) -> None:
        """Turn the wheel one notch."""
        wheel(self.view, way)

    def handle(self, number: int) -> Any:
        """Return where in the view a card can be held."""
        middle = self.items[number].sceneBoundingRect().center()
        return Point(self.view.mapFromScene(middle))

    def ground(self) -> Any:
        """Return a place in the view with nothing there."""
        for down in range(300, 800, 20):
            for across in range(500, 1400, 20):
                if not self.view.items(core.QRect(across - 24, down - 24, 48, 48)):
                    return Point(across, down)
        return Point(2, 2)


class Dragged(Editor):
    """One whose sheet is moved by dragging it."""

    button = MIDDLE
    at: Any = None

    def pan(self, across: int, down: int) -> None:
        """Move the sheet."""
        if self.at is None:
            self.at = self.ground()
            mouse(self.view, Event.MouseButtonPress, self.at, self.button, self.button)
        self.at = self.at - Point(across, down)
        mouse(self.view, Event.MouseMove, self.at, NONE, self.button)

    def stop(self) -> None:
        """Let go after moving the sheet."""
        mouse(self.view, Event.MouseButtonRelease, self.at, self.button, NONE)
        self.at = None


class NodeGraph(Dragged):
    """NodeGraphQt, and OdenGraphQt which came from it."""

    def __init__(self, package: str, sheet: dict[str, Any]) -> None:
        module = importlib.import_module(package)

        def begin(node: Any) -> None:
            module.BaseNode.__init__(node)
            node.add_input("in", multi_input=True)
            node.add_output("out", multi_output=True)

        names = {"__identifier__": "bench", "NODE_NAME": "Step", "__init__": begin}
        kind = type("Step", (module.BaseNode,), names)
        graph = module.NodeGraph()
        graph.register_node(kind)
        nodes = [
            graph.create_node("bench.Step", title, False, pos=[x, y], push_undo=False)
            for x, y, title in sheet["cards"]
        ]
        for above, below in sheet["wires"]:
            nodes[above].output(0).connect_to(nodes[below].input(0), push_undo=False)
        self.graph, self.view, self.window = graph, graph.viewer(), graph.widget
        self.items = [node.view for node in nodes]

    def fit(self) -> None:
        """Look at everything."""
        self._look_at(self.whole())

    def close_up(self, number: int) -> None:
        """Look at one card at 100 %."""
        port = self.view.viewport()
        seen = Rect(0, 0, port.width(), port.height())
        seen.moveCenter(self.items[number].sceneBoundingRect().center())
        self._look_at(seen)

    def _look_at(self, seen: Any) -> None:
        self.view._scene_range = seen  # noqa: SLF001
        self.view._update_scene()  # noqa: SLF001

    def handle(self, number: int) -> Any:
        """Return where in the view a card can be held."""
        box = self.items[number].sceneBoundingRect()
        return Point(self.view.mapFromScene(Point(box.center().x(), box.top() + 8)))


class NodeEditor(Dragged):
    """qtpynodeeditor."""

    button = LEFT

    def __init__(self, package: str, sheet: dict[str, Any]) -> None:
        module = importlib.import_module(package)
        data = module.NodeDataType(id="step", name="step")
        names = {
            "name": "Step", "caption": "Step", "caption_visible": True, "data_type": data,
            "num_ports": {"input": 1, "output": 3}, "out_data": lambda *_: None,
            "set_in_data": lambda *_: None, "embedded_widget": lambda _: None,
        }  # fmt: skip
        names["port_caption_visible"] = False
        model = type("Step", (module.NodeDataModel,), names)
        registry = module.DataModelRegistry()
        registry.register_model(model, category="bench")
        scene = module.FlowScene(registry=registry)
        nodes = []
        for x, y, _ in sheet["cards"]:
            nodes.append(scene.create_node(model))
            nodes[-1].graphics_object.setPos(Point(x, y))
        taken: set[int] = set()
        for above, below in sheet["wires"]:
            if below not in taken:  # its ports take in one connector each
                taken.add(below)
                ports = nodes[above]["output"]
                free = next((port for port in ports.values() if not port.connections), ports[0])
                scene.create_connection(free, nodes[below]["input"][0])
        self.view = self.window = module.FlowView(scene)
        self.items = [node.graphics_object for node in nodes]
        self._extent = widgets.QGraphicsScene.itemsBoundingRect(scene)

    def whole(self) -> Any:
        """Return the rectangle around all there is."""
        return self._extent

    def fit(self) -> None:
        """Look at everything."""
        self.view.setSceneRect(self._extent.adjusted(-4000, -4000, 4000, 4000))
        super().fit()

    def close_up(self, number: int) -> None:
        """Look at one card at 100 %."""
        self.view.setSceneRect(self._extent.adjusted(-4000, -4000, 4000, 4000))
        super().close_up(number)


class Orange(Editor):
    """orange-canvas-core."""

    def __init__(self, package: str, sheet: dict[str, Any]) -> None:
        registry = importlib.import_module(f"{package}.registry")
        signals = importlib.import_module(f"{package}.registry.description")
        scheme = importlib.import_module(f"{package}.scheme")
        document = importlib.import_module(f"{package}.document.schemeedit")
        category = registry.CategoryDescription("Flow", background="#ccdcff")
        enter = signals.InputSignal("in", "builtins.object", "take", flags=signals.Multiple)
        kind = registry.WidgetDescription(
            name="Step", id="bench.step", category="Flow", qualified_name="json.JSONDecoder",
            inputs=[enter], outputs=[signals.OutputSignal("out", "builtins.object")],
        )  # fmt: skip
        known = registry.WidgetRegistry()
        known.register_category(category)
        known.register_widget(kind)
        made = scheme.Scheme()
        nodes = [scheme.SchemeNode(kind, title, (x, y)) for x, y, title in sheet["cards"]]
        for node in nodes:
            made.add_node(node)
        for above, below in sheet["wires"]:
            made.add_link(scheme.SchemeLink(nodes[above], "out", nodes[below], "in"))
        self.window = document.SchemeEditWidget()
        self.window.setRegistry(known)
        self.window.setScheme(made)
        self.view = self.window.view()
        scene = self.window.scene()
        self.items = [scene.item_for_node(node) for node in nodes]
        self._extent = scene.itemsBoundingRect()
        scene.setSceneRect(self._extent.adjusted(-4000, -4000, 4000, 4000))

    def whole(self) -> Any:
        """Return the rectangle around all there is."""
        return self._extent

    def zoom(self, way: int) -> None:
        """Turn the wheel one notch; below 30 %, where it stops, scale as it would."""
        if self.view.transform().m11() < 0.3:
            self.view.scale(1.1**way, 1.1**way)
        else:
            wheel(self.view, way, Qt.KeyboardModifier.ControlModifier)


class Plain(Editor):
    """A graphics scene as one would write it first: text items, shadows, whole frames."""

    def __init__(self, _: str, sheet: dict[str, Any]) -> None:
        scene = self._scene = widgets.QGraphicsScene()
        self.items = [self._card(scene, *card) for card in sheet["cards"]]
        for above, below in sheet["wires"]:
            one, other = self.items[above].pos(), self.items[below].pos()
            path = gui.QPainterPath(one + Point(CARD[0] / 2, CARD[1]))
            end = other + Point(CARD[0] / 2, 0)
            turn = (path.currentPosition() + end) / 2
            path.cubicTo(Point(path.currentPosition().x(), turn.y()), Point(end.x(), turn.y()), end)
            scene.addPath(path, gui.QPen(gui.QColor("gray"), 2)).setZValue(-1)
        self.view = self.window = widgets.QGraphicsView(scene)
        mode = widgets.QGraphicsView.ViewportUpdateMode.FullViewportUpdate
        self.view.setViewportUpdateMode(mode)
        self.view.setRenderHint(gui.QPainter.RenderHint.Antialiasing)

    def _card(self, scene: Any, x: float, y: float, title: str) -> Any:
        card = scene.addRect(Rect(0, 0, *CARD), gui.QPen(gui.QColor("gray")), gui.QColor("white"))
        card.setPos(x, y)
        card.setFlag(widgets.QGraphicsItem.GraphicsItemFlag.ItemIsMovable)
        shadow = widgets.QGraphicsDropShadowEffect()
        shadow.setBlurRadius(8)
        card.setGraphicsEffect(shadow)
        for line, down in ((title, 10), ("as it is set", 36)):
            text = widgets.QGraphicsTextItem(line, card)
            text.setPos(12, down)
        return card

    def zoom(self, way: int) -> None:
        """Scale as the wheel would."""
        self.view.scale(1.1**way, 1.1**way)


EDITORS: dict[str, tuple[Callable[[str, dict[str, Any]], Editor], str]] = {
    "NodeGraphQt": (NodeGraph, "NodeGraphQt"),
    "OdenGraphQt": (NodeGraph, "OdenGraphQt"),
    "qtpynodeeditor": (NodeEditor, "qtpynodeeditor"),
    "orange-canvas-core": (Orange, "orangecanvas"),
    "plain scene": (Plain, ""),
}


def mouse(view: Any, kind: Any, at: Any, button: Any, held: Any) -> None:
    """Send a mouse event to a view."""
    port = view.viewport()
    screen = Point(port.mapToGlobal(at.toPoint()))
    keys = Qt.KeyboardModifier.NoModifier
    core.QCoreApplication.sendEvent(port, gui.QMouseEvent(kind, at, screen, button, held, keys))


def wheel(view: Any, way: int, keys: Any = Qt.KeyboardModifier.NoModifier) -> None:
    """Turn the wheel one notch over the middle of a view."""
    port = view.viewport()
    at = Point(port.rect().center())
    screen = Point(port.mapToGlobal(at.toPoint()))
    event = gui.QWheelEvent(
        at, screen, core.QPoint(), core.QPoint(0, 120 * way), NONE, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    core.QCoreApplication.sendEvent(port, event)


class Measure:
    """Times steps of one editor."""

    def __init__(self, editor: Editor, times: int) -> None:
        self.app = widgets.QApplication.instance()
        self.editor, self.times = editor, times

    def say(self, name: str, step: Callable[[int], None]) -> None:
        """Print the middle of how long a step with its frame takes, in milliseconds."""
        for number in range(3):
            step(number)
            self.app.processEvents()
        taken: list[float] = []
        start = time.perf_counter()
        while len(taken) < self.times:
            before = time.perf_counter()
            step(len(taken) + 3)
            self.app.processEvents()
            taken.append((time.perf_counter() - before) * 1e3)
            if time.perf_counter() - start > SECONDS and len(taken) >= 3:
                break
        said(name, statistics.median(taken))

    def all(self, number: int) -> None:
        """Measure everything, from afar and close up."""
        editor = self.editor
        for where, look in (
            ("with all in view", editor.fit),
            ("at 100 %", lambda: editor.close_up(number)),
        ):
            self._look(look)
            self.say(f"zoom step {where}", lambda n: editor.zoom(1 if n % 2 == 0 else -1))
            self._look(look)
            self.say(f"pan {where}", self._pan)
            editor.stop()
            self._look(look)
            self.say(f"full repaint {where}", lambda _: editor.view.viewport().update())
        self._drag(number)

    def _look(self, look: Callable[[], None]) -> None:
        look()
        for _ in range(6):
            self.app.processEvents()

    def _pan(self, number: int) -> None:
        way = 1 if (number // 8) % 2 == 0 else -1
        self.editor.pan(24 * way, 12 * way)

    def _drag(self, number: int) -> None:
        view, at = self.editor.view, self.editor.handle(number)
        mouse(view, Event.MouseButtonPress, at, LEFT, LEFT)
        self.say(
            "drag step",
            lambda n: mouse(view, Event.MouseMove, at + Point(180 + n % 9, n % 7), NONE, LEFT),
        )
        mouse(view, Event.MouseButtonRelease, at, LEFT, NONE)


def said(name: str, milliseconds: float) -> None:
    """Print one figure."""
    print(json.dumps({name: milliseconds}), flush=True)


def main(name: str, path: str, times: str) -> None:
    """Open a sheet in one editor and measure it."""
    sheet = json.loads(Path(path).read_text(encoding="utf-8"))
    app = widgets.QApplication.instance() or widgets.QApplication([])
    app.setStyle("Fusion")
    make, package = EDITORS[name]
    make(package, {"cards": sheet["cards"][:2], "wires": []})  # what is loaded once is there
    start = time.perf_counter()
    editor = make(package, sheet)
    editor.view.resize(*WINDOW)
    editor.window.resize(*WINDOW)
    editor.window.show()
    app.processEvents()
    said("open", (time.perf_counter() - start) * 1e3)
    Measure(editor, int(times)).all(sheet["middle"])
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:4])
