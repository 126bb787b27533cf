"""The document of a workflow has a schema, made from the kinds, and files are held against it."""

from __future__ import annotations

import json

import pytest

from rally_desktop.core.errors import BadDefinition
from rally_desktop.engine import document, nodes
from rally_desktop.engine.cookbook import recipes
from rally_desktop.model.graph import FORMAT, Graph, Hours, Rules, Step, Trigger

EVERY = {**nodes.step_kinds(), **nodes.trigger_kinds()}


@pytest.mark.parametrize("recipe", recipes().values(), ids=recipes())
def test_a_recipe_fits_the_schema(recipe):
    """What the program makes itself can be read back from a file."""
    assert document.load(json.loads(json.dumps(recipe.graph().dump()))) == recipe.graph()


@pytest.mark.parametrize("kind", EVERY.values(), ids=EVERY)
def test_every_kind_is_in_the_schema(kind):
    """The example of each kind fits, with and without its defaults; an unknown setting does not."""
    for settings in (kind.example, kind.load(kind.example).dump()):
        document.check(_with(kind, settings))
    with pytest.raises(BadDefinition, match="hue is not known here"):
        document.check(_with(kind, {**kind.example, "hue": 1}))


def _with(kind, settings):
    one = {"id": "it", "kind": kind.key(), "settings": json.loads(json.dumps(settings))}
    place = "steps" if kind.key() in nodes.step_kinds() else "triggers"
    return {"format": FORMAT, "steps": [], place: [one]}


def test_everything_that_a_workflow_can_say_fits():
    """Rules, hours, filters, Stop Actions and places are all in the schema."""
    filter_ = {"field": "city", "op": "is", "value": "Porto"}
    graph = Graph(
        name="All", triggers=(Trigger("t", "record_created"),), audience=filter_, start="a",
        steps={"a": Step("a", "end", title="Done", disabled=True)}, stop_when=filter_,
        stop_on=(Trigger("s", "tag_added", {"tags": ["x"]}),), stop_start="a",
        settings=Rules(hours=Hours(), late="ask", stops={"reply": "stop"}, sends_an_hour=3),
        layout={"a": (1.5, 2)}, id="x", description="d", purpose="sequence",
    )  # fmt: skip
    assert document.load(json.loads(json.dumps(graph.dump()))) == graph


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": FORMAT + 1}, "newer Rally Desktop"),
        ({"format": "one"}, 'Format: is "one"'),
        ({"record": "invoice"}, 'Record: is "invoice", which is none of'),
        ({"settings": {"after_days": 0}}, "After days: must be at least 1"),
        ({"triggers": [{"id": "t"}]}, r"Trigger 1 \(‘t’\): kind is required"),
        ({"layout": {"a": [1]}}, "Layout, a: needs 2 of them"),
        ({"name": 7}, "Name: must be a text"),
        ({"steps": "none"}, "must be a list of at most"),
        ({"templates": [{"text": "x"}]}, "Template 1: name is required"),
    ],
)
def test_what_does_not_fit_is_said_with_its_place(change, said):
    """The place and the rule are said in words, not in the language of schemas."""
    with pytest.raises(BadDefinition, match=said):
        document.load({"format": FORMAT, "steps": [], **change})


@pytest.mark.parametrize("rubbish", [None, [], "x", 7, {}, {"name": "shopping"}], ids=str)
def test_what_is_no_workflow_is_refused(rubbish):
    """Any other JSON is no workflow, and that is all that is said."""
    with pytest.raises(BadDefinition, match="not a Rally workflow file"):
        document.load(rubbish)
