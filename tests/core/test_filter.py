"""The filter language: what can be said, how errors read, what a test answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rally_desktop.core.errors import BadFilter, UnknownField
from rally_desktop.core.filter import (
    EVERYTHING,
    OPERATORS,
    compile_test,
    dump,
    explain,
    parse,
    paths_used,
    say,
    words,
)

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Known:
    """A field as the language knows it."""

    name: str
    label: str
    type: str


FIELDS: Any = {
    name: Known(name, label, kind)
    for name, label, kind in [
        ("stage", "Stage", "choice"),
        ("city", "City", "text"),
        ("amount", "Amount", "number"),
        ("tags", "Tags", "tags"),
        ("created_at", "Created", "moment"),
        ("expected_close", "Expected close", "date"),
        ("do_not_contact", "Do not contact", "yes_no"),
        ("company.name", "Company name", "text"),
    ]
}


def clause(field, op, value=None):
    """Return one stored comparison."""
    return {"field": field, "op": op, "value": value}


def holds(stored, **record):
    """Say whether a record matches a stored filter."""
    return compile_test(parse(stored, FIELDS), FIELDS, ZONE, NOW)(record)


@pytest.mark.parametrize("stored", [None, {}, {"all": []}])
def test_no_filter_is_everyone(stored):
    """Without conditions every record matches."""
    assert parse(stored, FIELDS) == EVERYTHING
    assert holds(stored)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (5, "The filter is not a condition"),
        ({"all": 3}, "needs a list of conditions after ‘all’"),
        ({"all": [], "any": []}, "must be one of ‘all’, ‘any’, ‘not’"),
        ({"all": [clause("city", "is", "x"), {"any": [{}]}]}, "Condition 2.1 must be"),
        ({"not": {"field": 3, "op": "is"}}, "Condition 1 needs a field and an operator"),
        (clause("amount", "gt", "3"), "‘Amount’ is more than: needs a number"),
        (clause("amount", "is", True), "needs a number"),
        (clause("amount", "lt", float("nan")), "too large"),
        (clause("amount", "between", [5, 1]), "needs the lower value first"),
        (clause("created_at", "between", ["2026-03-29", "2026-03-28"]), "needs the earlier date"),
        (clause("city", "is", 7), "needs a text that is not empty"),
        (clause("city", "contains", " \u00a0"), "needs a text that is not empty"),
        (clause("city", "is", "a\0"), "cannot be stored"),
        (clause("city", "is", "\ud800"), "cannot be stored"),
        (clause("city", "is", "x" * 1001), "at most 1,000 characters"),
        (clause("city", "any_of", []), "needs a list of 1 to 1,000 values"),
        (clause("stage", "gt", "x"), "cannot be compared with ‘gt’; it can: is, is not"),
        (clause("created_at", "is", "soon"), "needs a date such as 2026-03-28"),
        (clause("created_at", "after", "0001-01-01"), "needs a date"),
        (clause("created_at", "in_last", 2.5), "needs a whole number of days"),
        (clause("created_at", "in_last", 10**9), "from 0 to 36,500"),
        (clause("expected_close", "is", "2026-03-28T10:00"), "a date without a time"),
        (clause("do_not_contact", "is", "yes"), "needs yes or no"),
        (clause("stage", "changed"), "only a trigger can"),
        ({**clause("city", "is", "x"), "case": True}, "‘case’, which does not belong"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(stored, text):
    """A bad filter is refused with the place and what to do."""
    with pytest.raises(BadFilter) as caught:
        parse(stored, FIELDS)
    assert text in str(caught.value)


def test_an_unknown_field_suggests_the_nearest():
    """A misspelt field is named with the one that was probably meant."""
    with pytest.raises(UnknownField, match="did you mean ‘company"):
        parse(clause("compny.name", "is", "x"), FIELDS)


def test_a_filter_has_bounds():
    """Depth and number of conditions are limited, so that no filter can hang the program."""
    deep = clause("city", "is", "x")
    for _ in range(25):
        deep = {"not": deep}
    many = {"all": [{"all": [clause("city", "is", "x")] * 100}] * 6}
    for stored in (deep, many, {"any": [{"all": []}] * 501}):
        with pytest.raises(BadFilter, match="more than"):
            parse(stored, FIELDS)


def test_what_was_read_is_stored_as_it_was():
    """Reading and storing a filter gives the same filter."""
    stored = {
        "all": [
            clause("stage", "any_of", ["New", "Won"]),
            {"any": [clause("amount", "between", [1, 2]), {"not": clause("tags", "is", "vip")}]},
            {"field": "city", "op": "is_empty"},
        ]
    }
    assert dump(parse(stored, FIELDS)) == stored
    assert paths_used(parse(stored, FIELDS)) == ("stage", "amount", "tags", "city")


def test_triggers_may_look_back():
    """Changed and was can be read for a trigger, and are evaluated by nobody else."""
    tree = parse(clause("stage", "was", "New"), FIELDS, trigger=True)
    assert say(tree, FIELDS) == "Stage was ‘New’"
    with pytest.raises(BadFilter):
        compile_test(tree, FIELDS, ZONE, NOW)


@pytest.mark.parametrize("empty", [None, "", " \u00a0"])
def test_a_comparison_with_an_empty_text_is_false(empty):
    """An empty text is equal to nothing, so it is not any given text."""
    assert not holds(clause("city", "is", "Bern"), city=empty)
    assert not holds(clause("city", "contains", "e"), city=empty)
    assert holds(clause("city", "is_not", "Bern"), city=empty)
    assert holds(clause("city", "none_of", ["Bern"]), city=empty)
    assert holds(clause("city", "is_empty"), city=empty)
    assert not holds(clause("city", "is_known"), city=empty)


@pytest.mark.parametrize("op", ["is", "gt", "ge", "lt", "le"])
def test_a_comparison_with_an_empty_number_is_false(op):
    """No number is neither more nor less, and negation is plain."""
    assert not holds(clause("amount", op, 0), amount=None)
    assert holds({"not": clause("amount", op, 0)}, amount=None)
    assert holds(clause("amount", "is_not", 0), amount=None)


def test_zero_and_no_are_known():
    """Nought is a number and no is an answer."""
    assert holds(clause("amount", "is_known"), amount=0)
    assert holds(clause("do_not_contact", "is", False), do_not_contact=False)
    assert not holds(clause("do_not_contact", "is", False), do_not_contact=None)


@pytest.mark.parametrize(
    ("op", "value", "low", "high"),
    [
        ("is", "2026-03-29", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("between", ["2026-03-28", "2026-03-29"], "2026-03-27T23:00", "2026-03-29T22:00"),
        ("after", "2026-03-28", "2026-03-28T23:00", None),
        ("before", "2026-03-29", None, "2026-03-28T23:00"),
        ("in_next", 1, "2026-06-02T09:00", "2026-06-03T09:00:00.000001"),
        ("more_than_days_ago", 2, None, "2026-05-31T09:00"),
    ],
)
def test_dates_mean_local_days(op, value, low, high):
    """A date covers the day of the zone, from its first microsecond to its last."""
    stored, instant = clause("created_at", op, value), timedelta(microseconds=1)
    if low is not None:
        first = datetime.fromisoformat(f"{low}Z")
        assert holds(stored, created_at=first)
        assert not holds(stored, created_at=first - instant)
    if high is not None:
        beyond = datetime.fromisoformat(f"{high}Z")
        assert holds(stored, created_at=beyond - instant)
        assert not holds(stored, created_at=beyond)


def test_a_date_field_knows_no_zone():
    """A field without a time of day is compared by its date, wherever one is."""
    day = datetime(2026, 3, 28, tzinfo=UTC)
    assert holds(clause("expected_close", "is", "2026-03-28"), expected_close=day)
    assert not holds(clause("expected_close", "before", "2026-03-28"), expected_close=day)


def test_tags_are_names_without_case():
    """A record has a tag whatever its case; none of the others."""
    record = {"tags": frozenset({"VIP", "Zürich"})}
    assert holds(clause("tags", "contains", " vip"), **record)
    assert holds(clause("tags", "any_of", ["x", "ZÜRICH"]), **record)
    assert not holds(clause("tags", "contains", "vi"), **record)
    assert holds(clause("tags", "is_empty"), tags=frozenset())


def test_a_field_that_was_not_read_is_a_bug():
    """A record without a field of the filter raises instead of counting as empty."""
    with pytest.raises(KeyError):
        holds(clause("company.name", "is_empty"), city="Bern")


def test_an_explanation_has_every_clause():
    """The run history gets each clause in words with the value seen and its own result."""
    tree = parse({"any": [clause("amount", "ge", 10_000), clause("city", "is", "Bern")]}, FIELDS)
    result, seen = explain(tree, FIELDS, ZONE, NOW, {"amount": 5, "city": "BERN"})
    assert result
    assert [(each["says"], each["seen"], each["result"]) for each in seen] == [
        ("Amount is at least 10,000", 5, False),
        ("City is ‘Bern’", "BERN", True),
    ]


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        (None, "every record"),
        ({"any": []}, "no record"),
        (clause("created_at", "in_last", 1), "Created is in the last 1 day"),
        (clause("created_at", "is", "2026-03-28"), "Created is on 28 March 2026"),
        (clause("stage", "any_of", ["A", "B", "C"]), "Stage is any of ‘A’, ‘B’ or ‘C’"),
        (clause("do_not_contact", "is", False), "Do not contact is no"),
        (
            {"all": [clause("city", "is_known"), {"any": [clause("amount", "gt", 1.5)] * 2}]},
            "City is known and (Amount is more than 1.5 or Amount is more than 1.5)",
        ),
        ({"not": clause("tags", "contains", "vip")}, "not (Tags include ‘vip’)"),
    ],
)
def test_a_filter_reads_as_a_sentence(stored, sentence):
    """Any filter can be said in plain English."""
    assert say(parse(stored, FIELDS), FIELDS) == sentence


def test_every_operator_has_words():
    """Each operator of each type of field has words for the menu."""
    said = [words(kind, op) for kind, ops in OPERATORS.items() for op in ops]
    assert all(said)
