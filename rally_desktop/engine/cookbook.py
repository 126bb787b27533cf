"""The recipes there are, and how one becomes a workflow of the office."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rally_desktop.core.catalogue import discover
from rally_desktop.engine import recipes as package
from rally_desktop.engine.recipe import Recipe
from rally_desktop.model.work import Work
from rally_desktop.services import templates, workflows


@cache
def recipes() -> Mapping[str, type[Recipe]]:
    """Return every recipe by its key."""
    return discover(package, Recipe)


def recipes_for(purpose: str) -> list[type[Recipe]]:
    """Return the recipes that make workflows of a purpose."""
    return [recipe for recipe in recipes().values() if recipe.graph().purpose == purpose]


def install(work: Work, recipe: type[Recipe]) -> int:
    """Add a recipe's workflow as a draft, with the templates the office does not have yet."""
    known = {template.name for template in templates.listed(work)}
    for one in recipe.templates:
        if one.name not in known:
            templates.save(work, one.name, subject=one.subject, text=one.text)
    return workflows.create(work, recipe.graph())
