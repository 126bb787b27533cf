"""The workflow as a picture, as vectors, and on pages."""

from __future__ import annotations

import threading

import pypdfium2
import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage

from rally_desktop.canvas.export.drawing import Stopped
from rally_desktop.canvas.export.files import LONGEST_SIDE, Export
from rally_desktop.canvas.export.heading import Heading, broken
from rally_desktop.canvas.plan import Spot, plan
from rally_desktop.model.graph import Frame, Note, Step
from rally_desktop.ui import icons
from tests.canvas.conftest import Kit
from tests.canvas.flows import OPEN, SPLIT, PlainFaces, graph, random_graph

pytestmark = pytest.mark.slow

A4 = QSizeF(794, 1123)
HEADING = Heading("Welcome", "Draft", "21 November 2026")


class Press(Kit):
    """The program's typeface and icons, these as drawings."""

    drawing = staticmethod(icons.drawing)


@pytest.fixture
def export(qapp):
    """Put a workflow out."""

    def make(workflow=SPLIT, *chosen, heading=HEADING, faces=None):
        spots = frozenset(Spot("step", key) for key in chosen)
        return Export(plan(workflow, faces or PlainFaces()), heading, Press(), spots)

    return make


def words(content):
    """The text of each page of a PDF."""
    document = pypdfium2.PdfDocument(content)
    found = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return found


def named(title):
    """A workflow of one step with a title."""
    return graph(Step("a", "mail", title=title))


def test_a_picture_has_two_pixels_for_each_of_the_sheet(export):
    """A PNG is twice as fine as the sheet at 100 %."""
    made = export()
    size = made.pages(None)[0].size
    image = QImage.fromData(made.png().content)
    assert (image.width(), image.height()) == (int(size.width() * 2), int(size.height() * 2))
    assert made.png().remark == ""


def test_a_picture_that_would_be_too_large_is_scaled_and_says_so(export):
    """No side has more than 8,000 pixels, and the remark says what became of the rest."""
    made = export(random_graph(400, 3)).png()
    image = QImage.fromData(made.content)
    assert max(image.width(), image.height()) == LONGEST_SIDE
    assert "8,000 pixels" in made.remark


@pytest.mark.parametrize("kind", ["svg", "pdf"])
def test_vectors_keep_words_as_words(export, kind):
    """Name, state, day, titles and exits can be read by program from SVG and PDF."""
    content = getattr(export(), kind)().content
    text = content.decode() if kind == "svg" else words(content)[0]
    for word in ("Welcome", "21 November 2026", "Mail", "Branch", "Yes", "Else"):
        assert word in text


def test_words_with_brackets_can_be_copied_from_a_pdf(export):
    """No letter is replaced by a prettier one that readers do not know."""
    assert "Call [First name]" in words(export(named("Call [First name]")).pdf().content)[0]


def test_a_picture_of_some_steps_shows_only_these(export):
    """Only the chosen cards and what joins them are drawn."""
    whole, part = export(), export(SPLIT, "y", "m")
    assert set(part.drawing.plan.boxes) == {Spot("step", "y"), Spot("step", "m")}
    assert {wire.target for wire in part.drawing.plan.wires} == {"m"}
    assert part.drawing.bounds.height() < whole.drawing.bounds.height()


def test_problems_are_not_in_the_picture(export):
    """What is wrong is for those who edit, not for those who are sent the picture."""
    faces = PlainFaces()
    faces.problems = {"a": "It has no template"}
    assert b"no template" not in export(faces=faces).svg().content


def test_notes_and_groups_are_put_out_too(export):
    """Titles of groups and the words of notes are in the picture, also of a part of it."""
    notes = (Note("n", "Ask Marketing", "y"), Note("f", "Since May", x=900))
    marked = SPLIT.with_(notes=notes, frames=(Frame("g", "Letters", ("y", "n")),))
    text = export(marked).svg().content.decode()
    assert all(word in text for word in ("Ask Marketing", "Since May", "Letters"))
    part = export(marked, "y").svg().content.decode()
    assert "Ask Marketing" in part
    assert "Since May" not in part


def test_a_short_workflow_is_on_one_page(export):
    """What fits on one sheet of paper is on one, with no page number."""
    pages = export().pages(A4)
    assert len(pages) == 1
    assert "Page" not in words(export().pdf(A4).content)[0]


@pytest.mark.parametrize("seed", range(4))
def test_each_card_is_whole_on_a_page(export, seed):
    """However a large workflow is cut into pages, no card is only seen in halves."""
    made = export(random_graph(150, seed))
    pages = made.pages(A4)
    for box in made.drawing.plan.boxes.values():
        corners = (box.x, box.y), (box.x + box.width, box.y + box.height)
        assert any(all(page.area.contains(*at) for at in corners) for page in pages), box.spot


def test_pages_are_numbered_and_say_where_it_goes_on(export):
    """Each page says which it is of how many, and the pages beside it name each other."""
    made = export(random_graph(150, 1))
    pages = made.pages(A4)
    assert len(pages) > 2
    text = words(made.pdf(A4).content)
    assert len(text) == len(pages)
    assert f"Page 2 of {len(pages)}" in text[1]
    back = {"left": "right", "right": "left", "above": "below", "below": "above"}
    for page in pages:
        for side, number in page.beside.items():
            assert pages[number - 1].beside[back[side]] == page.number


def test_no_page_shows_lines_alone(export):
    """Paper is not spent on the gaps between branches."""
    made = export(random_graph(150, 2))
    shapes = made.drawing.shapes()
    assert all(any(page.area.intersects(shape) for shape in shapes) for page in made.pages(A4))


def test_it_is_drawn_on_another_thread_as_on_that_of_the_screen(export):
    """Nothing of it needs the screen's thread, so the window goes on meanwhile."""
    made: list[bytes] = []
    here = export(OPEN).png().content
    worker = threading.Thread(target=lambda: made.append(export(OPEN).png().content))
    worker.start()
    worker.join()
    assert made == [here]


def test_it_can_be_called_off(export):
    """Whoever hears of the progress can end it at once."""
    heard = []

    def tell(share):
        heard.append(share)
        if len(heard) == 3:
            raise Stopped

    with pytest.raises(Stopped):
        export(random_graph(400, 3)).pdf(A4, tell)
    assert len(heard) == 3
    assert heard == sorted(heard)


def test_five_thousand_steps_can_be_put_out(export):
    """As vectors on one page, with every title in it."""
    made = export(random_graph(5_000, 1)).pdf()
    assert "5 metres" in made.remark
    assert words(made.content)[0].count("Mail") > 1_000


def test_a_name_of_two_thousand_characters_takes_three_lines(qapp):
    """A name that is too long ends in …, even without a single space."""
    font = Kit.font("heading")
    lines = broken("x" * 2_000, font, 400, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert broken("Short", font, 400, 3) == ["Short"]


def test_text_from_right_to_left_is_kept_in_its_order(export):
    """A Hebrew title can be found in the PDF, with the line that does not fit cut at its end."""
    title = "שלום לכל הלידים"
    assert title.split()[0] in words(export(named(title)).pdf().content)[0]
