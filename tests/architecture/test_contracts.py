"""Who may import whom: the contracts of pyproject.toml hold, and each of them bites."""

from __future__ import annotations

import copy

import grimp
import pytest
from importlinter.application.use_cases import (
    _build_report,
    _register_contract_types,
    read_user_options,
)
from importlinter.configuration import configure

from tests.architecture.rules import ROOT

pytestmark = pytest.mark.slow

# For each contract, imports that must not be: whoever adds a contract adds one here.
FORBIDDEN = {
    "Arrows point down": [
        ("rally_desktop.core.clock", "rally_desktop.model.ref"),
        ("rally_desktop.services.contacts", "rally_desktop.engine.nodes"),
        ("rally_desktop.model.ref", "rally_desktop.outside.mail"),
        ("rally_desktop.ui.theme", "rally_desktop.cli.main"),
        ("rally_desktop.engine.nodes", "rally_desktop.canvas"),
    ],
    "Only what is on screen knows Qt": [
        ("rally_desktop.engine.nodes.base", "PySide6"),
        ("rally_desktop.services.contacts", "qasync"),
    ],
    "Only the outside package talks to the outside": [
        ("rally_desktop.services.contacts", "smtplib"),
        ("rally_desktop.engine.nodes.actions.send_email", "aiosmtplib"),
    ],
    "Doors speak no SQL and hold no rows": [
        ("rally_desktop.cli.data", "sqlalchemy"),
        ("rally_desktop.ui.theme", "rally_desktop.model.tables"),
    ],
    "The engine is seen through its catalogue only": [
        ("rally_desktop.ui.window", "rally_desktop.engine.heart"),
        ("rally_desktop.canvas.layout", "rally_desktop.engine.walk"),
    ],
    "The drawing knows neither engine nor database": [
        ("rally_desktop.canvas.scene", "rally_desktop.engine.nodes"),
        ("rally_desktop.canvas.look", "rally_desktop.services.lists"),
    ],
    "Kinds do not know each other": [
        (
            "rally_desktop.engine.nodes.actions.add_tag",
            "rally_desktop.engine.nodes.actions.create_task",
        ),
        ("rally_desktop.engine.nodes.flow.wait", "rally_desktop.engine.nodes.actions.add_tag"),
    ],
    "No circles": [("rally_desktop.core.errors", "rally_desktop.core.schema")],
}


@pytest.fixture(scope="module")
def options():
    """The contracts as pyproject.toml has them."""
    configure()
    found = read_user_options(config_filename=str(ROOT / "pyproject.toml"))
    _register_contract_types(found)
    return found


@pytest.fixture(scope="module")
def contracts(options):
    """Check a graph of imports and return the contracts it breaks."""

    def broken(graph):
        report = _build_report(
            graph=graph,
            graph_building_duration=0,
            user_options=options,
            limit_to_contracts=(),
            show_timings=False,
            verbose=False,
        )
        found = report.get_contracts_and_checks()
        return {contract.name for contract, check in found if not check.kept}

    return broken


@pytest.fixture(scope="module")
def imports():
    """Who imports whom in the program as it is."""
    return grimp.build_graph("rally_desktop", include_external_packages=True, cache_dir=None)


def test_every_contract_holds(contracts, imports):
    """The program keeps every contract."""
    assert contracts(imports) == set()


def test_every_contract_is_tried(options):
    """Each contract has an import above that must break it."""
    assert {found["name"] for found in options.contracts_options} == set(FORBIDDEN)


@pytest.mark.parametrize(
    ("contract", "importer", "imported"),
    [(name, *pair) for name, pairs in FORBIDDEN.items() for pair in pairs],
)
def test_every_contract_bites(contracts, imports, contract, importer, imported):
    """A forbidden import breaks the contract that forbids it."""
    patched = copy.deepcopy(imports)
    assert importer in patched.modules
    if imported not in patched.modules:
        patched.add_module(imported, is_squashed="." not in imported)
    patched.add_import(importer=importer, imported=imported)
    assert contract in contracts(patched)


def test_a_new_folder_needs_a_place(imports, contracts):
    """A package that no layer names is refused, so that the layers stay complete."""
    patched = copy.deepcopy(imports)
    patched.add_module("rally_desktop.plumbing")
    assert "Arrows point down" in contracts(patched)
