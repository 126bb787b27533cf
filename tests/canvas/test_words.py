"""Text on cards and pills, whatever somebody typed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from rally_desktop.canvas.items.words import LONGEST, direction, grown, one_line, paint_line
from rally_desktop.canvas.look import Look
from rally_desktop.canvas.plan import Spot
from rally_desktop.model.graph import Step
from tests.canvas.conftest import Kit
from tests.canvas.flows import graph

RIGHT, LEFT = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  two\n\tlines ", "two lines"),
        ("bell\x07 and nul\x00", "bell and nul"),
        ("\u202eturned\u202c", "turned"),
        (f"family {FAMILY}", f"family {FAMILY}"),
        ("e\u0301\u0302", "e\u0301\u0302"),
        ("<b>bold</b>", "<b>bold</b>"),
    ],
)
def test_a_line_holds_what_can_be_drawn(typed, shown):
    """Control characters go, and so do those that turn the writing; letters stay as they are."""
    assert one_line(typed) == shown


def test_a_very_long_text_is_cut_before_it_is_measured():
    """Of 2,000 characters no more are looked at than could ever fit."""
    assert len(one_line("x" * 2_000)) == LONGEST


@pytest.mark.parametrize(
    ("text", "way"), [("Hello", LEFT), ("مرحبا", RIGHT), ("12 שלום", RIGHT), ("42", LEFT)]
)
def test_a_text_is_written_as_its_first_letter_is(text, way):
    """Arabic and Hebrew begin at the right, also after a number."""
    assert direction(text) is way


def ink(text):
    """The leftmost and the rightmost painted column of a line of 200 pixels."""
    look = Look("light", 1.0, Kit())
    picture = look.canvas(200, 24, 1.0)
    painter = QPainter(picture)
    paint_line(painter, look, "title", look.colour("ink"), QRectF(0, 0, 200, 24), text)
    painter.end()
    image = picture.toImage()
    columns = [x for x in range(200) if any(image.pixelColor(x, y).alpha() for y in range(24))]
    return columns[0], columns[-1]


def test_right_to_left_text_ends_at_the_right(qapp):
    """A short Hebrew title stands at the right edge, a short English one at the left."""
    assert ink("שלום")[1] > 190
    assert ink("Hello")[0] < 10


def test_a_text_that_is_too_long_stays_inside(qapp):
    """Whatever its length and script, a line does not leave its place."""
    for text in ("x" * 2_000, "م" * 2_000, FAMILY * 50, "e\u0301" * 500):
        first, last = ink(text)
        assert 0 <= first <= last < 200


def test_pills_grow_as_one_goes_away():
    """From afar pills are up to 1.3 times as large as the sheet, near they are not."""
    assert (grown(1.0), grown(2.0), grown(0.8)) == (1.0, 1.0, 1.25)
    assert grown(0.58) == 1.3


def test_any_title_can_be_drawn_at_any_zoom(bench):
    """Names from everywhere are painted as cards near and far, and nothing breaks."""
    titles = ["x" * 2_000, "مرحبا " * 50, FAMILY, "\x00\x07", "<table>", "e\u0301" * 9]
    steps = [Step(f"s{n}", "mail", title=title) for n, title in enumerate(titles)]
    chained = [
        Step(one.id, one.kind, {}, {"next": after.id}, one.title) for one, after in pairwise(steps)
    ]
    made = bench(graph(*chained, steps[-1]))
    for zoom in (2.0, 1.0, 0.6, 0.3, 0.1):
        made.view.zoom_to(zoom)
        made.view.sharpen()
        made.view.grab()
    assert made.view.flow.plan.boxes[Spot("step", "s0")].face.title == "x" * 2_000
