"""Groups within groups as values: what moving, grouping and removing lead to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.ui.widgets.filter_tree import (
    MOST_DEEP,
    MOST_SHOWN,
    Group,
    Leaf,
    at,
    depth,
    grouped,
    moved,
    opened,
    removed,
    stepped,
    stored,
    ungrouped,
)

A, B, C = ({"field": "city", "op": "is", "value": each} for each in "abc")

clauses = st.sampled_from([A, B, C])
filters = st.recursive(
    clauses,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=8,
)


def holds(part, truths):
    """Evaluate a stored filter where each comparison is true or not."""
    if "all" in part:
        return all(holds(each, truths) for each in part["all"])
    if "any" in part:
        return any(holds(each, truths) for each in part["any"])
    return not holds(part["not"], truths) if "not" in part else truths[part["value"]]


def paths(group, here=()):
    """Yield every place of a tree."""
    for place, part in enumerate(group.parts):
        yield (*here, place)
        if isinstance(part, Group):
            yield from paths(part, (*here, place))


def leaves(group):
    """Return all comparisons, whatever their order."""
    parts = (part for path in paths(group) if isinstance(part := at(group, path), Leaf))
    return sorted(str(part.stored) for part in parts)


@given(filters, st.fixed_dictionaries(dict.fromkeys("abc", st.booleans())))
def test_a_filter_means_the_same_after_it_was_shown(part, truths):
    """Groups, negations and what is too deep: opened and stored again it lets the same in."""
    assert holds(stored(opened(part)), truths) == holds(part, truths)


@given(filters, st.data())
def test_moving_loses_and_doubles_nothing(part, data):
    """Whatever is taken wherever, each condition is there once, and nothing is too deep."""
    tree = opened(part)
    source = data.draw(st.sampled_from(list(paths(tree))))
    deeds = [
        lambda: moved(tree, source, data.draw(st.sampled_from(list(paths(tree))))),
        lambda: stepped(tree, source, data.draw(st.sampled_from([-1, 1]))),
        lambda: grouped(tree, source),
        lambda: ungrouped(tree, source),
    ]
    made, here = data.draw(st.sampled_from(deeds))()
    assert leaves(made) == leaves(tree)
    assert at(made, here) is at(tree, source)
    assert depth(made) <= max(depth(tree), MOST_DEEP + 1)


def test_a_step_down_leads_into_a_group_and_out_again():
    """The keys walk through groups as one reads."""
    tree = opened({"all": [A, {"any": [B]}]})
    inside, path = stepped(tree, (0,), 1)
    assert (stored(inside), path) == ({"all": [{"any": [A, B]}]}, (0, 0))
    inside, path = stepped(inside, path, 1)
    out, path = stepped(inside, path, 1)
    assert (stored(out), path) == ({"all": [{"any": [B]}, A]}, (1,))


def test_two_neighbours_make_a_group_of_the_other_mode():
    """Within «all» they become an «any», for that is what a group is for."""
    made, path = grouped(opened({"all": [A, B]}), (1,))
    assert (stored(made), path) == ({"all": [{"any": [A, B]}]}, (0, 1))


def test_a_group_that_is_emptied_goes():
    """Nothing is left of it that would match everybody."""
    assert stored(removed(opened({"any": [A, {"all": [B]}]}), (1, 0))) == {"any": [A]}
    assert stored(removed(opened({"all": [A]}), (0,))) is None


def test_a_group_cannot_be_put_into_itself():
    """It stays where it is."""
    tree = opened({"all": [{"any": [A, B]}]})
    assert moved(tree, (0,), (0, 1)) == (tree, (0,))


def test_a_filter_of_very_many_conditions_is_kept_whole():
    """It would take the screen too long to show; nothing of it is lost."""
    many = {"any": [A] * (MOST_SHOWN + 1)}
    assert opened(many) == Group("all", (Leaf(many),))
