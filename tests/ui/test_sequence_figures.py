"""The figures of a sequence on screen: versions side by side, and each step of the chosen one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from rally_desktop.engine import by_hand, publishing
from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.services import workflows
from rally_desktop.ui.widgets.sequence_figures import NOT_AVAILABLE, SequenceFigures

pytestmark = pytest.mark.slow


@pytest.fixture
def number(world):
    """A sequence that wrote to two, of whom one answered; then it was published anew."""
    world.mailbox()
    made, owner = world.switch_on(Outreach), world.user("Nora")
    refs = [world.contact(name, email=f"{name}@example.org", owner_id=owner) for name in "AB"]
    world.do(by_hand.enrol, made, refs)
    world.heart.tick()
    with ThreadPoolExecutor() as engine:
        engine.submit(world.deliver).result()
    world.say(refs[0], "email_received", outbox=world.rows("select min(id) from outbox")[0][0])
    world.heart.tick()
    world.do(workflows.save_draft, made, Outreach.graph().with_(description="Other"))
    world.do(publishing.publish, made)
    return made


@pytest.fixture
def figures(qtbot, desk, number):
    """The figures, on screen."""
    made = SequenceFigures(desk, number)
    qtbot.addWidget(made)
    made.resize(1100, 560)
    made.show()
    qtbot.waitUntil(lambda: bool(made.steps.rows()))
    return made


def row(table, place):
    """What stands in a line of a table, by the titles of its columns."""
    model = table.model()
    titles = [column.title for column in model.columns]
    return {title: model.index(place, at).data() for at, title in enumerate(titles)}


def test_versions_stand_side_by_side(figures):
    """All together, the new one that nobody entered, and the old one that wrote to two."""
    assert [line.words for line in figures.versions.rows()] == [
        "All versions", "Version 2 · now", "Version 1",
    ]  # fmt: skip
    assert row(figures.versions, 1)["Sent"] == "–"
    old = row(figures.versions, 2)
    assert (old["Entered"], old["Sent"], old["Replied"]) == ("2", "2", "1 · 50%")


def test_what_nobody_counts_is_not_available(figures):
    """Without a public address openings are no nought, and it is said what they need."""
    assert row(figures.versions, 0)["Opened"] == NOT_AVAILABLE
    assert figures.note.isVisible()


def test_the_steps_are_those_of_the_chosen_version(figures, qtbot):
    """Steps stand in the order in which people come to them; another version has its own."""
    first = row(figures.steps, 0)
    assert (first["Step"], first["Sent"]) == ("E-mail ‘Outreach, first letter’", "2")
    assert row(figures.steps, 1)["Waiting"] == "1"
    figures.versions.choose(lambda line: line.number == 2)
    qtbot.waitUntil(lambda: row(figures.steps, 0)["Sent"] == "–")
    assert figures.heading.text() == "Steps · Version 2 · now"
