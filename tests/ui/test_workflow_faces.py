"""How steps look on the canvas while their settings are not complete yet."""

from __future__ import annotations

from rally_desktop.engine.nodes import step_kinds
from rally_desktop.model.graph import Step
from rally_desktop.ui.pages.workflow_faces import KindCatalogue, step_face

TWO = [{"name": "Short", "exit": "a", "percent": 30}, {"name": "Long", "exit": "b", "percent": 50}]


def test_a_split_keeps_its_paths_while_its_shares_make_no_whole():
    """At 80 per cent the card says what is wrong, and its connectors stay where they are."""
    face = step_face(Step("s", "split", {"paths": TWO}))
    assert face.exits == (("a", "Short"), ("b", "Long"))
    assert face.problem == "Paths must add up to 100 %, and now make 80 %."


def test_a_new_split_has_two_ways():
    """Added from the palette it is whole at once: one half this way, one half that way."""
    offers = {offer.kind: offer for offer in KindCatalogue().steps("contact")}
    assert offers["split"].exits == ("a", "b")
    assert step_face(Step("s", "split")).subtitle == "A 50 % · B 50 %"


def test_a_failed_exit_is_shown_where_it_leads_somewhere():
    """Every step that may fail can be led elsewhere; unconnected, the card has no such exit."""
    for key in ("assign_owner", "create_deal", "call_step", "approve", "enrol_in_sequence"):
        settings = step_kinds()[key].example
        plain, led = (Step("s", key, settings, exits) for exits in ({}, {"failed": "x"}))
        assert "failed" not in dict(step_face(plain).exits)
        assert "failed" in dict(step_face(led).exits)
