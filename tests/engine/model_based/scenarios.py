"""Random offices: workflows, and what happens to a few contacts, as hypothesis draws them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from rally_desktop.model.graph import Graph, Rules, Step, Trigger

CITIES = ("Porto", "porto", "Faro", "")
ZONES = ("", "Europe/Paris", "America/New_York", "Asia/Tokyo")
TAGS = ("Go", "go", "Stop", "VIP", "Seen")
# Quiet, the night before the clocks of Europe go forward, and the days before they go back.
BEGINNINGS = (
    datetime(2026, 6, 2, 9, tzinfo=UTC),
    datetime(2026, 3, 28, 1, 30, tzinfo=UTC),
    datetime(2026, 10, 23, 0, 30, tzinfo=UTC),
)
PEOPLE = 4
Operation = tuple[Any, ...]


@dataclass(frozen=True)
class Scenario:
    """Workflows, when it begins, and what happens one after the other."""

    begins: datetime
    graphs: tuple[Graph, ...]
    operations: tuple[Operation, ...]


@st.composite
def conditions(draw: Any) -> dict[str, Any]:
    """Draw a filter on a city or a tag, or a combination."""
    one = st.one_of(
        st.sampled_from(CITIES[:3]).map(lambda city: {"field": "city", "op": "is", "value": city}),
        st.sampled_from(TAGS).map(lambda tag: {"field": "tags", "op": "any_of", "value": [tag]}),
    )
    first = draw(one)
    match draw(st.sampled_from(("plain", "plain", "not", "all", "any"))):
        case "not":
            return {"not": first}
        case "all" | "any" as how:
            return {how: [first, draw(one)]}
    return first


@st.composite
def steps(draw: Any, key: str, after: tuple[str, ...]) -> Step:
    """Draw a step whose exits lead to some of the steps after it, or nowhere."""
    disabled = draw(st.integers(0, 9)) == 0
    kind = draw(
        st.sampled_from(
            ("wait", "wait", "add_tag", "add_tag", "remove_tag", "update_field", "branch", "notify",
             "end")
        )
    )  # fmt: skip
    target = st.sampled_from((*after[:2], None)) if after else st.none()
    names: tuple[str, ...] = ("next",)
    settings: dict[str, Any] = {}
    match kind:
        case "wait":
            unit = draw(st.sampled_from(("minutes", "hours", "days", "weeks")))
            settings = {"amount": draw(st.integers(1, 3)), "unit": unit}
        case "add_tag" | "remove_tag":
            settings = {"tag": draw(st.sampled_from(TAGS))}
        case "update_field":
            settings = {"field": draw(st.sampled_from(("city", "department")))}
            settings["value"] = draw(st.sampled_from(CITIES[:3]))
        case "branch":
            names = ("a", "b", "else")
            settings["paths"] = [
                {"name": name, "exit": name, "filter": draw(conditions())} for name in names[:2]
            ]
        case "notify":
            names = ("next", "failed")
            settings = {"text": "Look"}
        case "end":
            names = ()
    exits = {name: to for name in names if (to := draw(target)) is not None}
    return Step(key, kind, settings, exits, "", disabled)


def triggers(key: str) -> st.SearchStrategy[Trigger]:
    """Draw what starts or stops a workflow."""
    return st.one_of(
        st.just(Trigger(key, "record_created")),
        st.just(Trigger(key, "tag_added", {"tags": ["Go"]})),
        st.sampled_from(TAGS).map(lambda tag: Trigger(key, "tag_added", {"tags": [tag]})),
        st.just(Trigger(key, "record_updated", {"fields": ["city"]})),
    )


@st.composite
def graphs(draw: Any) -> Graph:
    """Draw a workflow of a few steps, perhaps with something that stops it."""
    keys = tuple(f"s{number}" for number in range(draw(st.integers(1, 6))))
    made = {key: draw(steps(key, keys[place + 1 :])) for place, key in enumerate(keys)}
    last = tuple(f"z{number}" for number in range(draw(st.integers(0, 2))))
    made |= {key: draw(steps(key, last[place + 1 :])) for place, key in enumerate(last)}
    rules = Rules(
        again=draw(st.sampled_from(("never", "after_days", "after_end", "every_event"))),
        after_days=draw(st.integers(1, 2)),
        inside=draw(st.sampled_from(("ignore", "restart", "queue", "parallel"))),
        allow_loops=draw(st.booleans()),
        exclusive=draw(st.integers(0, 4)) == 0,
        late=draw(st.sampled_from(("ask", "skip", "run", None))),
    )
    often = st.integers(0, 2).map(lambda number: number == 0)
    return Graph(
        name="Drawn",
        triggers=(draw(triggers("t")),),
        audience=draw(conditions()) if draw(often) else None,
        start=keys[0],
        steps=made,
        stop_on=(draw(triggers("stop")),) if draw(often) else (),
        stop_when=draw(conditions()) if draw(often) else None,
        stop_start=last[0] if last else None,
        settings=rules,
    )


_whom = st.sampled_from((0, 0, 0, 1, 2, 3))
_tag = st.sampled_from(TAGS)
# What people do; a tag that starts a workflow is put on anew, or nothing would happen.
DEEDS: st.SearchStrategy[tuple[Operation, ...]] = st.one_of(
    st.tuples(
        st.tuples(
            st.just("create"), st.sampled_from(CITIES), st.sampled_from(ZONES),
            st.lists(_tag, max_size=1).map(tuple),
        )
    ),
    st.tuples(_whom, st.sampled_from(("Go", "go"))).map(
        lambda drawn: (("untag", *drawn), ("tag", *drawn))
    ),
    st.tuples(_whom, _tag).map(lambda drawn: (("untag", *drawn), ("tag", *drawn))),
    st.tuples(st.tuples(st.just("untag"), _whom, _tag)),
    st.tuples(st.tuples(st.just("city"), _whom, st.sampled_from(CITIES))),
    st.tuples(st.tuples(st.just("city"), st.just(0), st.sampled_from(CITIES[:3]))),
    st.tuples(st.tuples(st.just("department"), _whom, st.sampled_from(CITIES))),
    st.tuples(st.sampled_from((("delete", 1), ("bar", 2)))),
)  # fmt: skip
TIMES: st.SearchStrategy[tuple[Operation, ...]] = st.tuples(
    st.one_of(
        st.tuples(st.just("due"), st.sampled_from((-1, 0, 1))),
        st.tuples(st.just("due"), st.sampled_from((-1, 0, 1))),
        st.tuples(st.just("pass"), st.sampled_from((1, 60, 61, 1_440, 1_500, 2_900, 20_000))),
        st.sampled_from((("tick",), ("crash",), ("rollback",))),
    )
)


def scenarios(longest: int) -> st.SearchStrategy[Scenario]:
    """Draw an office and up to so many operations, now a deed and now what time does."""
    pairs = st.lists(st.tuples(DEEDS, TIMES), min_size=longest // 6, max_size=longest // 3)
    return st.builds(
        Scenario,
        st.sampled_from(BEGINNINGS),
        st.lists(graphs(), min_size=1, max_size=3).map(tuple),
        pairs.map(_in_order),
    )


def _in_order(pairs: list[tuple[tuple[Operation, ...], ...]]) -> tuple[Operation, ...]:
    drawn = (operation for pair in pairs for some in pair for operation in some)
    return (("create", "Porto", "", ()), *drawn)
