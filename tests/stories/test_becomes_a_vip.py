"""«Record starts to match»: who becomes a good customer is noticed once."""

from rally_desktop.engine.publishing import publish, unpublish
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, deals

RICH = {"field": "deals.sum_amount", "op": "ge", "value": 10_000}


def test_whoever_becomes_a_good_customer_is_noticed_once(world):
    """Ana was one before, Ben becomes one by his second deal; only Ben is told of, and once."""
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.deal("Villa", contact_id=ana.id, amount=50_000)
    world.deal("Shed", contact_id=ben.id, amount=4_000)
    world.tick()
    number = world.publish(
        Step("tag", "add_tag", {"tag": "VIP"}),
        trigger="starts_to_match",
        trigger_settings={"filter": RICH},
        settings=Rules(again="every_event"),
    )
    world.turn(days=1)
    assert world.run_states() == []

    barn = world.deal("Barn", contact_id=ben.id, amount=6_000)
    world.turn(days=1)
    world.do(contacts.update, ben, {"city": "Porto"})
    world.do(deals.update, barn, {"amount": 7_000})
    world.turn(days=1)
    world.do(unpublish, number)
    world.tick()
    world.do(publish, number)
    world.turn(days=1)

    assert world.record(ben)["tags"] == {"VIP"}
    assert world.record(ana)["tags"] == set()
    assert world.run_states() == ["done"]
