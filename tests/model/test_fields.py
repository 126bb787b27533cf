"""The list of fields that grids, filters and menus are read off."""

from __future__ import annotations

import pytest

from rally_desktop.core.filter import OPERATORS, parse
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.fields import CustomField, custom_fields, fields_of
from rally_desktop.model.ref import RECORD_KINDS
from rally_desktop.model.tables import metadata


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_every_shown_column_is_a_field(kind):
    """Each column that a person may see is in the list, links under the name of what they mean."""
    shown = {c.name for c in metadata.tables[kind].c if "field" in c.info}
    stored = {field.stored for field in fields_of(kind).values()} - {None}
    assert stored == shown


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_every_field_is_fit_for_a_menu(kind):
    """Each field has a label of its own and a type that has operators."""
    fields = fields_of(kind)
    assert all(field.type in OPERATORS for field in fields.values())
    labels = [field.label for field in fields.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("kind", "name", "label", "type_"),
    [
        ("contact", "owner", "Owner", "user"),
        ("contact", "company", "Company", "record"),
        ("contact", "company.name", "Company name", "text"),
        ("contact", "lifecycle_stage", "Lifecycle stage", "choice"),
        ("contact", "deals.count", "Number of deals", "number"),
        ("contact", "tags", "Tags", "tags"),
        ("company", "deals.sum_amount", "Total of deals", "number"),
        ("deal", "contact.email", "Contact e-mail", "text"),
        ("deal", "contact.linkedin", "Contact LinkedIn", "text"),
        ("deal", "owner.email", "Owner e-mail", "text"),
        ("deal", "expected_close", "Expected close", "date"),
        ("deal", "stage_moved_at", "Stage since", "moment"),
    ],
)
def test_related_fields_go_by_path(kind, name, label, type_):
    """Own, related and counted fields are there by their path, with a label and a type."""
    field = fields_of(kind)[name]
    assert (field.name, field.label, field.type) == (name, label, type_)


def test_a_field_may_be_named_with_its_kind():
    """A deal's own amount may be called deal.amount; it is the same field."""
    tree = parse({"field": "deal.amount", "op": "gt", "value": 1}, fields_of("deal"))
    assert tree == parse({"field": "amount", "op": "gt", "value": 1}, fields_of("deal"))


def test_groups_hold_every_field_once():
    """The menu's groups are the list itself, the record's own fields first."""
    fields = fields_of("deal")
    groups = fields.groups()
    assert sorted(each.name for group in groups.values() for each in group) == sorted(fields)
    assert next(iter(groups)) == "Deal"


def test_the_offices_own_fields_come_from_its_list(store):
    """A field that the office made is in the list by its own name, with its choices."""
    row = {"record_kind": "deal", "label": "Colour", "position": 1, "archived": False}

    def make(work):
        made = {"name": "colour", "kind": "choice", "options": ["Red"], **row}
        work.change(RowAdded("custom_field", {"id": work.new_id("custom_field"), **made}))

    store.write(make)
    found = store.read(lambda work: custom_fields(work.connection, "deal"))
    assert found == (CustomField("colour", "Colour", "choice", ("Red",)),)
    assert fields_of("deal", found)["custom.colour"].options == ("Red",)


def test_a_name_that_could_break_a_query_is_refused():
    """The name of an own field is letters, digits and underscores."""
    with pytest.raises(ValueError, match="cannot be the name"):
        CustomField('a"b', "A", "text")
