"""What an import would set going is said before it is imported."""

from __future__ import annotations

from rally_desktop.engine import forecast
from rally_desktop.engine.forecast import Entry
from rally_desktop.model.graph import Step
from rally_desktop.outside.files.csv import read_csv
from rally_desktop.services import contacts, templates
from rally_desktop.services.imports import Options

LIST = "First name,E-mail,Lead source,Tags\n"
END = Step("end", "end")


def foretold(world, tmp_path, *rows, **options):
    """Return the entries that a list of these rows would make."""
    path = tmp_path / "people.csv"
    path.write_text(LIST + "\n".join(rows) + "\n", encoding="utf-8")
    return forecast.of_import(world.store, read_csv(path), None, Options(**options))[1]


def test_a_forecast_counts_people_and_messages(world, tmp_path):
    """Two of three match the audience; the longer of two ways sends two messages to each."""
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    letter = {"template": "Welcome"}
    paths = [{"name": "Any", "exit": "any", "filter": {"field": "email", "op": "is_known"}}]
    number = world.publish(
        Step("which", "branch", {"paths": paths}, {"any": "one", "else": "two"}),
        Step("one", "send_email", letter, {"next": "two"}),
        Step("two", "send_email", letter),
        audience={"field": "lead_source", "op": "is", "value": "Inbound"},
    )
    rows = ["Ana,ana@example.org,Inbound,", "Ben,ben@example.org,Event,", "Cleo,,inbound,"]
    assert foretold(world, tmp_path, *rows) == [Entry(number, "Test", 2, 4)]
    assert foretold(world, tmp_path, *rows, triggers=10) == [Entry(number, "Test", 2, 4)]
    assert foretold(world, tmp_path, *rows, triggers="no") == []
    assert world.rows("select * from contact") == []


def test_a_forecast_knows_who_would_start_to_match(world, tmp_path):
    """A filter is asked of each row; whoever matches it already is not counted."""
    vip = {"filter": {"field": "tags", "op": "contains", "value": "VIP"}}
    world.contact("Ana", email="ana@example.org", tags=("VIP",))
    number = world.publish(END, trigger="starts_to_match", trigger_settings=vip)
    world.tick()
    rows = ["Ana,ana@example.org,Inbound,VIP", "Ben,ben@example.org,,VIP", "Cleo,,,"]
    assert foretold(world, tmp_path, *rows) == [Entry(number, "Test", 1, 0)]


def test_a_forecast_asks_related_fields_too(world, tmp_path):
    """A condition on a company or on deals that a new contact has none of is simply not met."""
    world.publish(END, audience={"field": "deals.count", "op": "ge", "value": 1})
    assert foretold(world, tmp_path, "Ana,ana@example.org,,") == []


def test_a_forecast_reads_as_a_sentence():
    """One and many are said as people say them."""
    assert Entry(1, "Welcome", 1, 1).says == (
        "Up to 1 record would enter ‘Welcome’, which may send up to 1 message."
    )
    assert "1,200 records" in Entry(1, "Welcome", 1200, 0).says


def test_the_parts_of_text_messages_are_told_where_there_are_any(world):
    """Each is paid for: a long SMS to two people is four of them, an e-mail none."""
    world.do(templates.save, "Long", subject="", text="a" * 200, channel="sms")
    world.publish(Step("sms", "send_sms", {"template": "Long"}))

    def of_two(work):
        for name in ("Ana", "Bo"):
            contacts.create(work, {"first_name": name})
        return forecast.of(work)

    (found,) = world.do(of_two)
    assert (found.messages, found.parts) == (2, 4)
    assert found.says.endswith("SMS among them are sent in about 4 parts, each paid for.")
