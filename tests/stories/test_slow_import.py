"""A long list is brought in at once, and welcomed a few people an hour."""

from rally_desktop.engine import forecast
from rally_desktop.model.graph import Step
from rally_desktop.outside.files.csv import read_csv
from rally_desktop.services import imports


def test_a_list_is_welcomed_a_few_an_hour(world, tmp_path):
    """Ten rows, four an hour: all contacts are there at once, the workflow takes its time."""
    path = tmp_path / "fair.csv"
    people = [f"Guest {number},guest{number}@example.org" for number in range(10)]
    path.write_text("\n".join(["First name,E-mail", *people]), encoding="utf-8")
    world.publish(Step("tag", "add_tag", {"tag": "Fair"}))
    options = imports.Options(triggers=4)
    _, entries = forecast.of_import(world.store, read_csv(path), None, options)
    assert [one.says for one in entries] == [
        "Up to 10 records would enter ‘Test’, which may send up to 0 messages."
    ]

    imports.import_file(world.store, path, options=options)
    welcomed = []
    for _ in range(4):
        world.turn(minutes=59)
        welcomed.append(len(world.run_states()))
        world.turn(minutes=1)

    assert world.rows("select count(*) from contact") == [(10,)]
    assert welcomed == [4, 8, 10, 10]
    assert world.rows("select count(*) from event_later") == [(0,)]
