"""Alignment guides while a card is moved by hand."""

from __future__ import annotations

from rally_desktop.canvas.snap import Guide, snap


def card(x, y, width=272, height=72):
    """The edges of a card."""
    return (x, y, x + width, y + height)


def test_a_card_comes_to_rest_in_line_with_another():
    """Within six pixels of another's middle it is moved there, and a line joins the two."""
    found = snap(card(105, 501, 208, 48), [card(70, 0)])
    assert (found.across, found.down) == (-3, 3)
    assert found.guides == (Guide((206, 0), (206, 549)),)


def test_left_edges_align():
    """Cards that are not equally wide come into line by their left edges."""
    assert snap(card(4, 500, 200), [card(0, 0)]).across == -4


def test_right_edges_align():
    """The same by their right ones."""
    assert snap(card(69, 500, 200), [card(0, 0)]).across == 3


def test_tops_align():
    """Beside each other, cards come into line by their upper edges."""
    found = snap(card(1000, 5, height=48), [card(0, 0)])
    assert found.down == -5
    assert found.guides[-1] == Guide((0, 0), (1272, 0))


def test_the_line_runs_through_all_that_are_in_line():
    """The guide spans every card that stands exactly there."""
    found = snap(card(2, 300), [card(0, 0), card(0, 900)])
    assert found.guides[0] == Guide((136, 0), (136, 972))


def test_equal_gaps_between_two():
    """Between two cards it comes to rest in the middle, and both gaps are shown."""
    found = snap(card(403, 31), [card(0, 0), card(800, 0)])
    assert found.across == -3
    assert Guide((272, 51.5), (400, 51.5)) in found.guides


def test_equal_gaps_after_two():
    """Below two cards it comes to rest as far from the second as that is from the first."""
    found = snap(card(0, 253), [card(0, 0), card(0, 128)])
    assert found.down == 3
    assert len(found.guides) == 3


def test_far_from_all_the_grid_holds():
    """With nothing near, the upper left corner comes to rest on a multiple of eight."""
    found = snap(card(1003, 2006), [card(0, 0)])
    assert (1003 + found.across, 2006 + found.down) == (1000, 2008)
    assert found.guides == ()
