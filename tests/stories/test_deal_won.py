"""The recipe «Deal won», as a customer would tell it."""

from rally_desktop.engine.recipes.deal_won import DealWon
from rally_desktop.services import deals


def test_a_won_deal_makes_a_customer(world):
    """A deal moves to Closed Won: its owner hears of it, and its contact becomes a customer."""
    world.switch_on(DealWon)
    ana = world.contact("Ana")
    roof = world.deal("New roof", contact_id=ana.id, owner_id=world.user("Maria"))
    world.tick()

    world.do(deals.move, roof, "Closed Won")
    world.tick()

    assert world.record(roof)["tags"] == {"Won"}
    assert world.record(ana)["lifecycle_stage"] == "Customer"
    assert world.rows("select text from notification") == [("New roof is won.",)]
    assert world.happened(roof)[-2:] == ["notified", "tag_added"]


def test_other_stages_do_nothing(world):
    """A deal that moves to Proposal starts nothing."""
    world.switch_on(DealWon)
    roof = world.deal()

    world.do(deals.move, roof, "Proposal")
    world.tick()

    assert world.run_states() == []


def test_a_deal_without_an_owner_asks_for_help(world):
    """Nobody can be told, so the run waits for a person instead of ending quietly."""
    world.switch_on(DealWon)
    roof = world.deal()

    world.do(deals.move, roof, "Closed Won")
    world.tick()

    assert world.run_states() == ["needs_attention"]
    assert world.visits() == [("tell", "failed", "no_owner")]
