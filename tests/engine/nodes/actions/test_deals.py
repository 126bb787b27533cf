"""The steps about deals: opening one, and moving those there are."""

from __future__ import annotations

import pytest

from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, deals, entry, messages


def publish(world, kind, record="contact", **settings):
    """Publish a workflow of one step for records whose name or city changes."""
    world.publish(Step("it", kind, settings), trigger="record_updated", record=record)


def poke(world, ref):
    """Change a contact, so that the workflow starts."""
    world.do(contacts.update, ref, {"city": "Porto"})
    world.tick()


def test_a_deal_is_opened_with_the_contact_and_the_company(world):
    """It is linked to both, belongs to the contact's owner, and stands where it should."""
    maria, hill = world.user("Maria"), world.company("Hill")
    publish(
        world,
        "create_deal",
        deal="Quote for {{ contact.last_name }}",
        stage="Proposal",
        amount=900,
    )
    ana = world.contact(last_name="Silva", company_id=hill.id, owner_id=maria)
    poke(world, ana)
    query = "select name, pipeline, stage, amount, contact_id, company_id, owner_id from deal"
    assert world.rows(query) == [
        ("Quote for Silva", "Sales", "Proposal", 900, ana.id, hill.id, maria)
    ]


def test_no_second_deal_while_one_is_open(world):
    """An open deal is enough; a lost one is not, and without the tick there may be many."""
    publish(world, "create_deal", deal="Quote")
    ana = world.contact()
    roof = world.deal(contact_id=ana.id)
    poke(world, ana)
    assert world.visits() == [("it", "skipped", "deal_open")]
    world.do(deals.move, roof, "Closed Lost")
    ben = world.contact("Ben")
    world.do(deals.update, roof, {"contact_id": ben.id})
    poke(world, ben)
    assert len(world.rows("select id from deal")) == 2


def test_a_stage_of_another_pipeline_is_a_failure(world):
    """No deal is opened, and none moved, where the pipeline has no such stage."""
    world.do(deals.add_pipeline, "Partners", [("Met", 10, "open")])
    publish(world, "create_deal", deal="Quote", pipeline="Partners", stage="Proposal")
    publish(world, "move_deal_stage", stage="Met")
    ana = world.contact()
    roof = world.deal(contact_id=ana.id)
    poke(world, ana)
    assert world.visits() == [("it", "failed", "no_stage")] * 2
    assert (len(world.rows("select id from deal")), world.record(roof)["stage"]) == (1, "New")


@pytest.mark.parametrize("record", ["contact", "company"])
def test_the_open_deals_of_a_contact_or_company_move(world, record):
    """Those that are won or lost stay, and so do those of others and in other pipelines."""
    world.do(deals.add_pipeline, "Partners", [("New", 10, "open"), ("Proposal", 50, "open")])
    ref = world.contact() if record == "contact" else world.company()
    own = {f"{record}_id": ref.id}
    mine, won, lost = (world.deal(**own) for _ in range(3))
    world.do(deals.move, won, "Closed Won")
    world.do(deals.move, lost, "Closed Lost")
    partner, other = world.deal(pipeline="Partners", **own), world.deal()
    world.tick()
    world.publish(
        Step("it", "move_deal_stage", {"stage": "Proposal", "pipeline": "Sales"}),
        trigger="record_updated", record=record,
    )  # fmt: skip
    world.do(entry.update, ref, {"city": "Porto"})
    world.tick()
    stages = [world.record(one)["stage"] for one in (mine, won, lost, partner, other)]
    assert stages == ["Proposal", "Closed Won", "Closed Lost", "New", "New"]


def test_a_deal_that_the_same_run_opened_moves_too(world):
    """Open a deal, then move the open deals: the new one is among them."""
    world.publish(
        Step("open", "create_deal", {"deal": "Quote"}),
        Step("move", "move_deal_stage", {"stage": "Negotiation"}),
    )
    world.contact()
    world.tick()
    assert world.rows("select stage from deal") == [("Negotiation",)]
    assert world.visits() == [("open", "done", ""), ("move", "done", "")]


def test_nobody_has_deals_to_move(world):
    """A contact without deals is skipped, with the reason."""
    publish(world, "move_deal_stage", stage="Proposal")
    poke(world, world.contact())
    assert world.visits() == [("it", "skipped", "no_deal")]


def test_a_reply_opens_one_deal(world):
    """Story: Ana replies twice; at the first reply there is a deal, at the second still one."""
    world.publish(
        Step("open", "create_deal", {"deal": "{{ contact.first_name }} is interested"}),
        trigger="email_replied", settings=Rules(again="every_event"),
    )  # fmt: skip
    ana = world.contact()
    for subject in ("Re: Quote", "Re: Re: Quote"):
        world.do(messages.receive, ana, sender="ana@example.org", subject=subject, text="Yes!")
        world.tick()
        world.turn(hours=1)
    assert world.rows("select name, contact_id from deal") == [("Ana is interested", ana.id)]
    assert world.visits() == [("open", "done", ""), ("open", "skipped", "deal_open")]
