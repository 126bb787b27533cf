"""A made-up office full of awkward values, as rows and as what a filter must see in them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Integer, String, insert

from rally_desktop.model import tables
from rally_desktop.model.fields import CustomField, fields_of
from rally_desktop.model.ref import RECORD_KINDS
from rally_desktop.model.tables.base import Instant

NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # the night the clocks change in Europe
ZONES = [
    ZoneInfo(name)
    for name in ("UTC", "Europe/Paris", "America/New_York", "Pacific/Apia", "Asia/Kathmandu")
]
TEXTS = [
    *("", " ", "Lead", "lead ", "\u00a0LEAD", "Straße", "STRASSE", "İstanbul", "istanbul"),
    *("Σίσυφος", "σίσυφοσ", "50%", "50_", "5/0", "500", "a\\b", "'x'", '"x"', "日本", "😀"),
    *("ǅ", "\u1c89x", "\u1c8aX", "\ua7dc", "ﬁn", "Ana", "ana maria", "\u2003Ana\u3000", "\x1fAna"),
]
NUMBERS = [0, 1, 2, 0.1, 0.3, 50, 100, -3, 10_000, 10_000.5, 1e9]
DAYS = [date(2026, 3, 28) + timedelta(days=n) for n in (-400, -8, -7, -1, 0, 1, 2, 7, 8)]
CUSTOM = (
    CustomField("size", "Size", "number"),
    CustomField("since", "Since", "date"),
    CustomField("vip", "VIP", "yes_no"),
    CustomField("motto", "Motto", "text"),
    CustomField("colour", "Colour", "choice", ("Red", "Blue")),
)
FIELDS = {kind: fields_of(kind, CUSTOM) for kind in RECORD_KINDS}
NAMES = ("VIP", "vip2", "Straße", "Kunde ")


def moments() -> list[datetime]:
    """Return moments on both sides of every edge a filter may draw."""
    edges = [NOW + timedelta(days=n) for n in (-8, -7, -1, 0, 1, 7)]
    for zone in ZONES:
        edges += [datetime.combine(day, time(), zone).astimezone(UTC) for day in DAYS]
    return [edge + timedelta(microseconds=n) for edge in edges for n in (-1, 0, 1)]


MOMENTS = moments()


class Sample:
    """Rows for every table involved, and the plain values of each record."""

    def __init__(self, seed: int, size: int = 150) -> None:
        self._dice = random.Random(seed)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.values: dict[str, dict[int, dict[str, Any]]] = {}
        self._named("user_account", role="staff")
        self._named("tag")
        for row in self.rows["tag"]:
            row["name_key"] = row["name"]
        self._named("workflow", state="published", created_at=NOW, updated_at=NOW)
        for row in self.rows["workflow"]:
            row |= {"purpose": self._dice.choice(["workflow", "sequence"]), "record_kind": "deal"}
        for kind in ("company", "contact", "deal"):
            self.rows[kind] = [self._record(kind, number) for number in range(1, size + 1)]
        self.rows["record_tag"] = self._tags(size)
        self.rows["run"] = self._runs(size)
        for kind in RECORD_KINDS:
            self.values[kind] = {
                row["id"]: self._seen(kind, row)
                for row in self.rows[kind]
                if row["deleted_at"] is None
            }

    def fill(self, engine: Engine) -> None:
        """Write every row into an empty office."""
        with engine.connect().execution_options(rally_write=True) as connection:
            for name, rows in self.rows.items():
                connection.execute(insert(tables.metadata.tables[name]), rows)
            connection.commit()

    def _named(self, table: str, **more: Any) -> None:
        self.rows[table] = [
            {"id": number, "name": name, **more} for number, name in enumerate(NAMES, start=1)
        ]

    def _record(self, kind: str, number: int) -> dict[str, Any]:
        made: dict[str, Any] = {"id": number}
        for column in tables.metadata.tables[kind].c:
            if column.name not in ("id", "email_key", "sort_name", "search_text"):
                made[column.name] = self._value(column)
        made["deleted_at"] = NOW if self._dice.random() < 0.1 else None
        return made

    def _value(self, column: Any) -> Any:
        dice, sparse = self._dice, column.nullable and self._dice.random() < 0.3
        if column.name == "custom":
            return None if sparse else self._custom()
        if sparse:
            return None
        if column.name.endswith("_id"):
            return dice.randint(1, 4)
        if column.name == "expected_close":
            return datetime.combine(dice.choice(DAYS), time(), UTC)
        if isinstance(column.type, Instant):
            return dice.choice(MOMENTS)
        if isinstance(column.type, String):
            return dice.choice(TEXTS)
        if isinstance(column.type, Integer):
            return dice.choice([0, 1, 50, 100])
        return dice.choice(NUMBERS) if column.name == "amount" else dice.random() < 0.5

    def _custom(self) -> dict[str, Any]:
        wrong = [None, [], {"a": 1}]
        made = {
            "size": self._dice.choice([*NUMBERS, "7", True, *wrong]),
            "since": self._dice.choice([*(day.isoformat() for day in DAYS), 5, *wrong]),
            "vip": self._dice.choice([True, False, 1, "true", *wrong]),
            "motto": self._dice.choice([*TEXTS, 5, *wrong]),
            "colour": self._dice.choice(["Red", "red ", "", *wrong]),
        }
        return {name: value for name, value in made.items() if self._dice.random() < 0.8}

    def _tags(self, size: int) -> list[dict[str, Any]]:
        return [
            {"record_kind": kind, "record_id": number, "tag_id": tag}
            for kind in RECORD_KINDS
            for number in range(1, size + 1)
            for tag in range(1, 4)
            if self._dice.random() < 0.3
        ]

    def _runs(self, size: int) -> list[dict[str, Any]]:
        made = [
            {"record_kind": kind, "record_id": number, "workflow_id": self._dice.randint(1, 4)}
            for kind in RECORD_KINDS
            for number in range(1, size + 1)
            if self._dice.random() < 0.5
        ]
        for number, row in enumerate(made, start=1):
            state = self._dice.choice(["active", "held", "done", "stopped"])
            row |= {"id": number, "version_id": 1, "cause": "", "started_at": NOW, "state": state}
        return made

    # -- what a filter must see ----------------------------------------------------------

    def _seen(self, kind: str, row: dict[str, Any]) -> dict[str, Any]:
        seen = {name: value for name, value in row.items() if not name.endswith("_id")}
        custom = seen.pop("custom") or {}
        seen |= {f"custom.{each.name}": _custom_value(each, custom) for each in CUSTOM}
        for name in ("contact", "company"):
            if f"{name}_id" in row:
                seen |= self._linked(name, row[f"{name}_id"])
        owner = self._row("user_account", row["owner_id"]) or {}
        seen |= {"owner": owner.get("name"), "owner.name": owner.get("name")}
        seen["owner.email"] = "" if owner else None
        if kind != "deal":
            mine = [
                each["amount"] or 0
                for each in self.rows["deal"]
                if each[f"{kind}_id"] == row["id"] and each["deleted_at"] is None
            ]
            seen |= {"deals.count": len(mine), "deals.sum_amount": sum(mine)}
        return seen | self._memberships(kind, row["id"])

    def _linked(self, name: str, number: int | None) -> dict[str, Any]:
        other = self._row(name, number)
        if other is None or other["deleted_at"] is not None:
            other = {}
        seen = {f"{name}.{column.name}": other.get(column.name) for column in _plain(name)}
        if name == "company":
            return {**seen, name: other.get("name")}
        full = f"{other['first_name']} {other['last_name']}".strip(" ") if other else None
        return {**seen, name: full}

    def _row(self, table: str, number: int | None) -> dict[str, Any] | None:
        return next((row for row in self.rows[table] if row["id"] == number), None)

    def _memberships(self, kind: str, number: int) -> dict[str, Any]:
        tags = {
            NAMES[row["tag_id"] - 1]
            for row in self.rows["record_tag"]
            if (row["record_kind"], row["record_id"]) == (kind, number)
        }
        inside = [
            self.rows["workflow"][row["workflow_id"] - 1]
            for row in self.rows["run"]
            if (row["record_kind"], row["record_id"]) == (kind, number)
            and row["state"] in ("active", "held")
        ]
        return {
            "tags": frozenset(tags),
            "in_workflow": frozenset(each["name"] for each in inside),
            "in_sequence": frozenset(
                each["name"] for each in inside if each["purpose"] == "sequence"
            ),
        }


def _plain(name: str) -> list[Any]:
    columns = tables.metadata.tables[name].c
    return [c for c in columns if "field" in c.info and not c.name.endswith("_id")]


def _custom_value(field: CustomField, custom: dict[str, Any]) -> Any:
    value = custom.get(field.name)
    right = {"number": (int, float), "yes_no": bool}.get(field.kind, str)
    if not isinstance(value, right) or (field.kind == "number" and isinstance(value, bool)):
        return None
    if field.kind == "date" and isinstance(value, str):
        return datetime.combine(date.fromisoformat(value), time(), UTC)
    return value
