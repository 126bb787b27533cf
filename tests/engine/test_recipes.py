"""Every recipe, whoever adds it, can be switched on in one click."""

from __future__ import annotations

import pytest

from rally_desktop.core.merge import compile_template
from rally_desktop.engine import nodes
from rally_desktop.engine.cookbook import install, recipes
from rally_desktop.engine.publishing import problems_of, publish
from rally_desktop.model.graph import Graph
from rally_desktop.services import templates, workflows

every_recipe = pytest.mark.parametrize("recipe", recipes().values(), ids=recipes())


@every_recipe
def test_a_recipe_explains_itself(recipe):
    """Title, help and description are whole, and the workflow is called by the title."""
    graph = recipe.graph()
    assert recipe.__doc__.strip().endswith(".")
    assert graph.description.endswith(".")
    assert graph.name == recipe.title


@every_recipe
def test_a_recipe_survives_storage(recipe):
    """The workflow comes back from its document as it went."""
    assert Graph.load(recipe.graph().dump()) == recipe.graph()


@every_recipe
def test_a_recipe_is_switched_on_as_it_is(recipe, world):
    """Installed in a fresh office it has no problem at all, and can be published."""
    world.mailbox()
    number = world.do(install, recipe)
    graph = world.ask(workflows.draft, number).graph
    assert graph == recipe.graph()
    assert world.ask(problems_of, graph) == []
    assert world.do(publish, number) == 1


@every_recipe
def test_a_recipe_leaves_templates_alone_that_are_there(recipe, world):
    """An office's own template of the same name is not written over."""
    for one in recipe.templates:
        world.do(templates.save, one.name, subject="Ours", text="Ours")
    world.do(install, recipe)
    world.do(install, recipe)
    assert {one.subject for one in world.ask(templates.listed)} <= {"Ours"}


@every_recipe
def test_a_recipe_leads_everywhere_to_an_end(recipe):
    """Every step is reached, and every exit but «failed» leads on."""
    graph = recipe.graph()
    assert set(graph.reachable(graph.start)) == set(graph.steps)
    kinds = nodes.step_kinds()
    for step in graph.steps.values():
        exits = kinds[step.kind].load(step.settings).exits()
        assert {name for name, _ in exits} - {"failed"} <= step.exits.keys()


@every_recipe
def test_a_recipes_texts_can_always_be_filled_in(recipe):
    """Every merge field in a template of a recipe but the office's name has a fallback."""
    for one in recipe.templates:
        for text in (one.subject, one.text):
            assert compile_template(text).render({"office": {"name": "Hill Dental"}})
