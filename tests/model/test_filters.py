"""Filters in Python and in SQL: the same answer for every value, empty ones included."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from rally_desktop.core.errors import BadFilter
from rally_desktop.core.filter import OPERATORS, compile_test, explain, parse
from rally_desktop.core.fold import fold
from rally_desktop.model.filters import load_values, matching
from rally_desktop.model.opening import open_database
from rally_desktop.model.ref import RECORD_KINDS
from tests.model.sample import DAYS, FIELDS, MOMENTS, NAMES, NOW, NUMBERS, TEXTS, ZONES, Sample

pytestmark = pytest.mark.slow

SAMPLE = Sample(7)
ON_BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
BOUNDED = settings(
    max_examples=250,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module", params=ON_BOTH)
def office(request, tmp_path_factory):
    """A connection to the sample office, on either database."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("filters") / "office.rally"
        url = f"sqlite:///{shutil.copyfile(request.getfixturevalue('sqlite_template'), path)}"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.create("filters", request.getfixturevalue("postgres_template"))
    engine = open_database(url)
    SAMPLE.fill(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def texts():
    """Return texts that are in the sample, parts of them, and others."""
    parts = st.sampled_from(TEXTS).flatmap(lambda text: st.sampled_from([text, text[:2], text[1:]]))
    safe = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3)
    return st.one_of(parts, st.sampled_from(NAMES), safe).filter(fold)


VALUES = {
    "number": st.sampled_from(NUMBERS) | st.floats(-1e15, 1e15) | st.integers(-5, 200),
    "yes_no": st.booleans(),
    "date": st.sampled_from(DAYS).map(str),
    "moment": st.sampled_from(DAYS).map(str)
    | st.sampled_from(MOMENTS).map(lambda moment: moment.isoformat())
    | st.sampled_from(MOMENTS).map(lambda moment: moment.replace(tzinfo=None).isoformat()),
}


@st.composite
def clauses(draw, kind):
    """Draw one comparison on any field of a kind of record."""
    field = draw(st.sampled_from(list(FIELDS[kind].values())))
    op = draw(st.sampled_from(OPERATORS[field.type]))
    made = {"field": field.name, "op": op}
    one = VALUES.get(field.type, texts())
    if op in ("in_last", "in_next", "more_than_days_ago"):
        made["value"] = draw(st.sampled_from([0, 1, 7, 400]))
    elif op in ("any_of", "none_of"):
        made["value"] = draw(st.lists(one, min_size=1, max_size=4))
    elif op == "between":
        made["value"] = sorted(draw(st.lists(one, min_size=2, max_size=2)))
    elif op not in ("is_empty", "is_known"):
        made["value"] = draw(one)
    return made


def filters(kind):
    """Return filters of every shape over one kind of record."""
    return st.recursive(
        clauses(kind),
        lambda part: st.one_of(
            st.lists(part, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(part, max_size=3).map(lambda parts: {"any": parts}),
            part.map(lambda one: {"not": one}),
        ),
        max_leaves=5,
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", RECORD_KINDS)
@BOUNDED
@given(data=st.data())
def test_both_evaluators_find_the_same_records(office, kind, data):
    """For any filter, zone and record, SQL and Python give the same answer."""
    stored, zone = data.draw(filters(kind)), data.draw(st.sampled_from(ZONES))
    fields = FIELDS[kind]
    tree = parse(stored, fields)
    test = compile_test(tree, fields, zone, NOW)
    found = set(office.execute(matching(kind, tree, zone, NOW, fields)).scalars())
    assert found == {number for number, values in SAMPLE.values[kind].items() if test(values)}


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_every_operator_of_every_field_agrees(office, kind):
    """Each operator on each field finds the same in SQL and in Python, and is not always empty."""
    fields = FIELDS[kind]
    for field in fields.values():
        for op in OPERATORS[field.type]:
            tree = parse({"field": field.name, "op": op, "value": _example(field.type, op)}, fields)
            test = compile_test(tree, fields, ZONES[1], NOW)
            found = set(office.execute(matching(kind, tree, ZONES[1], NOW, fields)).scalars())
            seen = SAMPLE.values[kind].items()
            assert found == {number for number, values in seen if test(values)}, (field, op)


def _example(kind, op):
    if op in ("in_last", "in_next", "more_than_days_ago"):
        return 7
    one = {"number": 50, "yes_no": True, "date": "2026-03-28", "moment": "2026-03-29"}
    value = one.get(kind, "lead")
    if op in ("any_of", "none_of"):
        return [value]
    return [value, value] if op == "between" else value


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_values_are_loaded_as_the_python_evaluator_wants_them(office, kind):
    """What is read from the database for a filter is what the rows mean."""
    fields = FIELDS[kind]
    found = load_values(office, fields, SAMPLE.values[kind], fields)
    for number, values in SAMPLE.values[kind].items():
        for name, value in found[number].items():
            wanted = values[name]
            if isinstance(wanted, float):  # a sum may be added up in another order
                wanted = pytest.approx(wanted)
            assert value == wanted, name


def test_text_is_folded_alike_everywhere(office):
    """Every character of Unicode is folded in SQL as it is in Python."""
    chars = [chr(n) for n in range(1, 0x110000) if not 0xD800 <= n <= 0xDFFF]
    step = 4096
    for start in range(0, len(chars), step):
        text = "x".join(chars[start : start + step])
        assert office.execute(select(func.rally_fold(text))).scalar() == fold(text), hex(start)


def test_surrounding_space_is_the_same_everywhere(office):
    """What counts as space around a text is the same in SQL and in Python."""
    for n in [*range(1, 0x100), 0x1680, 0x180E, *range(0x2000, 0x2070), 0x3000, 0xFEFF]:
        text = f"{chr(n)}a{chr(n)}"
        assert office.execute(select(func.rally_fold(text))).scalar() == fold(text), hex(n)


def test_deleted_records_never_match(office):
    """A record in the trash is not found, by whatever filter."""
    gone = {row["id"] for row in SAMPLE.rows["contact"] if row["deleted_at"] is not None}
    query = matching("contact", parse(None, FIELDS["contact"]), ZONES[0], NOW)
    found = set(office.execute(query).scalars())
    assert gone
    assert not gone & found
    assert len(gone | found) == len(SAMPLE.rows["contact"])


def test_only_triggers_can_ask_what_changed():
    """A query cannot be made of a comparison with the past."""
    fields = FIELDS["deal"]
    tree = parse({"field": "stage", "op": "changed"}, fields, trigger=True)
    with pytest.raises(BadFilter):
        matching("deal", tree, ZONES[0], NOW)


@given(data=st.data())
def test_the_explanation_gives_the_result(data):
    """Each clause of a run's history was evaluated as the whole was."""
    stored = data.draw(filters("deal"))
    tree, zone = parse(stored, FIELDS["deal"]), ZONES[1]
    for values in list(SAMPLE.values["deal"].values())[:5]:
        result, seen = explain(tree, FIELDS["deal"], zone, NOW, values)
        assert result == compile_test(tree, FIELDS["deal"], zone, NOW)(values)
        for each in seen:
            one = parse({k: each[k] for k in ("field", "op", "value") if k in each}, FIELDS["deal"])
            assert each["result"] == compile_test(one, FIELDS["deal"], zone, NOW)(values)
